import type { PlanHeader, PlanStep } from '../../model/plan.ts';
import type { EncryptedStore } from '../../vault/port.ts';
import { readSteps } from '../file/planStore.ts';
import type { RehearsalDifference } from './rehearsalRecord.ts';

export type RehearsedChangeKind = 'insert' | 'update' | 'delete' | 'undelete' | 'purge';

/** One row that a rehearsal changed, and why. */
export type RehearsedChange = {
  readonly object: string;
  readonly id: string;
  readonly change: RehearsedChangeKind;
  /** `direct`, `cascade`, `set-null`, `reparent`, `roll-up`, `merge`, `history`, `restore`; a sandbox tells none: `counted`. */
  readonly cause: string;
  /** Names of the fields an update changed. */
  readonly fields: readonly string[];
  /** The record whose change brought this one about, where it is told. */
  readonly because?: string;
};

/** What the plan says and what happened, by object, change, cause and field. */
export type Effect = {
  readonly object: string;
  readonly change: RehearsedChangeKind;
  readonly cause: string;
  readonly field: string | null;
  /** Null: a consequence that the org computes and no plan foretells by number (roll-ups, history, moved children). */
  readonly predicted: number | null;
  readonly actual: number;
};

type Foreseen = {
  readonly object: string;
  readonly fields: ReadonlySet<string>;
  readonly cause: string;
  seen: boolean;
};

/** Everything that a plan says will happen. */
export type Foresight = {
  /** `delete 003…`; a row that goes along has no object of its own: ids alone are known. */
  readonly byId: Map<string, Foreseen>;
  /** Rows to come, by object. */
  readonly inserts: Map<string, { count: number; readonly fields: Set<string> }>;
  /** Every record the plan touches or takes along. */
  readonly touched: Set<string>;
  /** Lookups that the plan says are emptied, by object. */
  readonly unlinked: Map<string, number>;
  /** Objects whose rows about the plan's records all go, those that its own changes make among them. */
  readonly traces: Set<string>;
};

/**
 * A file is a version, its document and the links to it, whichever of them is created
 * (https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentversion.htm).
 */
const FILE_OBJECTS = ['ContentVersion', 'ContentDocument', 'ContentDocumentLink'] as const;
const NO_FIELDS: ReadonlySet<string> = new Set();
/** Of values that only a data subject's key opens not even the names are told: any field may be theirs. */
const ANY_FIELD = '*';

/**
 * What the platform composes a person's Name of
 * (https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contact.htm).
 */
const NAME_PARTS = new Set(['Salutation', 'FirstName', 'MiddleName', 'LastName', 'InformalName', 'Suffix']);

const writtenFields = ({ payload }: PlanStep): ReadonlySet<string> => {
  const written = Object.keys(payload?.values ?? {});
  const composed = written.some((field) => NAME_PARTS.has(field)) ? ['Name'] : [];
  return new Set([...written, ...composed, ...(payload?.sealed === undefined ? [] : [ANY_FIELD])]);
};

const foresee = (to: Foresight, change: RehearsedChangeKind, id: string, one: Omit<Foreseen, 'seen'>): void => {
  to.touched.add(id);
  const key = `${change} ${id}`;
  const known = to.byId.get(key);
  if (known === undefined || known.object === '')
    to.byId.set(key, { ...one, fields: new Set([...one.fields, ...(known?.fields ?? [])]), seen: false });
  else if (one.fields.size > 0) to.byId.set(key, { ...known, fields: new Set([...known.fields, ...one.fields]) });
};

const foreseeInsert = (to: Foresight, object: string, fields: readonly string[], count = 1): void => {
  const known = to.inserts.get(object) ?? { count: 0, fields: new Set<string>() };
  for (const field of fields) known.fields.add(field);
  to.inserts.set(object, { ...known, count: known.count + count });
};

type AddStep = (to: Foresight, step: PlanStep) => void;

const direct =
  (change: RehearsedChangeKind): AddStep =>
  (to, step) => {
    const fields = change === 'update' ? writtenFields(step) : NO_FIELDS;
    foresee(to, change, step.recordId, { object: step.object, fields, cause: 'direct' });
  };

const withGoing =
  (change: 'delete' | 'undelete'): AddStep =>
  (to, step) => {
    direct(change)(to, step);
    for (const id of step.precondition.goesWith) {
      if (!to.byId.has(`${change} ${id}`)) foresee(to, change, id, { object: '', fields: NO_FIELDS, cause: 'cascade' });
    }
  };

const nothing: AddStep = () => undefined;
const comes: AddStep = (to, { object, payload }) => {
  foreseeInsert(to, object, Object.keys(payload?.values ?? {}));
};

