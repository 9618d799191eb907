import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { EncryptedStore, StoreValue } from '../vault/port.ts';

/** One leaf with what opens it; `salt` and `content` are null once the person was forgotten. */
export type StoredLeaf = {
  readonly subject: string | null;
  /** 64 hexadecimal characters each. */
  readonly salt: string | null;
  readonly commitment: string;
  readonly content: string | null;
};

/**
 * Leaves lie in the store by blocks: one content is much like the next, and what is not written need not be encrypted. A
 * block says between which subjects its people are, so that one person is found without opening all, and whether it has
 * leaves about nobody.
 */
const LEAVES_PER_BLOCK = 256;
const BLOCKS_PER_WRITE = 50;
const TABLE = `CREATE TABLE leafBlock (block integer PRIMARY KEY, leaves integer, low text, high text, own integer,
  commitments text, salts text, packed text)`;
const COLUMNS = ['block', 'leaves', 'low', 'high', 'own', 'commitments', 'salts', 'packed'] as const;
/** No block is larger once opened: contents are ids, codes and counts. */
const MOST_BYTES = 64 * 1024 * 1024;
const DIGEST = 32;

export const createLeafTable = (store: EncryptedStore): void => {
  store.run(TABLE);
};

const told = z.array(z.tuple([z.string().nullable(), z.string().nullable()]));

const pack = (leaves: readonly StoredLeaf[]): string =>
  deflateRawSync(JSON.stringify(leaves.map(({ subject, content }) => [subject, content])), { level: 1 }).toString(
    'base64',
  );

/** Random bytes cannot be packed: they stand by themselves; zeros where there are none any more. */
const bytesOf = (texts: readonly (string | null)[]): string =>
  Buffer.from(texts.map((text) => text ?? FORGOTTEN).join(''), 'hex').toString('base64');
const FORGOTTEN = '00'.repeat(DIGEST);

const subjectsIn = (leaves: readonly StoredLeaf[]): readonly string[] =>
  leaves.flatMap(({ subject }) => subject ?? []).sort();

const blockRow = (block: number, leaves: readonly StoredLeaf[]): readonly StoreValue[] => {
  const subjects = subjectsIn(leaves);
  const own = leaves.some(({ subject, salt }) => subject === null && salt !== null) ? 1 : 0;
  const commitments = bytesOf(leaves.map(({ commitment }) => commitment));
  const salts = bytesOf(leaves.map(({ salt }) => salt));
  return [block, leaves.length, subjects[0] ?? null, subjects.at(-1) ?? null, own, commitments, salts, pack(leaves)];
};

/** Writes leaves in groups, so that memory stays flat. */
export const writeLeafBlocks = (store: EncryptedStore, leaves: Iterable<StoredLeaf>): void => {
  let block = 0;
  let open: StoredLeaf[] = [];
  let rows: (readonly StoreValue[])[] = [];
  const close = (): void => {
    if (open.length > 0) rows.push(blockRow(block, open));
    block += 1;
    open = [];
  };
  const write = (): void => {
    store.insert('leafBlock', COLUMNS, rows);
    rows = [];
  };
  for (const leaf of leaves) {
    open.push(leaf);
    if (open.length < LEAVES_PER_BLOCK) continue;
    close();
    if (rows.length >= BLOCKS_PER_WRITE) write();
  }
  close();
  write();
};

type Row = Readonly<Record<string, StoreValue>>;

/** The n-th of values that stand side by side. */
const valuesIn = (row: Row, column: 'commitments' | 'salts'): ((at: number) => string) => {
  const all = Buffer.from(String(row[column]), 'base64');
  return (at) => all.toString('hex', at * DIGEST, (at + 1) * DIGEST);
};

/** All commitments in order. */
export function* eachCommitment(store: EncryptedStore): Iterable<string> {
  for (const row of store.read('SELECT leaves, commitments FROM leafBlock ORDER BY block')) {
    const commitmentAt = valuesIn(row, 'commitments');
    for (let at = 0; at < Number(row['leaves']); at += 1) yield commitmentAt(at);
  }
}

export const countLeaves = (store: EncryptedStore): number =>
  Number([...store.read('SELECT SUM(leaves) AS n FROM leafBlock')][0]?.['n'] ?? 0);

type Block = { readonly block: number; readonly leaves: readonly StoredLeaf[] };

const opened = (row: Row): Block => {
  const [commitmentAt, saltAt] = [valuesIn(row, 'commitments'), valuesIn(row, 'salts')];
  const packed = Buffer.from(String(row['packed']), 'base64');
  const text = inflateRawSync(packed, { maxOutputLength: MOST_BYTES }).toString('utf8');
  const leaves = told.parse(JSON.parse(text)).map(([subject, content], at) => ({
    ...{ subject, content, commitment: commitmentAt(at) },
    salt: content === null ? null : saltAt(at),
  }));
  return { block: Number(row['block']), leaves };
};

const OPEN = 'SELECT block, commitments, salts, packed FROM leafBlock';
const OF_PERSON = `${OPEN} WHERE low <= ? AND high >= ? ORDER BY block`;
const OF_NOBODY = `${OPEN} WHERE own = 1 ORDER BY block`;

/** Blocks that may have leaves of a person; with null, of nobody. */
const blocksOf = (store: EncryptedStore, subject: string | null): readonly Block[] =>
  [...(subject === null ? store.read(OF_NOBODY) : store.read(OF_PERSON, [subject, subject]))].map(opened);

/** Leaves of a person that can be opened, each with its place in the run; with null, of nobody. */
export const leavesOf = (
  store: EncryptedStore,
  subject: string | null,
): readonly { readonly index: number; readonly salt: string; readonly content: string }[] =>
  blocksOf(store, subject).flatMap(({ block, leaves }) =>
    leaves.flatMap(({ subject: whose, salt, content }, at) =>
      whose === subject && salt !== null && content !== null
        ? [{ index: block * LEAVES_PER_BLOCK + at, salt, content }]
        : [],
    ),
  );

/** Makes a person's leaves meaningless: what opens them is gone, the commitments stay. */
export const forgetLeaves = (store: EncryptedStore, subject: string): void => {
  for (const { block, leaves } of blocksOf(store, subject)) {
    const left = leaves.map((leaf) =>
      leaf.subject === subject ? { ...leaf, subject: null, salt: null, content: null } : leaf,
    );
    const changed = COLUMNS.slice(1).map((name) => `${name} = ?`);
    const [, ...values] = blockRow(block, left);
    store.run(`UPDATE leafBlock SET ${changed.join(', ')} WHERE block = ?`, [...values, block]);
  }
};
