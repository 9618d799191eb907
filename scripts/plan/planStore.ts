import { planDecision, planStep, type PlanDecision, type PlanStep } from '../model/plan.ts';
import type { EncryptedStore, StoreValue } from '../vault/port.ts';
import { canonicalStep } from './planDigest.ts';

/** The sealed part of a plan: steps in order and the decision on everybody considered. */
const STEP_COLUMNS = ['ordinal', 'key', 'subject', 'wave', 'operation', 'object', 'rule', 'json'] as const;
const DECISION_COLUMNS = ['subject', 'object', 'rule', 'verdict', 'code', 'json'] as const;

export const createPlanTables = (store: EncryptedStore): void => {
  store.run(
    `CREATE TABLE step (ordinal integer PRIMARY KEY, key text, subject text, wave integer, operation text, object text,
     rule text, json text)`,
  );
  store.run('CREATE TABLE decision (subject text, object text, rule text, verdict text, code text, json text)');
};

export type PlannedPerson = { readonly decision: PlanDecision; readonly steps: readonly PlanStep[] };

/** Writes people in groups, so that memory stays flat; `seen` is told each step's canonical text in order. */
export const writePeople = (
  store: EncryptedStore,
  people: Iterable<PlannedPerson>,
  seen: (canonical: string, step: PlanStep) => void,
): void => {
  let ordinal = 0;
  let steps: StoreValue[][] = [];
  let decisions: StoreValue[][] = [];
  const write = (): void => {
    store.insert('step', STEP_COLUMNS, steps);
    store.insert('decision', DECISION_COLUMNS, decisions);
    [steps, decisions] = [[], []];
  };
  for (const { decision, steps: own } of people) {
    const { subject, object, rule, verdict, reason } = decision;
    decisions.push([subject, object, rule, verdict, reason.code, JSON.stringify(decision)]);
    for (const step of own) {
      const text = canonicalStep(step);
      seen(text, step);
      steps.push([ordinal, step.key, step.subject, step.wave, step.operation, step.object, step.rule, text]);
      ordinal += 1;
    }
    if (decisions.length >= 2000) write();
  }
  write();
  store.run('CREATE INDEX stepSubject ON step (subject, ordinal)');
  store.run('CREATE INDEX decisionRule ON decision (rule, verdict, code)');
};

const text = (row: Readonly<Record<string, StoreValue>>, column: string): string => {
  const value = row[column];
  return typeof value === 'string' ? value : '';
};

export type StoredStep = { readonly ordinal: number; readonly text: string; readonly step: PlanStep };

const storedStep = (row: Readonly<Record<string, StoreValue>>): StoredStep => ({
  ordinal: Number(row['ordinal']),
  text: text(row, 'json'),
  step: planStep.parse(JSON.parse(text(row, 'json'))),
});

/** Steps in the plan's order. */
export function* readSteps(store: EncryptedStore): Iterable<StoredStep> {
  for (const row of store.read('SELECT ordinal, json FROM step ORDER BY ordinal')) yield storedStep(row);
}

/** All steps of these people, in the plan's order. */
export const stepsOf = (store: EncryptedStore, subjects: readonly string[]): readonly StoredStep[] =>
  [
    ...store.read('SELECT ordinal, json FROM step WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY ordinal', [
      JSON.stringify(subjects),
    ]),
  ].map(storedStep);

export type DecisionFilter = {
  readonly rule?: string;
  readonly verdict?: PlanDecision['verdict'];
  readonly code?: string;
  readonly subject?: string;
  readonly limit: number;
};

/** Decisions that meet the filter, by record id. */
export const readDecisions = (store: EncryptedStore, filter: DecisionFilter): readonly PlanDecision[] => {
  const conditions = (['rule', 'verdict', 'code', 'subject'] as const).filter((name) => filter[name] !== undefined);
  const where = conditions.map((name) => `${name} = ?`).join(' AND ');
  const sql = `SELECT json FROM decision ${where === '' ? '' : `WHERE ${where}`} ORDER BY subject LIMIT ?`;
  return [...store.read(sql, [...conditions.map((name) => filter[name] ?? ''), filter.limit])].map((row) =>
    planDecision.parse(JSON.parse(text(row, 'json'))),
  );
};