/** What each operation of the closed set changes in the org. */
const ADD: Readonly<Record<PlanStep['operation'], AddStep>> = {
  create: comes,
  update: (to, step) => {
    if (!step.recordId.startsWith('new:')) direct('update')(to, step);
    // a record that the plan makes: what is written later is told with what it is made of
    else foreseeInsert(to, step.object, Object.keys(step.payload?.values ?? {}), 0);
  },
  upsert: (to, step) => {
    if (step.recordId.startsWith('new:')) comes(to, step);
    else direct('update')(to, step);
  },
  delete: withGoing('delete'),
  purge: direct('purge'),
  undelete: withGoing('undelete'),
  merge: (to, step) => {
    direct('update')(to, step);
    for (const id of step.payload?.losers ?? [])
      foresee(to, 'delete', id, { object: step.object, fields: NO_FIELDS, cause: 'merge' });
  },
  deleteHistory: (to, step) => {
    if (step.payload?.historyOf !== undefined) {
      to.traces.add(step.object);
      return;
    }
    for (const id of step.payload?.historyIds ?? [])
      foresee(to, 'purge', id, { object: step.object, fields: NO_FIELDS, cause: 'direct' });
  },
  uploadFile: (to, { payload }) => {
    for (const object of FILE_OBJECTS) foreseeInsert(to, object, []);
    // a file at a record is linked to whoever uploads it too
    if (payload?.file?.linkTo !== undefined) foreseeInsert(to, 'ContentDocumentLink', []);
  },
  sealLocal: nothing,
  send: nothing,
};

/** Reads a plan's steps for what they say will happen. */
export const foresightOf = (header: PlanHeader, store: EncryptedStore): Foresight => {
  const unlinked = header.terms.effects.filter((one) => one.effect === 'unlinked');
  const to: Foresight = {
    byId: new Map(),
    inserts: new Map(),
    touched: new Set(),
    unlinked: new Map(unlinked.map((one) => [one.object, one.count])),
    traces: new Set(),
  };
  for (const { step } of readSteps(store)) ADD[step.operation](to, step);
  return to;
};

const isWritten = ({ fields }: Foreseen, field: string): boolean => fields.has(field) || fields.has(ANY_FIELD);

type Explanation = 'foreseen' | 'consequence' | 'unforeseen';

/** Changes that the org works out by itself from what the plan touches; their number is not the plan's to tell. */
const CONSEQUENCES = new Set(['history', 'roll-up', 'reparent', 'merge', 'restore']);

const comesOfPlan = (to: Foresight, { id, because }: RehearsedChange): boolean =>
  to.touched.has(id) || (because !== undefined && to.touched.has(because));

/**
 * Key prefixes of rows that go with their record, are nobody's own decision and cannot be copied as a whole: every object's
 * field history, the versions of a file, and links between a record and a file (the file stays; queries for links need the record's or file's id:
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentdocumentlink.htm).
 */
const GO_ALONG = new Set(['017', '06A', '068']);

const isConsequence = ({ id, change, cause }: RehearsedChange): boolean =>
  CONSEQUENCES.has(cause) || (cause === 'cascade' && (change === 'purge' || GO_ALONG.has(id.slice(0, 3))));

/** Whether the plan says this change of this very record, with every field of it; it is then seen. */
const isForeseen = (to: Foresight, { change, id, fields }: RehearsedChange): boolean => {
  const known = to.byId.get(`${change} ${id}`);
  if (known === undefined) return false;
  known.seen = true;
  return change !== 'update' || fields.every((field) => isWritten(known, field));
};

/** A row of history that a step takes with all others: how many there are only the run knows. */
const isTrace = (to: Foresight, { object, change, cause }: RehearsedChange): boolean =>
  cause === 'direct' && (change === 'purge' || change === 'delete') && to.traces.has(object);

/** Takes one from a number that was foreseen. */
const takeFrom = (counts: Map<string, number>, key: string): boolean => {
  const left = counts.get(key) ?? 0;
  counts.set(key, left - 1);
  return left > 0;
};

