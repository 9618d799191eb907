import { byteAt, intAt } from '../kernels/at.ts';
import { oneEditAway } from '../kernels/editDistance.ts';
import { jaroWinkler, type Texts } from '../kernels/jaroWinkler.ts';
import { HASH, type ValueTable } from '../values/contract.ts';
import type { Data } from './contract.ts';
import { CLOSE } from './textLevels.ts';
import { SIMILAR } from './valueShapes.ts';

const LONGEST = 64;
const FEW_LETTERS = 4;

const two: Texts = {
  bytes: new Uint8Array(2 * LONGEST),
  at: Int32Array.from([0, LONGEST]),
  length: new Uint8Array(2),
  mask: new Int32Array(2),
  head: new Int32Array(2),
};

const put = ({ texts }: ValueTable, id: number, side: 0 | 1): number => {
  const from = texts.at[id] ?? 0;
  const length = Math.min(LONGEST, texts.length[id] ?? 0);
  two.bytes.set(texts.bytes.subarray(from, from + length), side * LONGEST);
  two.length[side] = length;
  return length;
};

/** A given and a family name a slip of the pen apart. */
const isSlip = (given: ValueTable, givenId: number, family: ValueTable, familyId: number): boolean => {
  if (Math.min(put(given, givenId, 0), put(family, familyId, 1)) < FEW_LETTERS) return false;
  const similarity = jaroWinkler(two, 0, 1);
  return similarity >= CLOSE || (similarity >= SIMILAR && oneEditAway(two, 0, 1));
};

const hashesOf = (table: ValueTable): Int32Array =>
  Int32Array.from({ length: table.count }, (_, id) => table.fields[id * table.width + HASH] ?? 0);

type NameTables = { readonly given: ValueTable; readonly family: ValueTable };

/** Whether given and family name stand in each other's place: one of them to the letter, the other but for a slip. */
export class SwapCheck {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly given: number;
  private readonly family: number;
  private readonly tables: NameTables;
  private readonly givenHashes: Int32Array;
  private readonly familyHashes: Int32Array;
  /** By given name: 1 when it is somebody's family name too. */
  private readonly isBoth: Uint8Array;

  constructor({ records, layout }: Data, tables: NameTables) {
    this.records = records;
    this.stride = layout.stride;
    this.given = layout.slot('given0');
    this.family = layout.slot('family0');
    this.tables = tables;
    this.givenHashes = hashesOf(tables.given);
    this.familyHashes = hashesOf(tables.family);
    const families = new Set(this.familyHashes);
    this.isBoth = Uint8Array.from(this.givenHashes, (hash) => (families.has(hash) ? 1 : 0));
  }

  of(a: number, b: number): boolean {
    const { records, stride, given, family, isBoth } = this;
    const firstA = intAt(records, a * stride + given);
    const firstB = intAt(records, b * stride + given);
    if ((byteAt(isBoth, firstA) | byteAt(isBoth, firstB)) === 0) return false;
    const lastA = intAt(records, a * stride + family);
    const lastB = intAt(records, b * stride + family);
    if (Math.min(firstA, firstB, lastA, lastB) === 0) return false;
    const there = intAt(this.givenHashes, firstA) === intAt(this.familyHashes, lastB);
    const back = intAt(this.givenHashes, firstB) === intAt(this.familyHashes, lastA);
    if (!there) return back && this.slip(firstA, lastB);
    return back ? this.givenHashes[firstA] !== this.givenHashes[firstB] : this.slip(firstB, lastA);
  }

  private slip(given: number, family: number): boolean {
    return isSlip(this.tables.given, given, this.tables.family, family);
  }
}

/** Undefined where the run has not both names. */
export const swapCheck = (data: Data): SwapCheck | undefined => {
  const { given, family } = data.values;
  if (data.layout.slot('given0') < 0 || data.layout.slot('family0') < 0) return undefined;
  return given === undefined || family === undefined ? undefined : new SwapCheck(data, { given, family });
};
