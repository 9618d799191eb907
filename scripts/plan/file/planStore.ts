import { canonicalJson } from '../../kernel/canonicalJson.ts';
import type { PlanDecision, PlanStep } from '../../model/plan.ts';
import type { EncryptedStore, StoreValue } from '../../vault/port.ts';
import { canonicalStep, type PlanDigest } from './planDigest.ts';
import { blockWriter, createBlockTable, eachText, openBlocks, type StepText } from './stepBlocks.ts';

/**
 * The sealed part of a plan. Each fact is kept once, so that nothing can be changed beside what the digest proves: a
 * person's row says why they are due or kept and which steps are theirs, a step's text says everything else.
 */
const TABLES = [
  `CREATE TABLE person (position integer PRIMARY KEY, subject text, first integer, steps integer, object text, rule text,
   verdict text, code text, until text, facts text, effects text)`,
  `CREATE TABLE kind (object text, operation text, rule text, subject text, first integer, steps integer,
   irreversible integer)`,
];
const PERSON = [
  ...['position', 'subject', 'first', 'steps', 'object', 'rule'],
  ...['verdict', 'code', 'until', 'facts', 'effects'],
];
const KIND = ['object', 'operation', 'rule', 'subject', 'first', 'steps', 'irreversible'];
const ROWS_PER_WRITE = 10_000;

type Row = Readonly<Record<string, StoreValue>>;

export const createPlanTables = (store: EncryptedStore): void => {
  for (const statement of TABLES) store.run(statement);
  createBlockTable(store);
};

export type PlannedPerson = { readonly decision: PlanDecision; readonly steps: readonly PlanStep[] };

type At = { readonly position: number; readonly first: number };

const personRow = ({ decision, steps }: PlannedPerson, { position, first }: At): readonly StoreValue[] => {
  const { subject, object, rule, verdict, reason, until, effects } = decision;
  const told = [canonicalJson(reason.facts), effects.length === 0 ? '[]' : canonicalJson(effects)];
  return [position, subject, first, steps.length, object, rule, verdict, reason.code, until, ...told];
};

/** Rows gathered and written together. */
const writerTo = (store: EncryptedStore, table: string, columns: readonly string[]) => {
  let rows: (readonly StoreValue[])[] = [];
  const write = (): void => {
    store.insert(table, columns, rows);
    rows = [];
  };
  return {
    add: (row: readonly StoreValue[]): void => {
      rows.push(row);
      if (rows.length >= ROWS_PER_WRITE) write();
    },
    write,
  };
};

type Kind = { readonly head: readonly StoreValue[]; steps: number; irreversible: number };

/** Which kinds of steps there are, who has the first of each, and how many cannot be undone. */
const createKinds = () => {
  const kinds = new Map<string, Kind>();
  return {
    add: ({ object, operation, rule, subject, inverse }: PlanStep, ordinal: number): void => {
      const key = `${object} ${operation} ${rule}`;
      const kind = kinds.get(key) ?? { head: [object, operation, rule, subject, ordinal], steps: 0, irreversible: 0 };
      kind.steps += 1;
      if (inverse === 'none') kind.irreversible += 1;
      kinds.set(key, kind);
    },
    rows: () => [...kinds.values()].map(({ head, steps, irreversible }) => [...head, steps, irreversible]),
  };
};

/** Writes people in groups, so that memory stays flat, and tells the digest all that is written in order. */
export const writePeople = (store: EncryptedStore, people: Iterable<PlannedPerson>, digest: PlanDigest): void => {
  const persons = writerTo(store, 'person', PERSON);
  const blocks = blockWriter(store);
  const kinds = createKinds();
  let [position, ordinal] = [0, 0];
  for (const person of people) {
    const row = personRow(person, { position, first: ordinal });
    digest.row(JSON.stringify(row));
    persons.add(row);
    position += 1;
    for (const step of person.steps) {
      kinds.add(step, ordinal);
      const json = canonicalStep(step);
      digest.step(json);
      blocks.add(json);
      ordinal += 1;
    }
  }
  const rows = kinds.rows();
  for (const row of rows) digest.row(JSON.stringify(row));
  persons.write();
  blocks.end();
  store.insert('kind', KIND, rows);
  store.run('CREATE INDEX personSubject ON person (subject)');
};

const rowText = (row: Row, columns: readonly string[]): string => JSON.stringify(columns.map((name) => row[name]));

/** Tells the digest all that is stored, in the order it was written in; false when rows are missing or moved. */
export const readInto = (store: EncryptedStore, digest: PlanDigest): boolean => {
  let position = 0;
  for (const row of store.read(`SELECT ${PERSON.join(', ')} FROM person ORDER BY position`)) {
    if (row['position'] !== position) return false;
    digest.row(rowText(row, PERSON));
    position += 1;
  }
  for (const row of store.read(`SELECT ${KIND.join(', ')} FROM kind ORDER BY first`)) digest.row(rowText(row, KIND));
  for (const { text: json } of eachText(store)) digest.step(json);
  return true;
};