const explainer = (to: Foresight): ((change: RehearsedChange) => Explanation) => {
  const emptied = new Map(to.unlinked);
  const coming = new Map([...to.inserts].map(([object, { count }]) => [object, count]));
  const born = new Set<string>();
  const isWrittenLater = ({ object, id, change, cause, fields }: RehearsedChange): boolean =>
    change === 'update' &&
    cause === 'direct' &&
    born.has(id) &&
    fields.every((field) => to.inserts.get(object)?.fields.has(field) === true);
  return (change) => {
    if (isForeseen(to, change)) return 'foreseen';
    if (isWrittenLater(change)) return 'consequence';
    if (change.cause === 'set-null') return takeFrom(emptied, change.object) ? 'foreseen' : 'unforeseen';
    if (change.change === 'insert' && change.cause === 'direct' && takeFrom(coming, change.object)) {
      born.add(change.id);
      return 'foreseen';
    }
    if (isTrace(to, change)) return 'consequence';
    return isConsequence(change) && comesOfPlan(to, change) ? 'consequence' : 'unforeseen';
  };
};

type Counted = {
  object: string;
  change: RehearsedChangeKind;
  cause: string;
  field: string | null;
  predicted: number | null;
  actual: number;
};

const counter = () => {
  const rows = new Map<string, Counted>();
  return {
    add: (one: Omit<Counted, 'predicted' | 'actual'>, column: 'predicted' | 'actual', isForetold = true): void => {
      const key = `${one.object} ${one.change} ${one.cause} ${one.field ?? ''}`;
      const row = rows.get(key) ?? { ...one, predicted: isForetold ? 0 : null, actual: 0 };
      row[column] = (row[column] ?? 0) + 1;
      rows.set(key, row);
    },
    sorted: (): readonly Effect[] => [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
  };
};

const differenceKey = (one: Omit<RehearsalDifference, 'key' | 'count'>): string =>
  [one.kind, one.object, ...(one.field === null ? [] : [one.field]), one.because].join('.').replace(/\s+/g, '-');

/** Counts differences of the same name. */
export const collectDifferences = () => {
  const found = new Map<string, RehearsalDifference>();
  return {
    add: (one: Omit<RehearsalDifference, 'key' | 'count'>, count = 1): void => {
      const key = differenceKey(one);
      found.set(key, { ...one, key, count: (found.get(key)?.count ?? 0) + count });
    },
    sorted: (): readonly RehearsalDifference[] => [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
  };
};

const fieldsOf = (change: {
  readonly change: string;
  readonly fields: Iterable<string>;
}): readonly (string | null)[] => {
  const fields = change.change === 'update' ? [...change.fields].sort() : [];
  return fields.length === 0 ? [null] : fields;
};

export type Comparison = {
  readonly effects: readonly Effect[];
  readonly differences: readonly RehearsalDifference[];
};

const countForeseen = (to: Foresight, effects: ReturnType<typeof counter>, objectOf: Map<string, string>): void => {
  for (const [key, one] of to.byId) {
    const [change = '', id = ''] = key.split(' ');
    const object = one.object === '' ? (objectOf.get(id) ?? '*') : one.object;
    for (const field of fieldsOf({ change, fields: one.fields }))
      effects.add({ object, change: change as RehearsedChangeKind, cause: one.cause, field }, 'predicted');
  }
  for (const [object, { count }] of to.inserts)
    for (let i = 0; i < count; i += 1)
      effects.add({ object, change: 'insert', cause: 'direct', field: null }, 'predicted');
};

const isOwnField = (foretold: Foreseen | undefined, field: string | null): boolean =>
  foretold !== undefined && field !== null && isWritten(foretold, field);

const noteMissing = (to: Foresight, differences: ReturnType<typeof collectDifferences>): void => {
  for (const [key, one] of to.byId) {
    if (one.seen) continue;
    const [change = ''] = key.split(' ');
    const object = one.object === '' ? '*' : one.object;
    const because = one.cause === 'direct' ? change : one.cause;
    differences.add({ kind: 'did-not-happen', object, field: null, because });
  }
};

/** Compares what a plan says with what a rehearsal did, change by change. Each change is looked at once, in order. */
export const compareEffects = (to: Foresight, changes: Iterable<RehearsedChange>): Comparison => {
  const explain = explainer(to);
  const effects = counter();
  const differences = collectDifferences();
  const objectOf = new Map<string, string>();
  for (const change of changes) {
    const { object, cause } = change;
    const explanation = explain(change);
    const foretold = to.byId.get(`${change.change} ${change.id}`);
    if (foretold?.object === '') objectOf.set(change.id, object);
    for (const field of fieldsOf(change)) {
      const told = explanation !== 'consequence';
      effects.add({ object, change: change.change, cause: foretold?.cause ?? cause, field }, 'actual', told);
      if (explanation === 'unforeseen' && !isOwnField(foretold, field))
        differences.add({ kind: 'not-predicted', object, field, because: cause });
    }
  }
  countForeseen(to, effects, objectOf);
  noteMissing(to, differences);
  return { effects: effects.sorted(), differences: differences.sorted() };
};
