import type { Comparison } from '../compare/contract.ts';
import { comparisonsOf, rarityIn } from '../compare/data.ts';
import { levelColumns, PairList } from '../compare/pairList.ts';
import type { Rarity } from '../compare/rarity.ts';
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

type TakePair = { add(a: number, b: number): void };

const isTaken = ({ content, pairShare, touched }: Sampling, a: number, b: number): boolean => {
  const left = content[a] ?? 0;
  const right = content[b] ?? 0;
  if (pairShare < WHOLE && mixed(Math.imul(left, right) ^ left ^ right) >= pairShare) return false;
  return touched.length === 0 || touched[a] === 1 || touched[b] === 1;
};

const sampleBlock = (sampling: Sampling, block: { from: number; to: number; leads: number }, pairs: TakePair): void => {
  const { rows, cross } = sampling;
  for (let i = block.from; i < block.leads; i += 1) {
    const a = rows[i] ?? 0;
    for (let j = cross ? block.leads : i + 1; j < block.to; j += 1) {
      const b = rows[j] ?? 0;
      if (isTaken(sampling, a, b)) pairs.add(a, b);
    }
  }
};

/** Takes the pairs of blocks and pairs that their hashes choose. */
const samplePairs = (state: ThreadState, item: PatternsItem, pairs: TakePair): void => {
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
    sampleBlock(sampling, { from, to: set.starts[block + 1] ?? 0, leads: from + (set.leads[block] ?? 0) }, pairs);
  }
};

/** Patterns with their frequency and how many pairs have them. */
class PatternCounts {
  readonly found = new Map<number, number>();
  seen = 0;
  private readonly pairs = new PairList();
  private readonly comparisons: readonly Comparison[];
  private readonly rarity: Rarity;
  private readonly strides: Float64Array;
  private readonly columns: readonly Uint8Array[];
  private readonly levels: Uint8Array;

  constructor(state: ThreadState) {
    this.comparisons = comparisonsOf(state);
    this.rarity = rarityIn(state);
    this.strides = stridesOf(need(state, 'plan').comparisons);
    this.columns = levelColumns(this.comparisons.length);
    this.levels = new Uint8Array(this.comparisons.length);
  }

  add(a: number, b: number): void {
    if (this.pairs.add(a, b)) this.workOff();
  }

  workOff(): void {
    const { pairs, columns } = this;
    this.comparisons.forEach((comparison, c) => comparison.fill(pairs, columns[c] ?? this.levels));
    for (let i = 0; i < pairs.count; i += 1) this.count(i);
    this.seen += pairs.count;
    pairs.count = 0;
  }

  private count(pair: number): void {
    const { columns, levels, strides } = this;
    let code = 0;
    for (let c = 0; c < levels.length; c += 1) {
      const level = columns[c]?.[pair] ?? 0;
      levels[c] = level;
      code += level * (strides[c] ?? 0);
    }
    const rarity = this.rarity.of(this.pairs.a[pair] ?? 0, this.pairs.b[pair] ?? 0, levels);
    const bits = Math.max(-100, Math.min(100, Math.round(rarity * HALF_BITS)));
    const key = code * FREQUENCY_ROOM + bits + FREQUENCY_ROOM / 2;
    this.found.set(key, (this.found.get(key) ?? 0) + 1);
  }
}

export const patternsTask = (state: ThreadState, item: PatternsItem): Patterns => {
  const patterns = new PatternCounts(state);
  samplePairs(state, item, patterns);
  patterns.workOff();
  const { found, seen } = patterns;
  const keys = Float64Array.from(found.keys()).sort();
  return {
    codes: keys.map((key) => Math.floor(key / FREQUENCY_ROOM)),
    frequency: Float32Array.from(keys, (key) => ((key % FREQUENCY_ROOM) - FREQUENCY_ROOM / 2) / HALF_BITS),
    counts: keys.map((key) => found.get(key) ?? 0),
    seen,
  };
};
