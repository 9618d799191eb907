import { canonicalJson, type Json } from '../kernel/canonicalJson.ts';
import { saltedCommitment } from '../kernel/hash.ts';
import type { Random } from '../kernel/clock.ts';
import type { EncryptedStore, Holding, StoreValue, Vault } from '../vault/port.ts';

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

const text = (value: StoreValue | undefined): string => (typeof value === 'string' ? value : '');

const entry = (row: Readonly<Record<string, StoreValue>>): OpenedEntry => ({
  index: Number(row['position']),
  salt: text(row['salt']),
  content: text(row['content']),
});

const opened = (store: EncryptedStore, holding: Holding): LeafSalts => ({
  holdingId: holding.id,
  commitments: function* () {
    for (const row of store.read('SELECT commitment FROM leaf ORDER BY position')) yield text(row['commitment']);
  },
  count: () => Number([...store.read('SELECT COUNT(*) AS n FROM leaf')][0]?.['n'] ?? 0),
  entriesOf: (subject) =>
    [...store.read('SELECT position, salt, content FROM leaf WHERE subject = ? ORDER BY position', [subject])].map(
      entry,
    ),
  runEntries: () =>
    [
      ...store.read(
        'SELECT position, salt, content FROM leaf WHERE subject IS NULL AND salt IS NOT NULL ORDER BY position',
      ),
    ].map(entry),
  forget: (subject) => {
    store.run('UPDATE leaf SET subject = NULL, salt = NULL, content = NULL WHERE subject = ?', [subject]);
    store.flush();
  },
  checkpoint: () => {
    const [row] = [...store.read('SELECT size, root FROM checkpoint')];
    return row === undefined ? undefined : { size: Number(row['size']), root: text(row['root']) };
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
  store.run('CREATE TABLE leaf (position integer PRIMARY KEY, subject text, salt text, content text, commitment text)');
  store.create({ name: 'checkpoint', columns: { size: 'integer', root: 'text' } });
  const draw = saltsFrom(random);
  const rows = function* (): Iterable<readonly StoreValue[]> {
    let position = 0;
    for (const { subject, kind, content } of entries) {
      const salt = draw();
      // in canonical order already: sorting a million entries costs more than writing them
      const plain = canonicalJson({ content, kind, subject });
      yield [position, subject, salt.toString('hex'), plain, saltedCommitment(salt, plain)];
      position += 1;
    }
  };
  store.insert('leaf', ['position', 'subject', 'salt', 'content', 'commitment'], rows());
  store.run('CREATE INDEX leafSubject ON leaf (subject)');
  store.flush();
};
