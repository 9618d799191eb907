import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { EncryptedStore, StoreValue } from '../../vault/port.ts';

/**
 * Steps lie in the store by blocks, compressed: one step is much like the next, and what is not written need not be
 * encrypted. The n-th step of a plan is the text n mod 64 of block n div 64.
 */
const STEPS_PER_BLOCK = 64;
/** No block is larger once opened: 64 steps with the longest values a record has. */
const MOST_BYTES = 256 * 1024 * 1024;
const BLOCKS_PER_WRITE = 200;
const COLUMNS = ['block', 'packed'] as const;

export const createBlockTable = (store: EncryptedStore): void => {
  store.run('CREATE TABLE stepBlock (block integer PRIMARY KEY, packed text)');
};

const pack = (texts: readonly string[]): string => deflateRawSync(texts.join('\n'), { level: 1 }).toString('base64');

const unpack = (packed: StoreValue | undefined): readonly string[] =>
  inflateRawSync(Buffer.from(String(packed), 'base64'), { maxOutputLength: MOST_BYTES })
    .toString('utf8')
    .split('\n');

/** Takes canonical texts, which have no line break, in the plan's order. */
export const blockWriter = (store: EncryptedStore) => {
  let block = 0;
  let texts: string[] = [];
  let rows: (readonly StoreValue[])[] = [];
  const close = (): void => {
    rows.push([block, pack(texts)]);
    block += 1;
    texts = [];
  };
  const write = (): void => {
    store.insert('stepBlock', COLUMNS, rows);
    rows = [];
  };
  return {
    add: (text: string): void => {
      texts.push(text);
      if (texts.length < STEPS_PER_BLOCK) return;
      close();
      if (rows.length >= BLOCKS_PER_WRITE) write();
    },
    end: (): void => {
      if (texts.length > 0) close();
      write();
    },
  };
};

export type StepText = { readonly ordinal: number; readonly text: string };

/** All texts in order; stops at a block that is not where it must be, so that a digest over them differs. */
export function* eachText(store: EncryptedStore): Iterable<StepText> {
  let ordinal = 0;
  for (const row of store.read('SELECT block, packed FROM stepBlock ORDER BY block')) {
    if (Number(row['block']) * STEPS_PER_BLOCK !== ordinal) return;
    for (const text of unpack(row['packed'])) {
      yield { ordinal, text };
      ordinal += 1;
    }
  }
}

/** A run of steps that stand together. */
export type StepRange = { readonly first: number; readonly steps: number };

/** Opens single steps; ranges in the plan's order open each block once. */
export const openBlocks = (store: EncryptedStore): ((range: StepRange) => readonly StepText[]) => {
  let held: { readonly block: number; readonly texts: readonly string[] } = { block: -1, texts: [] };
  const textAt = (ordinal: number): string => {
    const block = Math.floor(ordinal / STEPS_PER_BLOCK);
    if (held.block !== block) {
      const [row] = [...store.read('SELECT packed FROM stepBlock WHERE block = ?', [block])];
      held = { block, texts: unpack(row?.['packed']) };
    }
    return held.texts[ordinal % STEPS_PER_BLOCK] ?? '';
  };
  return ({ first, steps }) =>
    Array.from({ length: steps }, (_, i) => ({ ordinal: first + i, text: textAt(first + i) }));
};
