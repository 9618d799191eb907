import { readObjects } from '../../snapshot/meta.ts';
import { sqlName } from '../../snapshot/columns.ts';
import type { HoldingKind } from '../../model/holdings.ts';
import type { EncryptedStore, Holding, Vault } from '../../vault/port.ts';

/**
 * What became of something Garde holds itself. `forgotten`: the person's keys are destroyed, what was sealed under them
 * opens nowhere. `emptied`: their rows were taken out. `removed`: gone as a whole. `ids-only`: record ids and codes, no
 * names; `sealed-to-others`: sealed to somebody's passphrase or for a letter, and Garde cannot tell whose it is;
 * `in-use`: another command works with it; `for-scan`: what the scan after the run looks for; `kept-by-law`: the archive.
 */
export const HOLDING_OUTCOMES = [
  'forgotten',
  'emptied',
  'removed',
  'ids-only',
  'sealed-to-others',
  'in-use',
  'for-scan',
  'kept-by-law',
] as const;
export type HoldingOutcome = (typeof HOLDING_OUTCOMES)[number];

export type HoldingVisit = {
  readonly kind: HoldingKind;
  readonly outcome: HoldingOutcome;
  /** Keys, rows, or holdings. */
  readonly count: number;
  /** Day after which what stays is swept; null when nothing stays. */
  readonly until: string | null;
};

export type ErasedPerson = {
  readonly orgId: string;
  /** Every record that was the person's, by any name. */
  readonly ids: ReadonlySet<string>;
  /** Records that are the person themself: subjects of keys. */
  readonly subjects: readonly string[];
  /** Subjects whose key opens an archive that a law keeps. */
  readonly keptKeys: ReadonlySet<string>;
  /** The erasure's own holdings: copy of the org, needles. */
  readonly own: { readonly snapshot: string; readonly needles: string | undefined };
};

/** A visit before it is made; `holding` is the copy of the org that is meant. */
export type ForeseenVisit = HoldingVisit & { readonly holding?: string };

type HoldingVault = Pick<Vault, 'holdings' | 'openStore' | 'lock' | 'knownSubjects' | 'forgetSubjects' | 'remove'>;

/** Works in a copy of the org that no other process has; undefined when one has it. */
const inCopy = <T>(vault: HoldingVault, holding: Holding, work: (store: EncryptedStore) => T): T | undefined => {
  const release = vault.lock(holding.id);
  if (release === undefined) return undefined;
  try {
    const store = vault.openStore(holding.id);
    try {
      return work(store);
    } finally {
      store.close();
    }
  } finally {
    release();
  }
};

const tablesWith = (store: EncryptedStore): readonly string[] =>
  readObjects(store).map(({ object }) => `${sqlName(object)} WHERE "Id" IN (SELECT value FROM json_each(?))`);

/** How many rows of these ids are in a copy of the org. */
const countRows = (store: EncryptedStore, list: string): number =>
  tablesWith(store)
    .flatMap((where) => [...store.read(`SELECT COUNT(*) AS n FROM ${where}`, [list])])
    .reduce((sum, row) => sum + Number(row['n']), 0);

const deleteRows = (store: EncryptedStore, list: string): void => {
  for (const where of tablesWith(store)) store.run(`DELETE FROM ${where}`, [list]);
  store.flush();
};

/** Of each kind, what stays of it when the person's keys are gone and copies of the org are emptied. */
const STAYS: Readonly<Record<HoldingKind, HoldingOutcome | 'copy' | 'keys'>> = {
  snapshot: 'copy',
  'subject-keys': 'keys',
  'plan-steps': 'ids-only',
  'planned-law': 'ids-only',
  'run-journal': 'ids-only',
  'ledger-salts': 'ids-only',
  'match-run': 'ids-only',
  'match-index': 'removed',
  'match-decisions': 'ids-only',
  'erasure-ledger': 'ids-only',
  'suppression-list': 'ids-only',
  'erasure-export': 'sealed-to-others',
  'access-dossier': 'sealed-to-others',
  'named-report': 'sealed-to-others',
  'request-letter': 'sealed-to-others',
  'keyring-handover': 'ids-only',
  'letter-outbox': 'sealed-to-others',
  'file-before': 'sealed-to-others',
  'pulled-twin': 'sealed-to-others',
  'erasure-needles': 'sealed-to-others',
  'archive-copy': 'sealed-to-others',
  archive: 'forgotten',
};

