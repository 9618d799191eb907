import { canonicalJson, type Json } from '../kernel/canonicalJson.ts';
import { saltedCommitment } from '../kernel/hash.ts';
import type { Random } from '../kernel/clock.ts';
import type { EncryptedStore, Holding, Vault } from '../vault/port.ts';
import {
  countLeaves,
  createLeafTable,
  eachCommitment,
  forgetLeaves,
  leavesOf,
  writeLeafBlocks,
  type StoredLeaf,
} from './leafBlocks.ts';

/** What a leaf commits to: ids, codes and counts of one act. Kept beside the log, never in it. */
export type LedgerEntry = {
  readonly kind: 'run' | 'approval' | 'step' | 'person-kept';
  /** The person concerned; null for entries about the run. */
  readonly subject: string | null;
  readonly content: Json;
};

/** What opens one commitment: whoever has salt and content can compute it again. */
export type OpenedEntry = { readonly index: number; readonly salt: string; readonly content: string };

/** What opens a run's commitments. Erasing a person's rows makes their leaves meaningless; the log still verifies. */
export type LeafSalts = {
  readonly holdingId: string;
  commitments(): Iterable<string>;
  count(): number;
  /** Salt and content of a person's leaves, to prove what was done. */
  entriesOf(subject: string): readonly OpenedEntry[];
  /** Salt and content of the leaves about the run itself and its approvals: about no data subject. */
  runEntries(): readonly OpenedEntry[];
  forget(subject: string): void;
  /** The checkpoint this run's leaves ended in, once it stands. */
  checkpoint(): { readonly size: number; readonly root: string } | undefined;
  setCheckpoint(size: number, root: string): void;
  close(): void;
};

/** Years an entry can be opened: the limitation period of civil claims (Code civil, art. 2224). */
const YEARS = 5;

const yearsAfter = (instant: string, years: number): string => {
  const date = new Date(instant);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString();
};

const opened = (store: EncryptedStore, holding: Holding): LeafSalts => ({
  holdingId: holding.id,
  commitments: () => eachCommitment(store),
  count: () => countLeaves(store),
  entriesOf: (subject) => leavesOf(store, subject),
  runEntries: () => leavesOf(store, null),
  forget: (subject) => {
    forgetLeaves(store, subject);
    store.flush();
  },
  checkpoint: () => {
    const [row] = [...store.read('SELECT size, root FROM checkpoint')];
    return row === undefined ? undefined : { size: Number(row['size']), root: String(row['root']) };
  },
  setCheckpoint: (size, root) => {
    store.run('DELETE FROM checkpoint');
    store.insert('checkpoint', ['size', 'root'], [[size, root]]);
    store.flush();
  },
  close: () => {
    store.close();
  },
});

export const openLeafSalts = (vault: Pick<Vault, 'openStore'>, holding: Holding): LeafSalts =>
  opened(vault.openStore(holding.id), holding);

const SALT = 32;
const SALTS_AT_ONCE = 500;

/** Salts one after the other, drawn together: each draw has its price. */
const saltsFrom = (random: Random): (() => Buffer) => {
  let drawn = Buffer.alloc(0);
  let used = 0;
  return () => {
    if (used >= drawn.length) {
      drawn = Buffer.from(random(SALT * SALTS_AT_ONCE));
      used = 0;
    }
    used += SALT;
    return drawn.subarray(used - SALT, used);
  };
};

export type SealingPorts = {
  readonly vault: Pick<Vault, 'createStore'>;
  readonly random: Random;
  readonly now: string;
  /** Told the holding before anything is in it: what is sealed half is found again and removed. */
  readonly begun?: (holdingId: string) => void;
};

/** Draws a salt for each entry and seals salts and entries in a holding of their own. */
export const sealEntries = (ports: SealingPorts, orgId: string, entries: Iterable<LedgerEntry>): LeafSalts => {
  const { holding, store } = ports.vault.createStore('ledger-salts', orgId, yearsAfter(ports.now, YEARS));
  try {
    ports.begun?.(holding.id);
    writeLeaves(store, ports.random, entries);
  } catch (error) {
    store.close();
    throw error;
  }
  return opened(store, holding);
};

/** A holding that was listed and killed before it had a table: nobody knows it. */
export const isBlank = (vault: Pick<Vault, 'openStore'>, holding: Holding): boolean => {
  const store = vault.openStore(holding.id);
  const tables = [...store.read("SELECT name FROM sqlite_master WHERE type = 'table'")];
  store.close();
  return tables.length === 0;
};

const writeLeaves = (store: EncryptedStore, random: Random, entries: Iterable<LedgerEntry>): void => {
  createLeafTable(store);
  store.create({ name: 'checkpoint', columns: { size: 'integer', root: 'text' } });
  const draw = saltsFrom(random);
  const leaves = function* (): Iterable<StoredLeaf> {
    for (const { subject, kind, content } of entries) {
      const salt = draw();
      // in canonical order already: sorting a million entries costs more than writing them
      const plain = canonicalJson({ content, kind, subject });
      yield { subject, salt: salt.toString('hex'), content: plain, commitment: saltedCommitment(salt, plain) };
    }
  };
  writeLeafBlocks(store, leaves());
  store.flush();
};
