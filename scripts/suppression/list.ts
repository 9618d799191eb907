import { addDays, addMonths, localDateOf, type LegalPeriod } from '../kernel/legalPeriod.ts';
import type { EncryptedStore, StoreValue, Vault } from '../vault/port.ts';
import {
  fingerprintsOf,
  keyedDigest,
  type Fingerprint,
  type FingerprintKind,
  type MarkKeys,
  FINGERPRINT_KINDS,
} from './fingerprints.ts';
import { nearKeys, type EntryMarks } from './judge.ts';

/** Why somebody is on the list. */
export const CAUSES = ['erasure', 'objection'] as const;
export type Cause = (typeof CAUSES)[number];

export type ListVault = Pick<Vault, 'createStore' | 'openStore' | 'holdings' | 'deriveKey' | 'requireRecipients'>;

/** The use under which the org's key gives that of the fingerprints. */
export const FINGERPRINT_KEY = 'suppression';
const KIND = 'suppression-list';
/** Who can restore the org's key: a list that nobody can read any more protects nobody. */
const RECIPIENTS = 2;

/**
 * Everybody who is entered in one month shares a store, which goes with its last day: the first of the month after the period,
 * so that no entry goes before its time and none stays over a month longer.
 */
export const expiryOf = (at: string, { years = 0, months = 0, days = 0 }: LegalPeriod): string => {
  const end = addDays(addMonths(localDateOf(at, 'UTC'), years * 12 + months + 1), days);
  return `${end.slice(0, 8)}01T00:00:00.000Z`;
};

const make = (store: EncryptedStore): void => {
  store.create({ name: 'entry', columns: { id: 'text', cause: 'text', at: 'text' } });
  store.create({ name: 'fingerprint', columns: { kind: 'text', value: 'text', entry: 'text' } });
  store.create({ name: 'mark', columns: { kind: 'text', value: 'text', entry: 'text' } });
  store.create({ name: 'swept', columns: { until: 'text' } });
  store.run('CREATE INDEX fingerprint_value ON fingerprint (value)');
  store.run('CREATE INDEX mark_entry ON mark (entry)');
  store.run('CREATE INDEX entry_id ON entry (id)');
};

/** The store for entries of this day, made when it is the first of its month. GardeError `RecipientsMissing`. */
const storeFor = (vault: ListVault, orgId: string, expiresAt: string): EncryptedStore => {
  vault.requireRecipients(orgId, RECIPIENTS);
  const known = vault.holdings(orgId).find((one) => one.kind === KIND && one.expiresAt === expiresAt);
  if (known !== undefined) return vault.openStore(known.id);
  const { store } = vault.createStore(KIND, orgId, expiresAt);
  make(store);
  return store;
};

export type Entry = { readonly id: string; readonly cause: Cause; readonly at: string; readonly keys: MarkKeys };

export const inEntryOf =
  (digest: (text: string) => string, entry: string) =>
  (text: string): string =>
    digest(`entry|${entry}|${text}`);

const marksOf = ({ id, keys }: Entry, digest: (text: string) => string): readonly (readonly [string, string])[] => {
  const inEntry = inEntryOf(digest, id);
  const { whole, hints } = keys.names;
  return [
    ...[...whole].map((name) => ['whole', inEntry(`whole|${name}`)] as const),
    ...[...hints].map((name) => ['hint', inEntry(`hint|${name}`)] as const),
    ...nearKeys(whole).map((name) => ['near', inEntry(`near|${name}`)] as const),
    ...keys.births.map((birth) => ['birth', inEntry(`birth|${birth}`)] as const),
  ];
};

/**
 * Enters people on an org's suppression list: fingerprints under the org's key, never what they were made of. An entry that is
 * there already is entered anew. GardeError `RecipientsMissing`: the list needs two who can restore the key.
 */
export const addToList = (
  vault: ListVault,
  orgId: string,
  { entries, keep }: { readonly entries: readonly Entry[]; readonly keep: LegalPeriod },
): void => {
  const digest = keyedDigest(vault.deriveKey(orgId, FINGERPRINT_KEY));
  for (const entry of entries) {
    const store = storeFor(vault, orgId, expiryOf(entry.at, keep));
    try {
      for (const table of ['entry WHERE id', 'fingerprint WHERE entry', 'mark WHERE entry'])
        store.run(`DELETE FROM ${table} = ?`, [entry.id]);
      const kept = new Map(fingerprintsOf(entry.keys, 'kept', digest).map((one) => [`${one.kind} ${one.value}`, one]));
      store.insert(
        'fingerprint',
        ['kind', 'value', 'entry'],
        [...kept.values()].map(({ kind, value }) => [kind, value, entry.id]),
      );
      store.insert(
        'mark',
        ['kind', 'value', 'entry'],
        marksOf(entry, digest).map(([kind, value]) => [kind, value, entry.id]),
      );
      // last: an entry without its fingerprints would count and catch nobody
      store.insert('entry', ['id', 'cause', 'at'], [[entry.id, entry.cause, entry.at]]);
      store.flush();
    } finally {
      store.close();
    }
  }
};