/** What will become of one holding; nothing is done yet. Undefined: nothing of the person is in it. */
const foreseeOne = (vault: HoldingVault, person: ErasedPerson, holding: Holding): ForeseenVisit | undefined => {
  const { id, kind, expiresAt } = holding;
  const until = expiresAt.slice(0, 10);
  if (holding.id === person.own.needles) return { kind, outcome: 'for-scan', count: 1, until };
  if (holding.id === person.own.snapshot) return { kind, outcome: 'removed', count: 1, until: null };
  const stays = STAYS[kind];
  if (stays === 'keys') return undefined;
  if (stays !== 'copy')
    return { kind, outcome: stays, count: 1, until: ['forgotten', 'removed'].includes(stays) ? null : until };
  const rows = inCopy(vault, holding, (store) => countRows(store, JSON.stringify([...person.ids])));
  if (rows === undefined) return { kind, outcome: 'in-use', count: 1, until, holding: id };
  return rows === 0 ? undefined : { kind, outcome: 'emptied', count: rows, until: null, holding: id };
};

const summed = (visits: readonly ForeseenVisit[]): readonly HoldingVisit[] => {
  const groups = new Map<string, HoldingVisit>();
  for (const visit of visits) {
    const { kind, outcome } = visit;
    const key = `${kind} ${outcome}`;
    const known = groups.get(key);
    const until =
      [known?.until ?? null, visit.until]
        .filter((day) => day !== null)
        .sort()
        .at(-1) ?? null;
    groups.set(key, { kind, outcome, count: (known?.count ?? 0) + visit.count, until });
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, visit]) => visit);
};

const keysToForget = ({ subjects, keptKeys }: ErasedPerson): readonly string[] =>
  subjects.filter((id) => !keptKeys.has(id));

const foresee = (vault: HoldingVault, person: ErasedPerson): readonly ForeseenVisit[] => {
  const keys = vault.knownSubjects(person.orgId, keysToForget(person));
  const kept = person.keptKeys.size;
  return [
    ...(keys === 0 ? [] : [{ kind: 'subject-keys', outcome: 'forgotten', count: keys, until: null } as const]),
    ...(kept === 0 ? [] : [{ kind: 'subject-keys', outcome: 'kept-by-law', count: kept, until: null } as const]),
    ...vault.holdings(person.orgId).flatMap((holding) => foreseeOne(vault, person, holding) ?? []),
  ];
};

/** What an earlier sitting, which was killed, foresaw; and where this one writes it down before it does anything. */
export type VisitMemory = {
  readonly recall: () => readonly ForeseenVisit[] | undefined;
  readonly remember: (foreseen: readonly ForeseenVisit[]) => void;
};
const NO_MEMORY: VisitMemory = { recall: () => undefined, remember: () => undefined };

/** Takes the person out of every copy of the org; those that another process has meanwhile. */
const emptyCopies = (vault: HoldingVault, person: ErasedPerson): readonly Holding[] => {
  const list = JSON.stringify([...person.ids]);
  const copies = vault.holdings(person.orgId).filter(({ kind }) => STAYS[kind] === 'copy');
  return copies.filter(
    (holding) =>
      inCopy(vault, holding, (store) => {
        if (countRows(store, list) > 0) deleteRows(store, list);
        return true;
      }) === undefined,
  );
};

/** What cannot be emptied and is quickly made again goes as a whole. */
const removeIndexes = (vault: HoldingVault, { orgId }: ErasedPerson): void => {
  for (const { id, kind } of vault.holdings(orgId)) if (STAYS[kind] === 'removed') vault.remove(id);
};

/** As foreseen, but for copies that could not be opened after all. */
const asMade = (foreseen: readonly ForeseenVisit[], busy: readonly Holding[]): readonly ForeseenVisit[] => {
  const left = new Map(busy.map((holding) => [holding.id, holding.expiresAt.slice(0, 10)]));
  const isLeft = ({ holding }: ForeseenVisit): boolean => holding !== undefined && left.has(holding);
  const named = [...left.values()].map((until) => ({ kind: 'snapshot', outcome: 'in-use', count: 1, until }) as const);
  return [...foreseen.filter((visit) => !isLeft(visit)), ...named];
};

/**
 * What Garde itself holds of a person who was erased: their keys are destroyed, so that archives, before-images and
 * losing values sealed under them open nowhere any more; their rows leave every copy of the org. What cannot be told
 * apart by person is named with the day it is swept. An archive that a law keeps keeps its key. Doing it again changes
 * nothing; with the memory of a sitting that was killed, what that one did is told too.
 */
export const forgetInHoldings = (
  vault: HoldingVault,
  person: ErasedPerson,
  memory: VisitMemory = NO_MEMORY,
): readonly HoldingVisit[] => {
  const foreseen = memory.recall() ?? foresee(vault, person);
  memory.remember(foreseen);
  vault.forgetSubjects(person.orgId, keysToForget(person));
  vault.remove(person.own.snapshot);
  removeIndexes(vault, person);
  return summed(asMade(foreseen, emptyCopies(vault, person)));
};
