import { mixed } from '../text/fold.ts';
import type { PartName } from './contract.ts';
import { MOST_PART_VALUES, type PartData, partReader, type ReadPart } from './parts.ts';
import { makeSortRoom, type SortRoom } from './radixSort.ts';

/** Gives the keys of a row: one for every combination of values of its parts. */
export type KeysOf = (row: number, out: Uint32Array) => number;

/** A row has at most so many keys of a rule. */
export const MOST_KEYS = 64;

export const keysOf = (data: PartData, parts: readonly PartName[]): KeysOf => {
  const readers: readonly { readonly read: ReadPart; readonly values: Int32Array }[] = parts.map((part) => ({
    read: partReader(data, part),
    values: new Int32Array(MOST_PART_VALUES),
  }));
  return (row, out) => {
    let count = 1;
    out[0] = 0x51ed270b;
    for (const { read, values } of readers) {
      const found = read(row, values);
      if (found === 0) return 0;
      const kept = Math.min(found, Math.floor(MOST_KEYS / count));
      for (let v = kept - 1; v >= 0; v -= 1) {
        for (let k = 0; k < count; k += 1)
          out[v * count + k] = mixed((out[k] ?? 0) ^ Math.imul(values[v] ?? 0, 0x9e3779b1));
      }
      count *= kept;
    }
    return count;
  };
};

const grown = (room: SortRoom): SortRoom => {
  const more = makeSortRoom(room.keys.length * 2);
  more.keys.set(room.keys);
  more.rows.set(room.rows);
  return more;
};

/** Room that stays with a thread from rule to rule. */
export class EntryList {
  room: SortRoom;
  count = 0;
  private readonly keys = new Uint32Array(MOST_KEYS);

  constructor(size: number) {
    this.room = makeSortRoom(Math.max(1024, size));
  }

  /** Adds the keys of one row; answers how many. */
  addRow(row: number, read: KeysOf): number {
    const found = read(row, this.keys);
    if (this.count + found > this.room.keys.length) this.room = grown(this.room);
    for (let i = 0; i < found; i += 1) {
      this.room.keys[this.count] = this.keys[i] ?? 0;
      this.room.rows[this.count++] = row;
    }
    return found;
  }
}
