import { comparisonsOf, rarityIn } from '../compare/data.ts';
import { mixed } from '../text/fold.ts';
import { need, type ThreadState } from '../threads/state.ts';
import { stridesOf } from './codes.ts';

/** At most about `most` pairs of one rule, chosen by what the rows hold. */
export type PatternsItem = { readonly rule: number; readonly most: number };

/** Patterns with their frequency, ascending, and how often each was met; `seen` pairs in all. */
export type Patterns = {
  readonly codes: Float64Array;
  readonly frequency: Float32Array;
  readonly counts: Float64Array;
  readonly seen: number;
};

const HALF_BITS = 2;
const FREQUENCY_ROOM = 512;
const WIDER = 8;
const WHOLE = 2 ** 32;

type Sampling = {
  readonly rows: Int32Array;
  readonly content: Int32Array;
  readonly touched: Uint8Array;
  readonly cross: boolean;
  /** Of all hashes, those below this are taken. */
  readonly pairShare: number;
};

type TakePair = (a: number, b: number) => void;

const isTaken = ({ content, pairShare, touched }: Sampling, a: number, b: number): boolean => {
  const left = content[a] ?? 0;
  const right = content[b] ?? 0;
  if (pairShare < WHOLE && mixed(Math.imul(left, right) ^ left ^ right) >= pairShare) return false;
  return touched.length === 0 || touched[a] === 1 || touched[b] === 1;
};

const sampleBlock = (sampling: Sampling, block: { from: number; to: number; leads: number }, pair: TakePair): void => {
  const { rows, cross } = sampling;
  for (let i = block.from; i < block.leads; i += 1) {
    const a = rows[i] ?? 0;
    for (let j = cross ? block.leads : i + 1; j < block.to; j += 1) {
      const b = rows[j] ?? 0;
      if (isTaken(sampling, a, b)) pair(a, b);
    }
  }
};

/** Calls `pair` for the pairs of blocks and pairs that their hashes choose. */
const samplePairs = (state: ThreadState, item: PatternsItem, pair: TakePair): void => {
  const set = need(state, 'blocks')[item.rule];
  const content = need(state, 'columns')['content'];
  if (set === undefined || content === undefined) return;
  const share = Math.min(1, item.most / Math.max(1, set.pairs));
  const blockShare = Math.min(1, share * WIDER);
  const pairShare = Math.min(1, share / blockShare) * WHOLE;
  const cross = need(state, 'cross');
  const sampling: Sampling = { rows: set.rows, content, touched: need(state, 'touched'), cross, pairShare };
  for (let block = 0; block < set.count; block += 1) {
    if (mixed((set.keys[block] ?? 0) ^ 0x2545f491) >= blockShare * WHOLE) continue;
    const from = set.starts[block] ?? 0;
    sampleBlock(sampling, { from, to: set.starts[block + 1] ?? 0, leads: from + (set.leads[block] ?? 0) }, pair);
  }
};

export const patternsTask = (state: ThreadState, item: PatternsItem): Patterns => {
  const comparisons = comparisonsOf(state);
  const rarity = rarityIn(state);
  const strides = stridesOf(need(state, 'plan').comparisons);
  const levels = new Uint8Array(comparisons.length);
  const found = new Map<number, number>();
  let seen = 0;
  samplePairs(state, item, (a, b) => {
    let code = 0;
    for (let i = 0; i < levels.length; i += 1) {
      const level = comparisons[i]?.(a, b) ?? 0;
      levels[i] = level;
      code += level * (strides[i] ?? 0);
    }
    const bits = Math.max(-100, Math.min(100, Math.round(rarity.of(a, b, levels) * HALF_BITS)));
    const key = code * FREQUENCY_ROOM + bits + FREQUENCY_ROOM / 2;
    found.set(key, (found.get(key) ?? 0) + 1);
    seen += 1;
  });
  const keys = Float64Array.from(found.keys()).sort();
  return {
    codes: keys.map((key) => Math.floor(key / FREQUENCY_ROOM)),
    frequency: Float32Array.from(keys, (key) => ((key % FREQUENCY_ROOM) - FREQUENCY_ROOM / 2) / HALF_BITS),
    counts: keys.map((key) => found.get(key) ?? 0),
    seen,
  };
};
