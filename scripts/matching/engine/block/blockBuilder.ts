import { sharedCopyOfInts, sharedCopyOfWords } from '../threads/sharedArrays.ts';
import type { BlockSet } from './contract.ts';

/** Who may pair with whom. */
export type Pairing = { readonly leads: Uint8Array; readonly cross: boolean };

/** Pairs of a block of `size` rows whose first `leads` may lead. */
export const pairsIn = (size: number, leads: number, cross: boolean): number =>
  cross ? leads * (size - leads) : (leads * (leads - 1)) / 2 + leads * (size - leads);

const LEAST_ROOM = 256;

const larger = <T extends Int32Array | Uint32Array>(array: T, make: (size: number) => T): T => {
  const more = make(array.length * 2);
  more.set(array);
  return more;
};

/** Collects blocks; those without a possible pair are left out. */
export class BlockBuilder {
  private rows = new Int32Array(LEAST_ROOM);
  private starts = new Int32Array(LEAST_ROOM);
  private leads = new Int32Array(LEAST_ROOM);
  private keys = new Uint32Array(LEAST_ROOM);
  private used = 0;
  count = 0;
  pairs = 0;
  private readonly pairing: Pairing;

  constructor(pairing: Pairing) {
    this.pairing = pairing;
  }

  /** Rows `from .. to` of `source`, each row once; answers the number of pairs. */
  add(source: Int32Array, from: number, to: number, key: number): number {
    while (this.used + to - from > this.rows.length) this.rows = larger(this.rows, (size) => new Int32Array(size));
    const start = this.used;
    const { leads, cross } = this.pairing;
    const leading = leads.length === 0 ? this.appendAll(source, from, to) : this.append(source, from, to, 1);
    if (leads.length > 0) this.append(source, from, to, 0);
    const pairs = pairsIn(this.used - start, leading, cross);
    if (pairs === 0) {
      this.used = start;
      return 0;
    }
    this.close(start, leading, key);
    this.pairs += pairs;
    return pairs;
  }

  set(): BlockSet {
    const starts = this.starts.slice(0, this.count + 1);
    starts[this.count] = this.used;
    return {
      rows: sharedCopyOfInts(this.rows.subarray(0, this.used)),
      starts: sharedCopyOfInts(starts),
      leads: sharedCopyOfInts(this.leads.subarray(0, this.count)),
      keys: sharedCopyOfWords(this.keys.subarray(0, this.count)),
      count: this.count,
      pairs: this.pairs,
    };
  }

  private appendAll(source: Int32Array, from: number, to: number): number {
    const before = this.used;
    let last = -1;
    for (let i = from; i < to; i += 1) {
      const row = source[i] ?? 0;
      if (row === last) continue;
      last = row;
      this.rows[this.used++] = row;
    }
    return this.used - before;
  }

  /** `lead`: 1 for the rows that may be the first of a pair, 0 for the others. */
  private append(source: Int32Array, from: number, to: number, lead: number): number {
    const { leads } = this.pairing;
    const before = this.used;
    let last = -1;
    for (let i = from; i < to; i += 1) {
      const row = source[i] ?? 0;
      if (row === last || leads[row] !== lead) continue;
      last = row;
      this.rows[this.used++] = row;
    }
    return this.used - before;
  }

  private close(start: number, leading: number, key: number): void {
    if (this.count + 2 > this.starts.length) {
      this.starts = larger(this.starts, (size) => new Int32Array(size));
      this.leads = larger(this.leads, (size) => new Int32Array(size));
      this.keys = larger(this.keys, (size) => new Uint32Array(size));
    }
    this.starts[this.count] = start;
    this.leads[this.count] = leading;
    this.keys[this.count] = key;
    this.count += 1;
  }
}
