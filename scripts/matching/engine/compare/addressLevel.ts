import { ADDRESS } from '../contract.ts';
import { oneDigitAway } from '../kernels/digits.ts';
import { anyOf, columnsOf } from './anyOf.ts';
import type { Comparison, Data } from './contract.ts';
import { plainLevels } from './textLevels.ts';

const nothing: Comparison = () => 0;

/** 0 when a side has none, 1 unequal, 2 equal. */
const equality = (column: Int32Array | undefined): Comparison =>
  column === undefined
    ? nothing
    : (a, b) => {
        const left = column[a] ?? 0;
        const right = column[b] ?? 0;
        return left === 0 || right === 0 ? 0 : left === right ? 2 : 1;
      };

/** 0 when a side has none, 1 unequal, 2 one digit away, 3 equal. */
const codeComparison = (column: Int32Array | undefined): Comparison =>
  column === undefined ? nothing : anyOf([column], (a, b) => (a === b ? 3 : oneDigitAway(a, b) ? 2 : 1));

/** 0 when a side has none, 1 unlike, 2 similar, 3 close, 4 the same. */
const textComparison = (columns: readonly Int32Array[], table: Data['values']['street']): Comparison => {
  if (columns.length === 0 || table === undefined) return nothing;
  const level = plainLevels(table);
  return anyOf(columns, (a, b) => 1 + level(a, b));
};

const CLOSE_TEXT = 3;
const SAME_CODE = 3;

/** City, postcode and region tell how near two addresses are; streets are looked at only when they may be the same. */
export const addressComparison = (data: Data): Comparison => {
  const { columns, values } = data;
  const number = equality(columns['number']);
  const region = equality(columns['region']);
  const area = equality(columns['postcode:area']);
  const code = codeComparison(columns['postcode']);
  const town = textComparison(
    [columns['city']].filter((column) => column !== undefined),
    values.place,
  );
  const street = textComparison(columnsOf(data, 'street'), values.street);
  const hasNumbers = columns['number'] !== undefined;
  const near = (a: number, b: number, codes: number): boolean => codes === 2 || area(a, b) === 2 || region(a, b) === 2;
  const sameStreet: Comparison = (a, b) => (number(a, b) === 2 || !hasNumbers ? ADDRESS.exact : ADDRESS.street);
  return (a, b) => {
    const codes = code(a, b);
    const towns = codes === SAME_CODE ? 0 : town(a, b);
    const nowhere = codes === 0 && towns === 0;
    const roads = codes >= 2 || towns >= 2 || nowhere ? street(a, b) : 0;
    if (roads >= CLOSE_TEXT) return sameStreet(a, b);
    if (codes === SAME_CODE) return ADDRESS.postcode;
    if (towns >= CLOSE_TEXT) return ADDRESS.city;
    if (near(a, b, codes)) return ADDRESS.area;
    return nowhere && roads + region(a, b) === 0 ? ADDRESS.missing : ADDRESS.different;
  };
};
