import { headOf, letterMask } from '../kernels/jaroWinkler.ts';
import { hashText } from '../text/fold.ts';
import { sharedBytes, sharedCopyOfBytes, sharedCopyOfInts, sharedInts, sharedWords } from '../threads/sharedArrays.ts';
import type { ValueTable } from './contract.ts';

const LONGEST_TEXT = 255;
const encoder = new TextEncoder();

type Value = { readonly key: string; readonly compared: string; readonly uses: number };

/** Collects distinct values by key and numbers them from 1; 0 stands for none. */
export class ValueTableBuilder {
  private readonly numbers = new Map<string, number>();
  private readonly at: number[] = [0];
  private readonly lengths: number[] = [0];
  private readonly counts: number[] = [0];
  private fields: Int32Array;
  private readonly compared: string[] = [''];
  private bytes = new Uint8Array(2 ** 16);
  private used = 0;
  private readonly width: number;

  constructor(width: number) {
    this.width = width;
    this.fields = new Int32Array(width * 256);
  }

  /** The value's number; its `width` fields are those of `source` from `from` on. */
  add(value: Value, source: Int32Array, from: number): number {
    if (value.key === '') return 0;
    const known = this.numbers.get(value.key);
    if (known !== undefined) {
      this.counts[known] = (this.counts[known] ?? 0) + value.uses;
      if (this.isBefore(value, known, source, from)) this.replace(known, value, source, from);
      return known;
    }
    const id = this.at.length;
    this.numbers.set(value.key, id);
    this.at.push(this.used);
    this.counts.push(value.uses);
    this.compared.push(value.compared);
    this.lengths.push(this.append(value.compared));
    this.putFields(id, source, from);
    return id;
  }

  table(ofRaw: Int32Array, perRaw: number): ValueTable {
    const count = this.at.length;
    const bytes = sharedBytes(this.used);
    bytes.set(this.bytes.subarray(0, this.used));
    const mask = sharedInts(count);
    const head = sharedInts(count);
    for (let id = 0; id < count; id += 1) {
      mask[id] = letterMask(bytes, this.at[id] ?? 0, this.lengths[id] ?? 0);
      head[id] = headOf(bytes, this.at[id] ?? 0, this.lengths[id] ?? 0);
    }
    const length = sharedBytes(count);
    length.set(this.lengths);
    const keys = encoder.encode([...this.numbers.keys()].join(''));
    const keyStarts = sharedWords(count + 1);
    const identity = sharedInts(count);
    let at = 0;
    let id = 1;
    for (const key of this.numbers.keys()) {
      identity[id] = hashText(key);
      keyStarts[id++] = at;
      at += Buffer.byteLength(key);
    }
    keyStarts[id] = at;
    return {
      count,
      texts: { bytes, at: sharedCopyOfInts(Int32Array.from(this.at)), length, mask, head },
      width: this.width,
      fields: sharedCopyOfInts(this.fields.subarray(0, count * this.width)),
      keys: sharedCopyOfBytes(keys),
      keyStarts,
      identity,
      counts: sharedCopyOfInts(Int32Array.from(this.counts)),
      ofRaw,
      perRaw,
    };
  }

  /** Texts of one key may differ in what is said of them: the first in a fixed order stands for all, whoever came first. */
  private isBefore(value: Value, known: number, source: Int32Array, from: number): boolean {
    const held = this.compared[known] ?? '';
    if (value.compared !== held) return value.compared < held;
    for (let i = 0; i < this.width; i += 1) {
      const difference = (source[from + i] ?? 0) - (this.fields[known * this.width + i] ?? 0);
      if (difference !== 0) return difference < 0;
    }
    return false;
  }

  private replace(known: number, value: Value, source: Int32Array, from: number): void {
    this.at[known] = this.used;
    this.lengths[known] = this.append(value.compared);
    this.compared[known] = value.compared;
    this.putFields(known, source, from);
  }

  private putFields(id: number, source: Int32Array, from: number): void {
    const { width } = this;
    if ((id + 1) * width > this.fields.length) {
      const larger = new Int32Array(this.fields.length * 2);
      larger.set(this.fields);
      this.fields = larger;
    }
    for (let i = 0; i < width; i += 1) this.fields[id * width + i] = source[from + i] ?? 0;
  }

  private append(text: string): number {
    if (this.used + LONGEST_TEXT * 3 > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes.subarray(0, this.used));
      this.bytes = larger;
    }
    const { written } = encoder.encodeInto(text.slice(0, LONGEST_TEXT), this.bytes.subarray(this.used));
    const length = Math.min(written, LONGEST_TEXT);
    this.used += length;
    return length;
  }
}
