import { PERSON_CHANGES } from '../plan/file/diffPlans.ts';
import type { DecisionShown, DiffRow, PlanDiff, StepShown } from '../plan/file/diffPlans.ts';

type Decision = {
  readonly rule: string;
  readonly verdict: string;
  readonly reason: string;
  readonly until: string | null;
  /** Dates, counts and keys that the reason rests on. */
  readonly facts: Readonly<Record<string, string | number | null>>;
};

/** What changed between two plans; record ids and reasons, no names. Plain types: the JSON Schema is made from them. */
export type DiffResult = {
  readonly before: string;
  readonly after: string;
  /** What the plans are bound to and that differs. */
  readonly terms: readonly { readonly what: string; readonly before: string; readonly after: string }[];
  /** How many people changed, and how. */
  readonly changes: readonly { readonly change: string; readonly count: number }[];
  readonly unchanged: number;
  readonly steps: readonly {
    readonly object: string;
    readonly operation: string;
    readonly rule: string;
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
  }[];
  readonly people: readonly {
    readonly recordId: string;
    readonly object: string;
    readonly change: string;
    readonly before: Decision | null;
    readonly after: Decision | null;
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  }[];
  /** True when more people changed than are shown. */
  readonly more: boolean;
};

const toDecision = (decision: DecisionShown | null): Decision | null => decision;

const stepTexts = (steps: readonly StepShown[]): readonly string[] =>
  steps.map((one) => `${one.operation} ${one.object} ${one.recordId}`);

const toRow = (row: DiffRow): DiffResult['people'][number] => ({
  recordId: row.recordId,
  object: row.object,
  change: row.change,
  before: toDecision(row.before),
  after: toDecision(row.after),
  added: stepTexts(row.added),
  removed: stepTexts(row.removed),
  changed: stepTexts(row.changed),
});

export const toDiffResult = (diff: PlanDiff): DiffResult => ({
  before: diff.before.digest,
  after: diff.after.digest,
  terms: diff.terms,
  changes: PERSON_CHANGES.map((change) => ({ change, count: diff.people[change] })),
  unchanged: diff.unchanged,
  steps: diff.steps,
  people: diff.rows.map(toRow),
  more: diff.more,
});

type Tables = {
  readonly table: (rows: readonly Readonly<Record<string, unknown>>[], title: string) => void;
  readonly log: (text: string) => void;
  readonly text: (key: string, values?: readonly (string | number)[]) => string;
  /** The word for a value of a column. */
  readonly word: (column: string, value: unknown) => string;
};

const decisionText = ({ word }: Tables, decision: Decision | null): string =>
  decision === null
    ? ''
    : [word('verdict', decision.verdict), word('reason', decision.reason), decision.until ?? '']
        .filter((part) => part !== '')
        .join(', ');

/** The diff on a terminal. */
export const showDiff = (result: DiffResult, to: Tables): void => {
  to.log(to.text('plan.diff.plans', [result.before.slice(0, 8), result.after.slice(0, 8), result.unchanged]));
  const changes = result.changes.filter((one) => one.count > 0);
  if (changes.length === 0) to.log(to.text('plan.diff.none'));
  else to.table(changes, to.text('plan.diff.title.people'));
  if (result.steps.length > 0) to.table(result.steps, to.text('plan.diff.title.steps'));
  if (result.terms.length > 0) to.table(result.terms, to.text('plan.diff.title.terms'));
  if (result.people.length > 0) {
    const rows = result.people.map(({ recordId, object, change, before, after }) => ({
      ...{ recordId, object, change },
      before: decisionText(to, before),
      after: decisionText(to, after),
    }));
    to.table(rows, to.text('plan.diff.title.who'));
  }
  if (result.more) to.log(to.text('plan.diff.more'));
};
