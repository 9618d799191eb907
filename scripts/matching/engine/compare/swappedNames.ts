import { oneEditAway } from '../kernels/editDistance.ts';
import { jaroWinkler, type Texts } from '../kernels/jaroWinkler.ts';
import { HASH, type ValueTable } from '../values/contract.ts';
import type { Data } from './contract.ts';
import { CLOSE, SIMILAR } from './textLevels.ts';

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

/** Numbers of the values. */
type Names = { readonly first: number; readonly last: number };

const hashesOf = (table: ValueTable): Int32Array =>
  Int32Array.from({ length: table.count }, (_, id) => table.fields[id * table.width + HASH] ?? 0);

/** Whether given and family name stand in each other's place: one of them to the letter, the other but for a slip. */
export const swapCheck = ({ columns, values }: Data): ((a: number, b: number) => boolean) => {
  const [given, family] = [columns['given0'], columns['family0']];
  const { given: givenTable, family: familyTable } = values;
  if (given === undefined || family === undefined || givenTable === undefined || familyTable === undefined)
    return () => false;
  const givenHashes = hashesOf(givenTable);
  const familyHashes = hashesOf(familyTable);
  const slip = (givenId: number, familyId: number): boolean => isSlip(givenTable, givenId, familyTable, familyId);
  const swapped = (one: Names, other: Names): boolean => {
    const there = givenHashes[one.first] === familyHashes[other.last];
    const back = givenHashes[other.first] === familyHashes[one.last];
    if (there && back) return givenHashes[one.first] !== givenHashes[other.first];
    return (there && slip(other.first, one.last)) || (back && slip(one.first, other.last));
  };
  return (a, b) => {
    const one = { first: given[a] ?? 0, last: family[a] ?? 0 };
    const other = { first: given[b] ?? 0, last: family[b] ?? 0 };
    const complete = Math.min(one.first, one.last, other.first, other.last) > 0;
    return complete && swapped(one, other);
  };
};
