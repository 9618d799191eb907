import { canonicalJson } from '../../kernel/canonicalJson.ts';
import { sha256Hex } from '../../kernel/hash.ts';
import type { PlanHeader } from '../../model/plan.ts';
import { planRow } from './publishPlan.ts';

/**
 * Fields of GardePlan__c that the approvals component shows and an approval binds: force-app's gardeApprovals has the
 * same list, and a test compares them.
 */
export const SHOWN_FIELDS = [
  'PlanDigest__c',
  'Kind__c',
  'RuleKeys__c',
  'PeopleCount__c',
  'HeldCount__c',
  'StepCount__c',
  'RecordCount__c',
  'IrreversibleCount__c',
  'Completeness__c',
  'HiddenCount__c',
] as const;

const plainText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** One line a field, `name=value`, nothing for an empty one: what the component hashes in the browser. */
export const shownText = (values: Readonly<Record<string, unknown>>): string =>
  SHOWN_FIELDS.map((name) => `${name}=${plainText(values[name])}`).join('\n');

/**
 * SHA-256 digests of what an approver may have read: the plan's terms (command line) or its numbers as the plan's record
 * must show them (component). A record whose numbers somebody changed gives another one.
 */
export const acceptedSummaries = (header: PlanHeader): ReadonlySet<string> =>
  new Set([termsSummary(header), sha256Hex(shownText(planRow(header, 0)))]);

export const termsSummary = ({ terms }: PlanHeader): string => sha256Hex(canonicalJson(terms));