export type MetEntry = {
  readonly entry: string;
  readonly cause: Cause;
  readonly kinds: ReadonlySet<FingerprintKind>;
  readonly marks: EntryMarks;
};

/** The lists of an org, open for looking up; close it. */
export type OpenList = {
  readonly digest: (text: string) => string;
  readonly size: number;
  meet(fingerprints: readonly Fingerprint[]): readonly MetEntry[];
  counts(): readonly { readonly cause: string; readonly count: number; readonly expiresAt: string }[];
  /** The instant up to which the org was swept; undefined before the first sweep. */
  sweptUntil(): string | undefined;
  /** Where nothing is listed nothing is kept either. */
  setSwept(until: string): void;
  close(): void;
};

const text = (value: StoreValue | undefined): string => (typeof value === 'string' ? value : '');
const isKind = (value: string): value is FingerprintKind => (FINGERPRINT_KINDS as readonly string[]).includes(value);

const entryMarks = (store: EncryptedStore, entry: string): EntryMarks => {
  const marks = {
    whole: new Set<string>(),
    hint: new Set<string>(),
    near: new Set<string>(),
    birth: new Set<string>(),
  };
  for (const row of store.read('SELECT kind, value FROM mark WHERE entry = ?', [entry])) {
    const kind = text(row['kind']);
    if (kind in marks) marks[kind as keyof typeof marks].add(text(row['value']));
  }
  return { whole: marks.whole, hints: marks.hint, near: marks.near, births: marks.birth };
};

const causeOf = (store: EncryptedStore, entry: string): Cause => {
  const [row] = [...store.read('SELECT cause FROM entry WHERE id = ?', [entry])];
  return text(row?.['cause']) === 'objection' ? 'objection' : 'erasure';
};

const VALUES_PER_QUERY = 500;

const metIn = (store: EncryptedStore, fingerprints: readonly Fingerprint[]): readonly MetEntry[] => {
  const met = new Map<string, Set<FingerprintKind>>();
  for (let at = 0; at < fingerprints.length; at += VALUES_PER_QUERY) {
    const values = fingerprints.slice(at, at + VALUES_PER_QUERY).map(({ value }) => value);
    const sql = `SELECT kind, entry FROM fingerprint WHERE value IN (${values.map(() => '?').join(',')})`;
    for (const row of store.read(sql, values)) {
      const kind = text(row['kind']);
      if (isKind(kind)) met.set(text(row['entry']), (met.get(text(row['entry'])) ?? new Set()).add(kind));
    }
  }
  return [...met].map(([entry, kinds]) => ({
    ...{ entry, kinds, cause: causeOf(store, entry), marks: entryMarks(store, entry) },
  }));
};

/** Opens every list of an org that has not expired. */
export const openList = (vault: ListVault, orgId: string): OpenList => {
  const holdings = vault.holdings(orgId).filter(({ kind }) => kind === KIND);
  const stores = holdings.map(({ id, expiresAt }) => ({ expiresAt, store: vault.openStore(id) }));
  const read = (sql: string) =>
    stores.flatMap(({ store, expiresAt }) => [...store.read(sql)].map((row) => ({ row, expiresAt })));
  return {
    digest: keyedDigest(vault.deriveKey(orgId, FINGERPRINT_KEY)),
    size: read('SELECT count(*) AS n FROM entry').reduce((sum, { row }) => sum + Number(row['n']), 0),
    meet: (fingerprints) => stores.flatMap(({ store }) => metIn(store, fingerprints)),
    counts: () =>
      read('SELECT cause, count(*) AS n FROM entry GROUP BY cause ORDER BY cause').map(({ row, expiresAt }) => ({
        cause: text(row['cause']),
        count: Number(row['n']),
        expiresAt,
      })),
    sweptUntil: () =>
      read('SELECT max(until) AS until FROM swept')
        .map(({ row }) => text(row['until']))
        .filter((until) => until !== '')
        .sort()
        .at(-1),
    setSwept: (until) => {
      for (const { store } of stores) {
        store.run('DELETE FROM swept');
        store.insert('swept', ['until'], [[until]]);
        store.flush();
      }
    },
    close: () => {
      for (const { store } of stores) store.close();
    },
  };
};
