import type { Operation, PlanStep, StepPayload } from '../../model/plan.ts';
import type { DescribedField } from '../../org/port.ts';
import { sameValue } from '../operations/values.ts';
import type { Values } from './beforeImages.ts';
import type { DoneStep, LeftCode, LeftItem, OrgState, RowState, UndoDraft } from './contract.ts';

type Value = Values[string];

/** Where an undo step stands in the order: steps of the original's last wave first, then parents before children. */
type Rank = { readonly wave: number; readonly phase: number };

/** What a new step is made of, beside what it takes from the step it undoes. */
export type Draft = {
  readonly part: string;
  readonly operation: Operation;
  readonly object: string;
  readonly recordId: string;
  readonly settle: PlanStep['settle'];
  readonly inverse: PlanStep['inverse'];
  readonly phase: number;
  readonly payload?: StepPayload;
  readonly seal?: Values;
  readonly expects?: Values;
  readonly dependsOn?: readonly string[];
};

/** Where a lookup that is written again must point. */
export type Target =
  | { readonly kind: 'id'; readonly id: string }
  /** A record that this undo recreates, by that step's key. */
  | { readonly kind: 'new'; readonly key: string }
  /** Recreated by this undo, but only later: the lookup is filled in by a step of its own. */
  | { readonly kind: 'later' }
  | { readonly kind: 'gone' };

/** The undoing of one person's steps, last first: what was decided so far counts for what comes next. */
export type Undoing = {
  readonly state: OrgState;
  begin(done: DoneStep): void;
  add(done: DoneStep, draft: Draft): string;
  leave(
    done: DoneStep,
    code: LeftCode,
    field?: string | null,
    at?: { readonly object: string; readonly id: string },
  ): void;
  /** The row as it was at this point of the run, in the run's own ids: what decides whether a value is still the run's. */
  row(object: string, id: string): RowState;
  /** What the org will hold when the steps so far are done: `new:<key>` where a lookup points to a record to come. */
  held(object: string, id: string): Values;
  /** Notes what a step so far changes: in the run's ids, and as it is written. */
  change(at: { readonly object: string; readonly id: string }, values: Values, written: Values): void;
  comesBack(
    id: string,
    object: string,
    values: Values,
    made?: { readonly key: string; readonly written: Values },
  ): void;
  goes(id: string): void;
  /** Made and deleted by the run itself: there is nothing to bring back, only what its time there changed elsewhere. */
  isPassing(id: string): boolean;
  /** The record as a later step names it. */
  nameOf(id: string): string;
  target(id: string): Target;
  willRecreate(ids: readonly string[]): void;
  finish(): { readonly drafts: readonly UndoDraft[]; readonly left: readonly LeftItem[] };
};

export const fieldOf = (state: OrgState, object: string, name: string): DescribedField | undefined =>
  state.described(object)?.fields.find((field) => field.name === name);

/** Whether a field holds a value, as the platform keeps values. */
export const holds = (now: Value | undefined, wanted: Value): boolean => sameValue(wanted, now ?? null);

const compareRanks = (a: Rank, b: Rank): number => b.wave - a.wave || a.phase - b.phase;

/** Dense wave numbers from 0 in the order of ranks. */
const withWaves = (ranked: readonly { readonly rank: Rank; readonly draft: UndoDraft }[]): readonly UndoDraft[] => {
  const ordered = [...ranked].sort((a, b) => compareRanks(a.rank, b.rank));
  let wave = -1;
  let last: Rank | undefined;
  return ordered.map(({ rank, draft }) => {
    if (last === undefined || compareRanks(last, rank) !== 0) wave += 1;
    last = rank;
    return { ...draft, step: { ...draft.step, wave } };
  });
};

const stepOf = ({ step }: DoneStep, draft: Draft): PlanStep => ({
  key: `undo/${step.key}/${draft.part}`,
  subject: step.subject,
  wave: 0,
  operation: draft.operation,
  object: draft.object,
  recordId: draft.recordId,
  rule: step.rule,
  reason: { code: 'undo', facts: { of: step.operation, was: draft.operation === 'create' ? draft.part : null } },
  ...(draft.payload === undefined ? {} : { payload: draft.payload }),
  precondition: { decision: step.precondition.decision, goesWith: [] },
  settle: draft.settle,
  inverse: draft.inverse,
  dependsOn: [...new Set(draft.dependsOn ?? [])],
});

type Known = {
  readonly rows: Map<string, RowState>;
  readonly held: Map<string, Values>;
  readonly keys: Map<string, string>;
  readonly expected: Set<string>;
};

const targetOf = (state: OrgState, { rows, keys, expected }: Known, id: string): Target => {
  const moved = state.movedTo(id);
  if (moved !== undefined) return { kind: 'id', id: moved };
  const key = keys.get(id);
  if (key !== undefined) return { kind: 'new', key };
  if (expected.has(id)) return { kind: 'later' };
  // a record that was not read is taken to be there: the org refuses the step if it is not
  const place = rows.get(id)?.place ?? state.placeOf(id) ?? 'live';
  return place === 'live' ? { kind: 'id', id } : { kind: 'gone' };
};

type Rows = Pick<Undoing, 'row' | 'held' | 'change' | 'comesBack' | 'goes'>;

/** What the steps so far made of the rows that were read. */
const keepRows = (state: OrgState, known: Known): Rows => {
  const read = (object: string, id: string): RowState => state.rowOf(object, state.movedTo(id) ?? id);
  const row = (object: string, id: string): RowState => known.rows.get(id) ?? read(object, id);
  const held = (object: string, id: string): Values => known.held.get(id) ?? read(object, id).values;
  return {
    row,
    held,
    change: ({ object, id }, values, written) => {
      const now = row(object, id);
      known.held.set(id, { ...held(object, id), ...written });
      known.rows.set(id, { place: now.place, values: { ...now.values, ...values } });
    },
    comesBack: (id, object, values, made) => {
      known.rows.set(id, { place: 'live', values: { ...row(object, id).values, ...values } });
      if (made === undefined) return;
      known.keys.set(id, made.key);
      known.held.set(id, made.written);
    },
    goes: (id) => {
      known.rows.set(id, { place: 'bin', values: {} });
    },
  };
};

/** `passing`: ids of records that the run made and deleted again. */
export const beginUndoing = (state: OrgState, passing: ReadonlySet<string>): Undoing => {
  const ranked: { readonly rank: Rank; readonly draft: UndoDraft }[] = [];
  const left: LeftItem[] = [];
  const known: Known = { rows: new Map(), held: new Map(), keys: new Map(), expected: new Set() };
  let wave = 0;
  return {
    state,
    ...keepRows(state, known),
    begin: (done) => {
      wave = done.step.wave;
    },
    add: (done, draft) => {
      const step = stepOf(done, draft);
      const { phase, seal = {}, expects = {} } = draft;
      ranked.push({ rank: { wave, phase }, draft: { step, seal, expects } });
      return step.key;
    },
    leave: ({ step }, code, field = null, at = { object: step.object, id: step.recordId }) => {
      const { subject, operation } = step;
      left.push({ subject, operation, object: at.object, recordId: at.id, field, code });
    },
    isPassing: (id) => passing.has(id),
    nameOf: (id) => {
      const key = known.keys.get(id);
      return state.movedTo(id) ?? (key === undefined ? id : `new:${key}`);
    },
    target: (id) => targetOf(state, known, id),
    willRecreate: (ids) => {
      for (const id of ids) known.expected.add(id);
    },
    finish: () => ({ drafts: withWaves(ranked), left }),
  };
};
