import type { PlanNode } from './approvalsQuery';

/** What the reader is shown of a plan and binds by deciding; the tool computes the same from the plan itself. */
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

/** One line a field, `name=value`, nothing for an empty one. */
export const shownText = (plan: PlanNode): string =>
  SHOWN_FIELDS.map((name) => `${name}=${String(plan[name].value ?? '')}`).join('\n');

/** SHA-256 of what was shown, in hexadecimal: a plan whose numbers were changed in between has another one. */
export const shownSummary = async (plan: PlanNode): Promise<string> => {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(shownText(plan)));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};
