import { z } from 'zod';
import { GardeError } from '../kernel/result.ts';
import type { Operation } from '../model/plan.ts';
import type { StepOutcome } from '../model/run.ts';
import type { EncryptedStore, StoreValue, Vault } from '../vault/port.ts';

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
  outcomesOf(keys: readonly string[]): ReadonlyMap<string, JournaledOutcome>;
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
  'CREATE INDEX outcomeMade ON outcome (made)',
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

const outcomeIn = (row: Readonly<Record<string, StoreValue>>): JournaledOutcome => ({
  key: String(row['key']),
  subject: String(row['subject']),
  outcome: String(row['outcome']) as StepOutcome,
  code: typeof row['code'] === 'string' ? row['code'] : null,
  ...(typeof row['made'] === 'string' ? { made: row['made'] } : {}),
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

const writer = (store: EncryptedStore) => {
  const outcomes = (rows: readonly JournaledOutcome[]): void => {
    store.insert(
      'outcome',
      ['key', 'subject', 'outcome', 'code', 'made'],
      rows.map(({ key, subject, outcome, code, made }) => [key, subject, outcome, code, made ?? null]),
    );
  };
  return {
    begin: ({ operation, object, steps, memory = null }: IntendedCall): number => {
      const row = [operation, object, JSON.stringify(steps), 1, memory];
      store.insert('call', ['operation', 'object', 'steps', 'open', 'memory'], [row]);
      store.flush();
      return Number([...store.read('SELECT MAX(id) AS id FROM call')][0]?.['id']);
    },
    finish: (callId: number, rows: readonly JournaledOutcome[]): void => {
      outcomes(rows);
      store.run('UPDATE call SET open = 0 WHERE id = ?', [callId]);
      store.flush();
    },
    note: (rows: readonly JournaledOutcome[]): void => {
      if (rows.length === 0) return;
      outcomes(rows);
      store.flush();
    },
  };
};

const opened = (store: EncryptedStore, holdingId: string, release: () => void): Journal => ({
  holdingId,
  ...writer(store),
  get: (name) => {
    const [row] = [...store.read('SELECT value FROM meta WHERE name = ?', [name])];
    return typeof row?.['value'] === 'string' ? row['value'] : undefined;
  },
  set: (name, value) => {
    store.run('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)', [name, value]);
    store.flush();
  },
  pending: () =>
    [...store.read('SELECT id, operation, object, steps, memory FROM call WHERE open = 1 ORDER BY id')].map((row) => {
      const { id, operation, object, steps, memory } = callRow.parse(row);
      const known = memory === null ? {} : { memory };
      return { id, object, operation: operation as Operation, steps: stepList.parse(JSON.parse(steps)), ...known };
    }),
  outcomesOf: (keys) => {
    const sql = `SELECT key, subject, outcome, code, made FROM outcome
                 WHERE id IN (SELECT MAX(id) FROM outcome WHERE key IN (SELECT value FROM json_each(?)) GROUP BY key)`;
    return new Map([...store.read(sql, [JSON.stringify(keys)])].map((row) => [String(row['key']), outcomeIn(row)]));
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
  close: () => {
    store.close();
    release();
  },
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
