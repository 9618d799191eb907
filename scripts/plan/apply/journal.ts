import { z } from 'zod';
import { GardeError } from '../../kernel/result.ts';
import type { Operation } from '../../model/plan.ts';
import type { StepOutcome } from '../../model/run.ts';
import type { EncryptedStore, Vault } from '../../vault/port.ts';

/** A call about to be made: which steps it is meant to do. */
export type IntendedCall = {
  readonly operation: Operation;
  readonly object: string;
  readonly steps: readonly { readonly key: string; readonly subject: string; readonly recordId: string }[];
  /** What was read before the call to settle it by, as the operation wrote it. */
  readonly memory?: string | null;
};
export type PendingCall = IntendedCall & { readonly id: number };

export type JournaledOutcome = {
  readonly key: string;
  readonly subject: string;
  readonly outcome: StepOutcome;
  /** Code of a decision or of the org; null when there is nothing to add. */
  readonly code: string | null;
  /** Id of the record or holding that the step made. */
  readonly made?: string;
};

/** Outcomes by step: of those that were asked about, maybe of more, and of what is written while it is held. */
export type KnownOutcomes = Pick<ReadonlyMap<string, JournaledOutcome>, 'get' | 'has'>;

/**
 * What a run meant to do and what came of it: sealed, written ahead of each call and made durable before the call goes
 * out. A killed run finds here which calls have no outcome and asks the org about them.
 */
export type Journal = {
  readonly holdingId: string;
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  begin(call: IntendedCall): number;
  /** Closes a call; steps without an outcome are as if it had never been made. */
  finish(callId: number, outcomes: readonly JournaledOutcome[]): void;
  /** Outcomes that needed no call: the decision changed, a step before it was refused. */
  note(outcomes: readonly JournaledOutcome[]): void;
  pending(): readonly PendingCall[];
  /** Latest outcome of each of these steps. */
  outcomesOf(keys: readonly string[]): KnownOutcomes;
  /** What each of these steps made, where it made something. */
  madeBy(keys: readonly string[]): ReadonlyMap<string, string>;
  /** Which step made each of these records. */
  makers(ids: readonly string[]): ReadonlyMap<string, string>;
  counts(): readonly { readonly outcome: StepOutcome; readonly code: string | null; readonly count: number }[];
  close(): void;
};

const TABLES = [
  'CREATE TABLE meta (name text PRIMARY KEY, value text) WITHOUT ROWID',
  'CREATE TABLE call (id integer PRIMARY KEY, operation text, object text, steps text, open integer, memory text)',
  'CREATE TABLE outcome (id integer PRIMARY KEY, key text, subject text, outcome text, code text, made text)',
  'CREATE INDEX outcomeKey ON outcome (key, id)',
  'CREATE INDEX callOpen ON call (open)',
  'CREATE INDEX outcomeMade ON outcome (made) WHERE made IS NOT NULL',
];

const callRow = z.object({
  id: z.number(),
  operation: z.string(),
  object: z.string(),
  steps: z.string(),
  memory: z.string().nullable(),
});
const stepList = z.array(z.object({ key: z.string(), subject: z.string(), recordId: z.string() }));

const LATEST = 'SELECT MAX(id) FROM outcome GROUP BY key';

/** Beside MAX() the other columns are those of its row (https://www.sqlite.org/lang_select.html#bareagg). */
const LATEST_OF = `SELECT json_group_array(json_array(key, subject, outcome, code, made)) AS found FROM
  (SELECT key, subject, outcome, code, made, MAX(id) FROM outcome
   WHERE key IN (SELECT value FROM json_each(?)) GROUP BY key)`;
type OutcomeRow = readonly [
  key: string,
  subject: string,
  outcome: StepOutcome,
  code: string | null,
  made: string | null,
];

const outcomeOf = ([key, subject, outcome, code, made]: OutcomeRow): JournaledOutcome => ({
  ...{ key, subject, outcome, code },
  ...(made === null ? {} : { made }),
});

const inUse = (): GardeError =>
  new GardeError([
    {
      code: 'RunInUse',
      subject: 'run',
      message: 'Another process on this machine is working on this run.',
      actions: ['Wait for it, or end it, then resume.'],
    },
  ]);

/** From one column of the outcomes to another, for outcomes that made something. */
const pairs = (
  store: EncryptedStore,
  from: 'key' | 'made',
  to: 'key' | 'made',
  wanted: readonly string[],
): ReadonlyMap<string, string> => {
  const sql = `SELECT ${from} AS one, ${to} AS other FROM outcome
               WHERE made IS NOT NULL AND ${from} IN (SELECT value FROM json_each(?)) ORDER BY id`;
  return new Map(
    [...store.read(sql, [JSON.stringify(wanted)])].map((row) => [String(row['one']), String(row['other'])]),
  );
};

/**
 * Every transaction is on the disk when it ends (https://www.sqlite.org/pragma.html#pragma_synchronous, FULL with a
 * write-ahead log), so that each of these is one transaction and one fsync.
 */
