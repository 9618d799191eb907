import type { DuplicateResult, FieldValue, MatchResult, QueryRow } from '../contract.ts';
import { filterValues, isFilterOperation, passes } from '../engine/filterItems.ts';
import { filterLogic } from '../engine/filterLogic.ts';
import { DuplicatesProblem, notEmulatedRow, type RowProblem } from '../engine/problems.ts';
import { retrieveRow } from '../engine/retrieve.ts';
import type { Saving } from '../engine/saving.ts';
import { sharedRows } from '../engine/sharing.ts';
import type { DuplicateAction, DuplicateRuleDefinition } from '../schema/duplicateDefinitions.ts';
import { findMatches } from './findMatches.ts';

type Row = Readonly<Record<string, FieldValue>>;
type Match = DuplicateRuleDefinition['matches'][number];

/** A row about to be saved; `id` is '' for a new one. */
export type Candidate = {
  readonly saving: Saving;
  readonly row: Row;
  readonly id: string;
  readonly changed: (field: string) => boolean;
};

/** What one rule found, by matching rule. */
export type Finding = {
  readonly rule: DuplicateRuleDefinition;
  readonly found: readonly { readonly match: Match; readonly ids: readonly string[] }[];
};

/** What the platform proposes where a rule has no alert text of its own; recorded in Portuguese. */
const defaultAlert = 'Use one of these records?';

const actionOf = (rule: DuplicateRuleDefinition, { id }: Candidate): DuplicateAction =>
  id === '' ? rule.onInsert : rule.onUpdate;

const isFor = ({ saving, row }: Candidate, { filter }: DuplicateRuleDefinition): boolean => {
  if (filter === undefined) return true;
  const { context, session, plan } = saving;
  const user = filter.items.some((item) => item.table === 'User')
    ? context.store.readRow('User', session.userId)
    : undefined;
  const logic = filterLogic(filter.logic, filter.items.length);
  if (logic === undefined) throw notEmulatedRow(`duplicate rule filter ${filter.logic ?? ''}`);
  return logic((index) => {
    const item = filter.items[index];
    const table = item?.table === 'User' ? 'User' : plan.object.name;
    const field = item === undefined ? undefined : context.registry.field(table, item.field);
    if (item === undefined || field === undefined || !isFilterOperation(item.operation)) {
      throw notEmulatedRow(`duplicate rule filter on ${table}.${item?.field ?? ''}`);
    }
    const value = (table === 'User' ? user : row)?.[field.name] ?? null;
    return passes(item.operation, value, filterValues(field, item.value));
  });
};

const matchingRule = (candidate: Candidate, match: Match) => {
  const target = candidate.saving.context.registry.object(match.object);
  const rule = target?.matchingRules?.find((one) => one.developerName === match.rule);
  return target === undefined || rule?.active !== true ? undefined : { target, rule };
};

/** An edit that leaves every compared field alone runs no rule. */
const isTouched = (candidate: Candidate, match: Match): boolean => {
  if (candidate.id === '') return true;
  const items = matchingRule(candidate, match)?.rule.items ?? [];
  return items.some((item) => candidate.changed(match.mapping[item.field] ?? item.field));
};

const idsOf = (
  candidate: Candidate,
  rule: DuplicateRuleDefinition,
  match: Match,
  except: (id: string) => boolean,
): readonly string[] => {
  const found = matchingRule(candidate, match);
  if (found === undefined || !isTouched(candidate, match)) return [];
  const { context, session, options } = candidate.saving;
  const asUser = rule.enforcesSharing || options.duplicatesAsUser === true;
  const visible = asUser ? sharedRows({ context, session, right: 'read' }, found.target, 't') : undefined;
  return findMatches({ context, ...found, mapping: match.mapping, visible }, candidate.row, except);
};

const findingOf = (
  candidate: Candidate,
  rule: DuplicateRuleDefinition,
  except: (id: string) => boolean,
): Finding | undefined => {
  const found = rule.matches
    .map((match) => ({ match, ids: idsOf(candidate, rule, match, except) }))
    .filter(({ ids }) => ids.length > 0);
  return found.length === 0 ? undefined : { rule, found };
};

const recordOf = (saving: Saving, object: string, id: string): QueryRow => {
  const { context, session, options } = saving;
  const attributes = { type: object, url: `/services/data/v${session.apiVersion.toFixed(1)}/sobjects/${object}/${id}` };
  if (options.includeRecordDetails !== true) return { attributes, Id: id };
  return retrieveRow(context, session, { object, id, fields: undefined }, () => false);
};

const matchResult = (saving: Saving, { match, ids }: Finding['found'][number]): MatchResult => ({
  entityType: match.object,
  errors: [],
  matchEngine: 'ExactMatchEngine',
  matchRecords: ids.map((id) => ({
    additionalInformation: [],
    fieldDiffs: [],
    matchConfidence: 100,
    record: recordOf(saving, match.object, id),
  })),
  rule: match.rule,
  size: ids.length,
  success: true,
});

const refusal = (candidate: Candidate, finding: Finding, block: boolean): RowProblem => {
  const { rule, found } = finding;
  const message = rule.alertText ?? defaultAlert;
  const duplicateResult: DuplicateResult = {
    allowSave: !block,
    duplicateRule: rule.developerName,
    duplicateRuleEntityType: candidate.saving.plan.object.name,
    errorMessage: message,
    matchResults: found.map((one) => matchResult(candidate.saving, one)),
  };
  return new DuplicatesProblem(message, duplicateResult);
};

const rulesOf = (candidate: Candidate): readonly DuplicateRuleDefinition[] =>
  [...(candidate.saving.plan.object.duplicateRules ?? [])]
    .filter((rule) => rule.active && isFor(candidate, rule))
    .sort((a, b) => a.sortOrder - b.sortOrder);

/**
 * Runs the object's active duplicate rules on a row about to be saved. Rows of the same request are not compared with
 * each other here, only by rules that report.
 * Source: https://help.salesforce.com/s/articleView?id=sales.duplicate_rules_considerations.htm
 * @returns the rules that want what they found kept in a duplicate record set.
 * @throws RowProblem DUPLICATES_DETECTED when a rule blocks, or alerts and the request does not say allowSave.
 */
export const runDuplicateRules = (candidate: Candidate): readonly DuplicateRuleDefinition[] => {
  const { saving, id } = candidate;
  const reporting: DuplicateRuleDefinition[] = [];
  for (const rule of rulesOf(candidate)) {
    const action = actionOf(rule, candidate);
    if (action.report) reporting.push(rule);
    if (!action.block && (!action.alert || saving.options.allowDuplicates === true)) continue;
    const finding = findingOf(candidate, rule, (other) => other === id || saving.saved.has(other));
    if (finding !== undefined) throw refusal(candidate, finding, action.block);
  }
  return reporting;
};

/** What the reporting rules find for a row that was saved, rows of the same request among it. */
export const findingsOf = (candidate: Candidate, rules: readonly DuplicateRuleDefinition[]): readonly Finding[] =>
  rules
    .map((rule) => findingOf(candidate, rule, (other) => other === candidate.id))
    .filter((finding) => finding !== undefined);