const text = (value: StoreValue | undefined): string => (typeof value === 'string' ? value : '');

/** A step at its place in the plan's order. */
export type PlacedStep = { readonly ordinal: number; readonly step: PlanStep };

export type StoredStep = StepText & PlacedStep;

/** A step as it was written: openPlan has compared all of them with the digest of what planning made. */
const storedStep = ({ ordinal, text: json }: StepText): StoredStep => ({
  ordinal,
  text: json,
  step: JSON.parse(json) as PlanStep,
});

/** Steps in the plan's order. */
export function* readSteps(store: EncryptedStore): Iterable<StoredStep> {
  for (const one of eachText(store)) yield storedStep(one);
}

/** All steps of these people, in the plan's order, without their texts: thousands are held at once. */
export const stepsOf = (store: EncryptedStore, subjects: readonly string[]): readonly PlacedStep[] => {
  const sql = `SELECT first, steps FROM person
    WHERE steps > 0 AND subject IN (SELECT value FROM json_each(?)) ORDER BY first`;
  const ranges = [...store.read(sql, [JSON.stringify(subjects)])];
  const open = openBlocks(store);
  const found: PlacedStep[] = [];
  for (const row of ranges) {
    for (const { ordinal, text: json } of open({ first: Number(row['first']), steps: Number(row['steps']) }))
      found.push({ ordinal, step: JSON.parse(json) as PlanStep });
  }
  return found;
};

const decisionIn = (row: Row): PlanDecision => ({
  subject: text(row['subject']),
  object: text(row['object']),
  rule: text(row['rule']),
  verdict: row['verdict'] === 'due' ? 'due' : 'kept',
  reason: {
    code: text(row['code']),
    facts: JSON.parse(text(row['facts'])) as PlanDecision['reason']['facts'],
  },
  until: typeof row['until'] === 'string' ? row['until'] : null,
  effects: JSON.parse(text(row['effects'])) as PlanDecision['effects'],
});

export type DecisionFilter = {
  readonly rule?: string;
  readonly verdict?: PlanDecision['verdict'];
  readonly code?: string;
  readonly subject?: string;
};

const CONDITIONS = ['rule', 'verdict', 'code', 'subject'] as const;

/** Every decision, by record id, lazily; no step is opened for it. */
export function* eachDecision(store: EncryptedStore): Iterable<PlanDecision> {
  for (const row of store.read('SELECT * FROM person ORDER BY subject, position', [])) yield decisionIn(row);
}

export type StoredPerson = { readonly decision: PlanDecision; readonly steps: readonly StoredStep[] };

/** Decisions that meet the filter with their steps, by record id, lazily. */
export function* eachPerson(store: EncryptedStore, filter: DecisionFilter = {}): Iterable<StoredPerson> {
  const named = CONDITIONS.filter((name) => filter[name] !== undefined);
  const where = named.map((name) => `${name} = ?`).join(' AND ');
  const sql = `SELECT * FROM person ${where === '' ? '' : `WHERE ${where}`} ORDER BY subject, position`;
  const values = named.map((name) => filter[name] ?? '');
  const open = openBlocks(store);
  for (const row of store.read(sql, values)) {
    const range = { first: Number(row['first']), steps: Number(row['steps']) };
    yield { decision: decisionIn(row), steps: open(range).map(storedStep) };
  }
}

export type KindOfStep = {
  readonly object: string;
  readonly operation: PlanStep['operation'];
  readonly rule: string;
  readonly steps: number;
  /** How many of them have no inverse. */
  readonly irreversible: number;
};

/** Kinds of steps by object, operation and rule. */
export const readKinds = (store: EncryptedStore): readonly KindOfStep[] =>
  [...store.read('SELECT * FROM kind ORDER BY object, operation, rule')].map((row) => ({
    object: text(row['object']),
    operation: text(row['operation']) as PlanStep['operation'],
    rule: text(row['rule']),
    steps: Number(row['steps']),
    irreversible: Number(row['irreversible']),
  }));

export type KeptUntil = {
  /** `2027-03`; null when no end is known. */
  readonly month: string | null;
  readonly rule: string;
  readonly code: string;
  readonly people: number;
};

/** In which month what keeps people ends, by rule and reason; those without a known end last. */
export const readKeptUntil = (store: EncryptedStore): readonly KeptUntil[] => {
  const sql = `SELECT substr(until, 1, 7) AS month, rule, code, COUNT(*) AS n FROM person WHERE verdict = 'kept'
    GROUP BY 1, 2, 3 ORDER BY 1 IS NULL, 1, 2, 3`;
  return [...store.read(sql)].map((row) => ({
    month: typeof row['month'] === 'string' ? row['month'] : null,
    rule: text(row['rule']),
    code: text(row['code']),
    people: Number(row['n']),
  }));
};
