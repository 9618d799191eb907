import { canonicalJson } from '../../kernel/canonicalJson.ts';
import { sha256Hex } from '../../kernel/hash.ts';
import type { PlanDecision, PlanStep } from '../../model/plan.ts';
import type { EncryptedStore } from '../../vault/port.ts';
import { valueDigest } from '../operations/values.ts';
import type { PlannedPerson } from '../file/planStore.ts';
import type { Sealer } from './beforeImages.ts';
import type { LeftItem, UndoDraft, UndonePerson } from './contract.ts';

/** The decision of an undo about one person: that this run be taken back. */
export const undoDecision = (subject: string, runKey: string): string =>
  sha256Hex(canonicalJson({ subject, undoes: runKey }));

export type Finishing = {
  readonly runKey: string;
  readonly sealer: Sealer;
  /** Salt of `precondition.values`. */
  readonly valueSalt: Uint8Array;
};

/** What the org must still hold right before the call; a record that this plan makes itself holds what it was given. */
const expectedValues = ({ step, expects }: UndoDraft, salt: Uint8Array): PlanStep['precondition']['values'] => {
  const { object, recordId } = step;
  if (recordId.startsWith('new:') || Object.keys(expects).length === 0) return undefined;
  return Object.fromEntries(
    Object.entries(expects).map(([field, value]) => [field, valueDigest(salt, { object, recordId, field }, value)]),
  );
};

/** A draft as the plan holds it: values sealed, what they replace as salted digests, no write over a later edit. */
const finishedStep = (draft: UndoDraft, { runKey, sealer, valueSalt }: Finishing): PlanStep => {
  const values = expectedValues(draft, valueSalt);
  const isConditional = draft.step.operation === 'update' && values !== undefined;
  const step: PlanStep = {
    ...draft.step,
    precondition: {
      decision: undoDecision(draft.step.subject, runKey),
      goesWith: [],
      ...(values === undefined ? {} : { values }),
      ...(isConditional ? { ifUnmodified: true } : {}),
    },
  };
  return Object.keys(draft.seal).length === 0 ? step : sealer.sealValues(step, draft.seal);
};

const leftEffects = (left: readonly LeftItem[]): PlanDecision['effects'] => {
  const counts = new Map<string, Set<string>>();
  for (const { object, recordId } of left) counts.set(object, (counts.get(object) ?? new Set<string>()).add(recordId));
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([object, ids]) => ({ object, effect: 'left', count: ids.size }));
};

export type PersonToUndo = { readonly subject: string; readonly object: string; readonly rule: string };

/** One person of the undo plan. A person for whom nothing can be taken back is kept as they are, and says why. */
export const undoneToPlan = (
  { subject, object, rule }: PersonToUndo,
  { drafts, left }: UndonePerson,
  finishing: Finishing,
): PlannedPerson => {
  const facts = { steps: drafts.length, left: left.length };
  const code = drafts.length > 0 ? 'undo' : (left[0]?.code ?? 'nothing-to-undo');
  return {
    decision: {
      ...{ subject, object, rule, verdict: drafts.length > 0 ? 'due' : 'kept' },
      ...{ reason: { code, facts }, until: null, effects: leftEffects(left) },
    },
    steps: drafts.map((draft) => finishedStep(draft, finishing)),
  };
};

const LEFT_COLUMNS = ['subject', 'operation', 'object', 'recordId', 'field', 'code'] as const;
const ROWS_AT_ONCE = 2000;

/** Keeps what is not undone beside the plan's steps, by record and field. */
export const createLeftTable = (store: EncryptedStore) => {
  store.create({ name: 'leftItem', columns: Object.fromEntries(LEFT_COLUMNS.map((name) => [name, 'text'])) });
  let held: LeftItem[] = [];
  const flush = (): void => {
    store.insert(
      'leftItem',
      LEFT_COLUMNS,
      held.map((item) => LEFT_COLUMNS.map((column) => item[column])),
    );
    held = [];
  };
  return {
    add: (items: readonly LeftItem[]): void => {
      held.push(...items);
      if (held.length >= ROWS_AT_ONCE) flush();
    },
    flush,
  };
};

export type LeftCount = {
  readonly operation: string;
  readonly object: string;
  readonly code: string;
  readonly count: number;
};

/** What is not undone, counted; in a fixed order. */
export const countLeft = (store: EncryptedStore): readonly LeftCount[] =>
  [
    ...store.read(
      `SELECT operation, object, code, COUNT(*) AS n FROM leftItem
       GROUP BY operation, object, code ORDER BY operation, object, code`,
    ),
  ].map((row) => ({
    operation: String(row['operation']),
    object: String(row['object']),
    code: String(row['code']),
    count: Number(row['n']),
  }));

/** The first of what is not undone, by record and field. */
export const listLeft = (store: EncryptedStore, limit: number): readonly LeftItem[] =>
  [
    ...store.read(
      `SELECT subject, operation, object, recordId, field, code FROM leftItem
       ORDER BY object, recordId, field, operation LIMIT ?`,
      [limit],
    ),
  ].map((row) => ({
    ...{ subject: String(row['subject']), operation: String(row['operation']) as LeftItem['operation'] },
    ...{
      object: String(row['object']),
      recordId: String(row['recordId']),
      code: String(row['code']) as LeftItem['code'],
    },
    field: typeof row['field'] === 'string' ? row['field'] : null,
  }));
