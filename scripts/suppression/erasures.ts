import type { LegalPeriod } from '../kernel/legalPeriod.ts';
import type { EncryptedStore, StoreValue, Vault } from '../vault/port.ts';
import { expiryOf } from './list.ts';

/** One person's erasure: which records went. `entry` is the person's key on the suppression list. */
export type Erasure = {
  readonly entry: string;
  /** ISO instant. */
  readonly at: string;
  /** Digest of the plan that was carried out. */
  readonly plan: string;
  /** Roots first. */
  readonly records: readonly { readonly object: string; readonly id: string; readonly isRoot: boolean }[];
};

export type ErasureVault = Pick<Vault, 'createStore' | 'openStore' | 'holdings' | 'requireRecipients'>;

const KIND = 'erasure-ledger';
const RECIPIENTS = 2;

const storeFor = (vault: ErasureVault, orgId: string, expiresAt: string): EncryptedStore => {
  vault.requireRecipients(orgId, RECIPIENTS);
  const known = vault.holdings(orgId).find((one) => one.kind === KIND && one.expiresAt === expiresAt);
  if (known !== undefined) return vault.openStore(known.id);
  const { store } = vault.createStore(KIND, orgId, expiresAt);
  store.create({ name: 'erasure', columns: { entry: 'text', at: 'text', plan: 'text' } });
  store.create({ name: 'record', columns: { entry: 'text', object: 'text', id: 'text', isRoot: 'integer' } });
  store.run('CREATE INDEX record_entry ON record (entry)');
  return store;
};

/** Writes down which records an erasure took; the same erasure once. GardeError `RecipientsMissing`. */
export const recordErasure = (vault: ErasureVault, orgId: string, erasure: Erasure, keep: LegalPeriod): void => {
  const { entry, at, plan, records } = erasure;
  const store = storeFor(vault, orgId, expiryOf(at, keep));
  try {
    for (const table of ['erasure', 'record']) store.run(`DELETE FROM ${table} WHERE entry = ?`, [entry]);
    store.insert(
      'record',
      ['entry', 'object', 'id', 'isRoot'],
      records.map(({ object, id, isRoot }) => [entry, object, id, isRoot ? 1 : 0]),
    );
    store.insert('erasure', ['entry', 'at', 'plan'], [[entry, at, plan]]);
    store.flush();
  } finally {
    store.close();
  }
};

const text = (value: StoreValue | undefined): string => (typeof value === 'string' ? value : '');

/** All erasures of an org that are still kept, the earliest first; one in memory at a time. */
export const readErasures = function* (
  vault: Pick<Vault, 'openStore' | 'holdings'>,
  orgId: string,
): Generator<Erasure> {
  const holdings = vault.holdings(orgId).filter(({ kind }) => kind === KIND);
  for (const { id } of holdings.toSorted((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1))) {
    const store = vault.openStore(id);
    try {
      for (const row of store.read('SELECT entry, at, plan FROM erasure ORDER BY at, entry')) {
        const entry = text(row['entry']);
        const records = [
          ...store.read('SELECT object, id, isRoot FROM record WHERE entry = ? ORDER BY isRoot DESC, rowid', [entry]),
        ];
        yield {
          ...{ entry, at: text(row['at']), plan: text(row['plan']) },
          records: records.map((one) => ({
            object: text(one['object']),
            id: text(one['id']),
            isRoot: one['isRoot'] === 1,
          })),
        };
      }
    } finally {
      store.close();
    }
  }
};
