import { headOf, letterMask } from '../engine/kernels/jaroWinkler.ts';
import type { ValueTable } from '../engine/values/contract.ts';
import type { OpenValues } from './openIndex.ts';

type One = {
  readonly key: Uint8Array;
  readonly text: Uint8Array;
  readonly fields: Int32Array;
  readonly identity: number;
  uses: number;
};

/** Byte strings one after the other: number `i` from 1 on lies at `starts[i] .. starts[i + 1]`. */
const joined = (parts: readonly Uint8Array[]): { readonly starts: Uint32Array; readonly bytes: Uint8Array } => {
  const starts = new Uint32Array(parts.length + 2);
  parts.forEach((part, i) => (starts[i + 2] = (starts[i + 1] ?? 0) + part.length));
  const bytes = new Uint8Array(starts.at(-1) ?? 0);
  parts.forEach((part, i) => bytes.set(part, starts[i + 1]));
  return { starts, bytes };
};

const textsOf = (ones: readonly One[]): ValueTable['texts'] => {
  const { starts, bytes } = joined(ones.map(({ text }) => text));
  const lengths = new Uint8Array(ones.length + 1);
  const [mask, head] = [new Int32Array(ones.length + 1), new Int32Array(ones.length + 1)];
  ones.forEach(({ text }, i) => {
    lengths[i + 1] = text.length;
    mask[i + 1] = letterMask(bytes, starts[i + 1] ?? 0, text.length);
    head[i + 1] = headOf(bytes, starts[i + 1] ?? 0, text.length);
  });
  return { bytes, at: new Int32Array(starts.buffer, 0, ones.length + 1), length: lengths, mask, head };
};

/** Whether the first one stands for both of one key: in a fixed order, whoever came first (ValueTableBuilder). */
const isBefore = (one: One, other: One): boolean => {
  const texts = Buffer.compare(one.text, other.text);
  if (texts !== 0) return texts < 0;
  for (let i = 0; i < one.fields.length; i += 1) {
    const apart = (one.fields[i] ?? 0) - (other.fields[i] ?? 0);
    if (apart !== 0) return apart < 0;
  }
  return false;
};

/** One value of the index. */
const valueAt = (values: OpenValues, id: number): One => {
  const { keys, keyStarts, texts, textStarts, fields, width, identity, counts } = values;
  return {
    key: keys.subarray(keyStarts[id], keyStarts[id + 1]),
    text: texts.subarray(textStarts[id], textStarts[id + 1]),
    fields: fields.subarray(id * width, (id + 1) * width),
    identity: identity[id] ?? 0,
    uses: counts[id] ?? 0,
  };
};

const ownValue = (table: ValueTable, id: number): One => {
  const at = table.texts.at[id] ?? 0;
  return {
    key: table.keys.subarray(table.keyStarts[id], table.keyStarts[id + 1]),
    text: table.texts.bytes.subarray(at, at + (table.texts.length[id] ?? 0)),
    fields: table.fields.subarray(id * table.width, (id + 1) * table.width),
    identity: table.identity[id] ?? 0,
    uses: table.counts[id] ?? 0,
  };
};

/** Number of the value with a key; 0 when the index has none. */
const find = (values: OpenValues, identity: number, key: Uint8Array): number => {
  let [low, high] = [1, values.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values.identity[middle] ?? 0) >>> 0 < identity >>> 0) low = middle + 1;
    else high = middle;
  }
  for (let id = low; id < values.count && values.identity[id] === identity; id += 1)
    if (Buffer.compare(values.keys.subarray(values.keyStarts[id], values.keyStarts[id + 1]), key) === 0) return id;
  return 0;
};

/**
 * The values of a few records and of the one looked up, counted as if that one were among all records: tables that the
 * engine compares with.
 */
export class MiniValues {
  /** Cells of all records and of the one looked up, and how many pairs of them agree (Σ uses × (uses - 1)). */
  private cells: number;
  private coinciding: number;
  private readonly values: OpenValues;
  private readonly ones: One[] = [];
  /** Number here by number in the index, and by number in the table of the record looked up. */
  private readonly numbers = new Map<number, number>();
  private readonly ownNumbers: Int32Array;

  constructor(values: OpenValues, own: ValueTable | undefined) {
    this.values = values;
    this.cells = values.cells;
    this.coinciding = values.coinciding;
    this.ownNumbers = new Int32Array(own?.count ?? 1);
    for (let id = 1; own !== undefined && id < own.count; id += 1) this.ownNumbers[id] = this.addOwn(own, id);
  }

  /** The chance that two cells agree; NaN where there are not two. */
  coincidence(): number {
    return this.cells < 2 ? NaN : this.coinciding / this.cells / (this.cells - 1);
  }

  /** The number here of a value of the index. */
  add(id: number): number {
    if (id === 0) return 0;
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    this.ones.push(valueAt(this.values, id));
    this.numbers.set(id, this.ones.length);
    return this.ones.length;
  }

  /** The number here of a value of the record looked up. */
  own(id: number): number {
    return this.ownNumbers[id] ?? 0;
  }

  /** The table of what was added; value 0 counts the cells of all others, so that shares are those of the whole. */
  table(): ValueTable {
    const { ones } = this;
    const { width } = this.values;
    const count = ones.length + 1;
    const [fields, identity, counts] = [new Int32Array(count * width), new Int32Array(count), new Int32Array(count)];
    counts[0] = ones.reduce((left, { uses }) => left - uses, this.cells);
    ones.forEach((one, i) => {
      fields.set(one.fields, (i + 1) * width);
      identity[i + 1] = one.identity;
      counts[i + 1] = one.uses;
    });
    const keys = joined(ones.map(({ key }) => key));
    return {
      ...{ count, width, fields, identity, counts, keyStarts: keys.starts, keys: keys.bytes },
      ...{ texts: textsOf(ones), ofRaw: new Int32Array(0), perRaw: 1 },
    };
  }

  private addOwn(table: ValueTable, id: number): number {
    const own = ownValue(table, id);
    const inIndex = find(this.values, own.identity, own.key);
    const before = inIndex === 0 ? 0 : (this.values.counts[inIndex] ?? 0);
    this.cells += own.uses;
    this.coinciding += own.uses * (2 * before + own.uses - 1);
    if (inIndex === 0) return this.ones.push(own);
    const number = this.add(inIndex);
    const held = this.ones[number - 1] ?? own;
    this.ones[number - 1] = { ...(isBefore(own, held) ? own : held), uses: before + own.uses };
    return number;
  }
}
