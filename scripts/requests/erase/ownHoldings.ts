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

type HoldingVault = Pick<Vault, 'holdings' | 'openStore' | 'lock' | 'forgetSubjects' | 'remove'>;

/** Takes rows out of every table of a copy of the org; how many there were. */
const deleteRows = (store: EncryptedStore, ids: ReadonlySet<string>): number => {
  const list = JSON.stringify([...ids]);
  let rows = 0;
  for (const { object } of readObjects(store)) {
    const where = `${sqlName(object)} WHERE "Id" IN (SELECT value FROM json_each(?))`;
    for (const row of store.read(`SELECT COUNT(*) AS n FROM ${where}`, [list])) rows += Number(row['n']);
    store.run(`DELETE FROM ${where}`, [list]);
  }
  store.flush();
  return rows;
};

/** Takes the person's rows out of a copy of the org; how many there were. Undefined: another process has it. */
const emptySnapshot = (vault: HoldingVault, holding: Holding, ids: ReadonlySet<string>): number | undefined => {
  const release = vault.lock(holding.id);
  if (release === undefined) return undefined;
  try {
    const store = vault.openStore(holding.id);
    try {
      return deleteRows(store, ids);
    } finally {
      store.close();
    }
  } finally {
    release();
  }
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

const visitOne = (vault: HoldingVault, person: ErasedPerson, holding: Holding): HoldingVisit | undefined => {
  const { kind, expiresAt } = holding;
  const until = expiresAt.slice(0, 10);
  if (holding.id === person.own.needles) return { kind, outcome: 'for-scan', count: 1, until };
  if (holding.id === person.own.snapshot) {
    vault.remove(holding.id);
    return { kind, outcome: 'removed', count: 1, until: null };
  }
  const stays = STAYS[kind];
  if (stays === 'keys') return undefined;
  if (stays !== 'copy') return { kind, outcome: stays, count: 1, until: stays === 'forgotten' ? null : until };
  const rows = emptySnapshot(vault, holding, person.ids);
  if (rows === undefined) return { kind, outcome: 'in-use', count: 1, until };
  return rows === 0 ? undefined : { kind, outcome: 'emptied', count: rows, until: null };
};

const summed = (visits: readonly HoldingVisit[]): readonly HoldingVisit[] => {
  const groups = new Map<string, HoldingVisit>();
  for (const visit of visits) {
    const key = `${visit.kind} ${visit.outcome}`;
    const known = groups.get(key);
    const until =
      [known?.until ?? null, visit.until]
        .filter((day) => day !== null)
        .sort()
        .at(-1) ?? null;
    groups.set(key, { ...visit, count: (known?.count ?? 0) + visit.count, until });
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, visit]) => visit);
};

/**
 * What Garde itself holds of a person who was erased: their keys are destroyed, so that archives, before-images and
 * losing values sealed under them open nowhere any more; their rows leave every copy of the org. What cannot be told
 * apart by person is named with the day it is swept. An archive that a law keeps keeps its key.
 */
export const forgetInHoldings = (vault: HoldingVault, person: ErasedPerson): readonly HoldingVisit[] => {
  const subjects = person.subjects.filter((id) => !person.keptKeys.has(id));
  const gone = vault.forgetSubjects(person.orgId, subjects);
  const visits = vault.holdings(person.orgId).flatMap((holding) => visitOne(vault, person, holding) ?? []);
  const kept = person.keptKeys.size;
  return summed([
    ...(gone === 0 ? [] : [{ kind: 'subject-keys', outcome: 'forgotten', count: gone, until: null } as const]),
    ...(kept === 0 ? [] : [{ kind: 'subject-keys', outcome: 'kept-by-law', count: kept, until: null } as const]),
    ...visits,
  ]);
};
