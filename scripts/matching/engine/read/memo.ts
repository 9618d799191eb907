import { ByteDictionary } from '../text/byteDictionary.ts';
import { foldInto, hashOf, makeScratch } from '../text/fold.ts';

/** A cell while it is read. */
export type Cell = {
  bytes: Uint8Array;
  from: number;
  to: number;
  row: number;
  /** ISO 3166-1 alpha-2 of the row; '' when unknown. */
  country: string;
};

const scratch = makeScratch();

/** The folded cell; shared, until the next call. */
export const folded = (cell: Cell): typeof scratch => {
  foldInto(scratch, cell.bytes, cell.from, cell.to);
  return scratch;
};

/** Few distinct values: what they mean is worked out once for each and kept. */
export class Memo {
  private readonly texts = new ByteDictionary(256);
  private values = new Int32Array(512);
  private readonly width: number;
  private readonly read: (text: string) => readonly number[];

  /** `read` gives `width` integers for a folded text. */
  constructor(width: number, read: (text: string) => readonly number[]) {
    this.width = width;
    this.read = read;
  }

  /** Number of the folded cell's value; its integers are `value(number, 0 …)`. -1 for an empty cell. */
  find(cell: Cell): number {
    const text = folded(cell);
    return text.length === 0 ? -1 : this.number(text.bytes, text.length, text.hash);
  }

  /** The same for the first `length` bytes, folded. */
  findBytes(bytes: Uint8Array, length: number): number {
    return this.number(bytes, length, hashOf(bytes, 0, length));
  }

  value(id: number, which: number): number {
    return this.values[id * this.width + which] ?? 0;
  }

  private number(bytes: Uint8Array, length: number, hash: number): number {
    const before = this.texts.count;
    const id = this.texts.add(bytes, { from: 0, to: length }, hash);
    if (id === before) this.learn(id);
    return id;
  }

  private learn(id: number): void {
    const at = id * this.width;
    if (at + this.width > this.values.length) {
      const larger = new Int32Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.read(this.texts.text(id)).forEach((value, i) => (this.values[at + i] = value));
  }
}
