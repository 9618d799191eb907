import { HASH, type ValueTable } from '../engine/values/contract.ts';
import { sharedInts } from '../engine/threads/sharedArrays.ts';
import { type SectionWriter } from './bytes.ts';
import type { ValueSection } from './contract.ts';

/** New numbers of a table's values: ascending by the hash of their keys, then by key; 0 stays 0. */
const orderOf = ({ count, identity, keys, keyStarts }: ValueTable): Int32Array => {
  const order = Int32Array.from({ length: Math.max(0, count - 1) }, (_, i) => i + 1);
  const key = (id: number): Buffer => Buffer.from(keys.subarray(keyStarts[id], keyStarts[id + 1]));
  return order.sort((a, b) => {
    const apart = ((identity[a] ?? 0) >>> 0) - ((identity[b] ?? 0) >>> 0);
    return apart === 0 ? Buffer.compare(key(a), key(b)) : apart;
  });
};

type Texts = { readonly starts: Uint32Array; readonly bytes: Uint8Array };

const textsIn = (order: Int32Array, spanOf: (id: number) => readonly [number, number], source: Uint8Array): Texts => {
  const starts = new Uint32Array(order.length + 2);
  order.forEach((id, i) => {
    const [from, to] = spanOf(id);
    starts[i + 2] = (starts[i + 1] ?? 0) + to - from;
  });
  const bytes = new Uint8Array(starts.at(-1) ?? 0);
  order.forEach((id, i) => {
    const [from, to] = spanOf(id);
    bytes.set(source.subarray(from, to), starts[i + 1]);
  });
  return { starts, bytes };
};

/** Sum of uses, and of uses × (uses - 1). */
const sumsOf = (counts: Int32Array): { readonly cells: number; readonly coinciding: number } => {
  let cells = 0;
  let coinciding = 0;
  for (const count of counts) {
    cells += count;
    coinciding += count * (count - 1);
  }
  return { cells, coinciding };
};

export type WrittenValues = {
  readonly section: ValueSection;
  /** New number by old number. */
  readonly renumbered: Int32Array;
};

/** Writes a table's values in the order of their keys' hashes, so that one is found without a dictionary. */
export const writeValues = (writer: SectionWriter, table: ValueTable | undefined): WrittenValues => {
  const order = table === undefined ? new Int32Array(0) : orderOf(table);
  const width = table?.width ?? HASH + 1;
  const renumbered = sharedInts(order.length + 1);
  const identity = new Int32Array(order.length + 1);
  const counts = new Int32Array(order.length + 1);
  const fields = new Int32Array((order.length + 1) * width);
  order.forEach((id, i) => {
    renumbered[id] = i + 1;
    identity[i + 1] = table?.identity[id] ?? 0;
    counts[i + 1] = table?.counts[id] ?? 0;
    for (let f = 0; f < width; f += 1) fields[(i + 1) * width + f] = table?.fields[id * width + f] ?? 0;
  });
  const keys = textsIn(order, (id) => [table?.keyStarts[id] ?? 0, table?.keyStarts[id + 1] ?? 0], table?.keys ?? EMPTY);
  const textSpan = (id: number): readonly [number, number] => {
    const at = table?.texts.at[id] ?? 0;
    return [at, at + (table?.texts.length[id] ?? 0)];
  };
  const texts = textsIn(order, textSpan, table?.texts.bytes ?? EMPTY);
  const section: ValueSection = {
    ...{ count: order.length + 1, width, ...sumsOf(counts) },
    ...{ identity: writer.add(identity), fields: writer.add(fields), counts: writer.add(counts) },
    ...{ keyStarts: writer.add(keys.starts), keys: writer.add(keys.bytes) },
    ...{ textStarts: writer.add(texts.starts), texts: writer.add(texts.bytes) },
  };
  return { section, renumbered };
};

const EMPTY = new Uint8Array(0);
