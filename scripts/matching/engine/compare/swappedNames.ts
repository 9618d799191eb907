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
  return (a, b) => {
    const [givenA = 0, givenB = 0, familyA = 0, familyB = 0] = [given[a], given[b], family[a], family[b]];
    if (givenA === 0 || givenB === 0 || familyA === 0 || familyB === 0) return false;
    const there = givenHashes[givenA] === familyHashes[familyB];
    const back = givenHashes[givenB] === familyHashes[familyA];
    if (there && back) return givenHashes[givenA] !== givenHashes[givenB];
    return (there && slip(givenB, familyA)) || (back && slip(givenA, familyB));
  };
};