const makeDurable = (store: EncryptedStore): void => {
  store.run('PRAGMA synchronous = FULL');
};

const INSERT_CALL = 'INSERT INTO call (operation, object, steps, open, memory) VALUES (?, ?, ?, 1, ?) RETURNING id';
const INSERT_OUTCOMES = `INSERT INTO outcome (key, subject, outcome, code, made)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)`;

const writer = (store: EncryptedStore) => {
  const outcomes = (rows: readonly JournaledOutcome[]): void => {
    const told = rows.map(({ key, subject, outcome, code, made }) => [key, subject, outcome, code, made ?? null]);
    store.run(INSERT_OUTCOMES, [JSON.stringify(told)]);
  };
  return {
    begin: ({ operation, object, steps, memory = null }: IntendedCall): number => {
      const [row] = [...store.read(INSERT_CALL, [operation, object, JSON.stringify(steps), memory])];
      return Number(row?.['id']);
    },
    finish: (callId: number, rows: readonly JournaledOutcome[]): void => {
      store.run('BEGIN IMMEDIATE');
      try {
        if (rows.length > 0) outcomes(rows);
        store.run('UPDATE call SET open = 0 WHERE id = ?', [callId]);
      } catch (error) {
        store.run('ROLLBACK');
        throw error;
      }
      store.run('COMMIT');
    },
    note: (rows: readonly JournaledOutcome[]): void => {
      if (rows.length > 0) outcomes(rows);
    },
  };
};

const opened = (store: EncryptedStore, holdingId: string, release: () => void): Journal => {
  makeDurable(store);
  return { holdingId, ...writer(store), ...reader(store), close: closing(store, release) };
};

const closing = (store: EncryptedStore, release: () => void) => (): void => {
  store.close();
  release();
};

const reader = (
  store: EncryptedStore,
): Pick<Journal, 'get' | 'set' | 'pending' | 'outcomesOf' | 'madeBy' | 'makers' | 'counts'> => ({
  get: (name) => {
    const [row] = [...store.read('SELECT value FROM meta WHERE name = ?', [name])];
    return typeof row?.['value'] === 'string' ? row['value'] : undefined;
  },
  set: (name, value) => {
    store.run('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)', [name, value]);
  },
  pending: () =>
    [...store.read('SELECT id, operation, object, steps, memory FROM call WHERE open = 1 ORDER BY id')].map((row) => {
      const { id, operation, object, steps, memory } = callRow.parse(row);
      const known = memory === null ? {} : { memory };
      return { id, object, operation: operation as Operation, steps: stepList.parse(JSON.parse(steps)), ...known };
    }),
  outcomesOf: (keys) => {
    const [row] = [...store.read(LATEST_OF, [JSON.stringify(keys)])];
    const rows = JSON.parse(String(row?.['found'])) as readonly OutcomeRow[];
    return new Map(rows.map((one) => [one[0], outcomeOf(one)]));
  },
  madeBy: (keys) => pairs(store, 'key', 'made', keys),
  makers: (ids) => pairs(store, 'made', 'key', ids),
  counts: () =>
    [
      ...store.read(
        `SELECT outcome, code, COUNT(*) AS n FROM outcome WHERE id IN (${LATEST}) GROUP BY outcome, code ORDER BY 1, 2`,
      ),
    ].map((row) => ({
      outcome: String(row['outcome']) as StepOutcome,
      code: typeof row['code'] === 'string' ? row['code'] : null,
      count: Number(row['n']),
    })),
});

/** A new journal for a run of a plan, sealed as a `run-journal` holding. */
export const createJournal = (
  vault: Pick<Vault, 'createStore' | 'lock'>,
  run: { readonly orgId: string; readonly expiresAt: string; readonly meta: Readonly<Record<string, string>> },
): Journal => {
  const { holding, store } = vault.createStore('run-journal', run.orgId, run.expiresAt);
  const release = vault.lock(holding.id);
  if (release === undefined) throw inUse();
  for (const statement of TABLES) store.run(statement);
  store.insert('meta', ['name', 'value'], Object.entries(run.meta));
  store.flush();
  return opened(store, holding.id, release);
};

/** The journal of a plan's run; undefined when it was never begun on this machine. Error: RunInUse. */
export const findJournal = (
  vault: Pick<Vault, 'holdings' | 'openStore' | 'lock'>,
  orgId: string,
  planDigest: string,
): Journal | undefined => {
  for (const holding of vault.holdings(orgId).filter((one) => one.kind === 'run-journal')) {
    const store = vault.openStore(holding.id);
    const [row] = [...store.read('SELECT value FROM meta WHERE name = ?', ['plan'])];
    const release = row?.['value'] === planDigest ? vault.lock(holding.id) : undefined;
    if (release !== undefined) return opened(store, holding.id, release);
    store.close();
    if (row?.['value'] === planDigest) throw inUse();
  }
  return undefined;
};
