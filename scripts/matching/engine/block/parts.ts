import { intAt } from '../kernels/at.ts';
import { dayAndMonthSwapped } from '../kernels/digits.ts';
import type { Shared } from '../threads/state.ts';
import {
  FAMILY_FIELDS,
  GIVEN_FIELDS,
  HASH,
  ORGANISATION_FIELDS,
  PHONETIC,
  type ValueTable,
} from '../values/contract.ts';
import type { PartName } from './contract.ts';

/** Writes the values a row has of a part (never 0) and answers how many. */
export type ReadPart = (row: number, out: Int32Array) => number;
export type PartData = Pick<Shared, 'columns' | 'values' | 'plan'>;

/** A part of one row has at most so many values. */
export const MOST_PART_VALUES = 24;

const columnsOf = (data: PartData, field: string, suffix = ''): readonly Int32Array[] => {
  const width = data.plan.width[field] ?? 0;
  const names = Array.from({ length: width }, (_, i) => [`${field}${i}${suffix}`, `${field}${suffix}`]);
  return names.flatMap(([numbered, plain]) => {
    const column = data.columns[numbered ?? ''] ?? data.columns[plain ?? ''];
    return column === undefined ? [] : [column];
  });
};

/** What is read of values: integers by number of the value, 0 for none. */
type Lookup = Int32Array;

const lookups = new WeakMap<ValueTable, Map<string, Lookup>>();
const NO_VALUES: Lookup = new Int32Array(0);

/** Made once for a table. */
const lookup = (
  table: ValueTable | undefined,
  name: string,
  read: (table: ValueTable, id: number) => number,
): Lookup => {
  if (table === undefined) return NO_VALUES;
  const known = lookups.get(table) ?? new Map<string, Lookup>();
  lookups.set(table, known);
  const found =
    known.get(name) ?? Int32Array.from({ length: table.count }, (_, id) => (id === 0 ? 0 : read(table, id)));
  known.set(name, found);
  return found;
};

const fieldOf = (table: ValueTable | undefined, which: number): Lookup =>
  lookup(table, String(which), ({ fields, width }, id) => fields[id * width + which] ?? 0);

/** Up to `letters` bytes from the beginning (or, negative, the end) as one number. */
const lettersOf = (table: ValueTable | undefined, letters: number): Lookup =>
  lookup(table, `letters ${letters}`, ({ texts: { at, bytes, length } }, id) => {
    const size = length[id] ?? 0;
    const count = Math.min(Math.abs(letters), size);
    const from = (at[id] ?? 0) + (letters < 0 ? size - count : 0);
    let hash = 0;
    for (let i = 0; i < count; i += 1) hash = (hash << 8) | (bytes[from + i] ?? 0);
    return hash;
  });

const holds = (values: Int32Array, count: number, value: number): boolean => {
  for (let i = 0; i < count; i += 1) if (values[i] === value) return true;
  return false;
};

/** Each value of a field through one or more lookups, none of them twice. */
const through = (columns: readonly Int32Array[], reads: readonly Lookup[]): ReadPart => {
  const [only] = columns;
  const [read] = reads;
  if (columns.length === 1 && reads.length === 1 && only !== undefined && read !== undefined)
    return (row, out) => {
      const found = intAt(read, intAt(only, row));
      out[0] = found;
      return found === 0 ? 0 : 1;
    };
  return (row, out) => {
    let count = 0;
    for (const column of columns) {
      const value = intAt(column, row);
      if (value === 0) continue;
      for (const one of reads) {
        const found = intAt(one, value);
        if (found !== 0 && !holds(out, count, found)) out[count++] = found;
      }
    }
    return count;
  };
};

/** Values that stand for themselves, or a number made of them (0 for none). */
const itself = (columns: readonly Int32Array[], read?: (value: number) => number): ReadPart => {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined && read === undefined)
    return (row, out) => {
      const value = intAt(only, row);
      out[0] = value;
      return value === 0 ? 0 : 1;
    };
  return (row, out) => {
    let count = 0;
    for (const column of columns) {
      const value = intAt(column, row);
      const found = value === 0 || read === undefined ? value : read(value);
      if (found !== 0 && !holds(out, count, found)) out[count++] = found;
    }
    return count;
  };
};

const mix = (a: number, b: number): number => Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b) | 1;
/** The same whichever of the two comes first. */
const mixEither = (a: number, b: number): number => mix(Math.min(a, b), Math.max(a, b));

const bothNames = (data: PartData, which: { readonly given: number; readonly family: number }): ReadPart => {
  const given = through(columnsOf(data, 'given'), [fieldOf(data.values.given, which.given)]);
  const family = through(columnsOf(data, 'family'), [fieldOf(data.values.family, which.family)]);
  const left = new Int32Array(MOST_PART_VALUES);
  const right = new Int32Array(MOST_PART_VALUES);
  return (row, out) => {
    const first = given(row, left);
    const second = first === 0 ? 0 : family(row, right);
    let count = 0;
    for (let i = 0; i < first; i += 1)
      for (let j = 0; j < second; j += 1) out[count++] = mixEither(left[i] ?? 0, right[j] ?? 0);
    return count;
  };
};

const digitsPart = (
  data: PartData,
  slots: readonly string[],
  read: (low: number, high: number) => number,
): ReadPart => {
  const columns = slots.flatMap((slot, i) => {
    const low = data.columns[slot];
    const high = data.columns[`${slot}:high`];
    return low === undefined || high === undefined ? [] : [{ low, high, i }];
  });
  return (row, out) => {
    let count = 0;
    for (const { low, high } of columns) {
      const value = low[row] ?? 0;
      if (value !== 0) out[count++] = read(value, high[row] ?? 0);
    }
    return count;
  };
};

const phones = (data: PartData): readonly string[] =>
  Array.from({ length: data.plan.width['phone'] ?? 0 }, (_, i) => `phone${i}`);

/** Each scheme keeps to itself. */
const identifierPart = (data: PartData): ReadPart => {
  const reads = data.plan.schemes.map((scheme, i) =>
    digitsPart(data, [`identifier:${scheme}`], (low, high) => mix(mix(low, high), i + 1)),
  );
  const one = new Int32Array(1);
  return (row, out) => {
    let count = 0;
    for (const read of reads) if (read(row, one) > 0) out[count++] = one[0] ?? 0;
    return count;
  };
};

const HEAD = 4;
const ORGANISATION_HEAD = 4;
const given = (data: PartData, which: number): ReadPart =>
  through(columnsOf(data, 'given'), [fieldOf(data.values.given, which)]);
const family = (data: PartData, ...which: readonly number[]): ReadPart =>
  through(
    columnsOf(data, 'family'),
    which.map((field) => fieldOf(data.values.family, field)),
  );
const date = (data: PartData, read: (packed: number) => number): ReadPart => itself(columnsOf(data, 'birthDate'), read);
const complete = (packed: number): boolean => (packed & 0xff) !== 0;
const organisation = (data: PartData, ...which: readonly number[]): ReadPart =>
  through(
    columnsOf(data, 'organisation'),
    which.map((field) => fieldOf(data.values.organisation, field)),
  );
const plain =
  (field: string, suffix = '') =>
  (data: PartData) =>
    itself(columnsOf(data, field, suffix));

/** By hash, not by number: numbers of values depend on which thread met them first. */
const text = (field: string, domain: 'place' | 'street') => (data: PartData) =>
  through(columnsOf(data, field), [fieldOf(data.values[domain], HASH)]);

const WORDS = Array.from({ length: ORGANISATION_FIELDS.mostWords }, (_, i) => ORGANISATION_FIELDS.words + i);

const PARTS: Readonly<Record<PartName, (data: PartData) => ReadPart>> = {
  email: plain('email'),
  'email-user': plain('email', ':user'),
  phone: (data) => digitsPart(data, phones(data), mix),
  'phone-end': (data) => digitsPart(data, phones(data), (low) => (low & 0xffffff) | 0x40000000),
  identifier: identifierPart,
  given: (data) => given(data, HASH),
  'given-root': (data) => given(data, GIVEN_FIELDS.root),
  'given-sound': (data) => given(data, PHONETIC),
  'given-head': (data) => through(columnsOf(data, 'given'), [lettersOf(data.values.given, HEAD)]),
  'given-initial': (data) => given(data, GIVEN_FIELDS.initial),
  family: (data) => family(data, HASH),
  'family-part': (data) => family(data, FAMILY_FIELDS.core, FAMILY_FIELDS.half),
  'family-sound': (data) => family(data, PHONETIC),
  'family-head': (data) => through(columnsOf(data, 'family'), [lettersOf(data.values.family, HEAD)]),
  'family-end': (data) => through(columnsOf(data, 'family'), [lettersOf(data.values.family, -HEAD)]),
  'family-initial': (data) => family(data, FAMILY_FIELDS.initial),
  names: (data) => bothNames(data, { given: HASH, family: HASH }),
  'name-sounds': (data) => bothNames(data, { given: PHONETIC, family: PHONETIC }),
  'birth-date': (data) => date(data, (packed) => (complete(packed) ? packed : 0)),
  'birth-date-digits': (data) =>
    date(data, (packed) => (complete(packed) ? Math.min(packed, dayAndMonthSwapped(packed)) : 0)),
  'birth-year': (data) => date(data, (packed) => packed >>> 16),
  'birth-day': (data) => date(data, (packed) => (complete(packed) ? packed & 0xffff : 0)),
  'birth-month': (data) => date(data, (packed) => (packed >>> 8) & 0xff),
  'birth-place': text('birthPlace', 'place'),
  postcode: plain('postcode'),
  area: plain('postcode', ':area'),
  city: text('city', 'place'),
  region: plain('region'),
  street: text('street', 'street'),
  'house-number': plain('number'),
  sex: plain('sex'),
  organisation: (data) => organisation(data, HASH),
  'organisation-sound': (data) => organisation(data, PHONETIC),
  'organisation-acronym': (data) => organisation(data, ORGANISATION_FIELDS.acronym),
  'organisation-word': (data) => organisation(data, ...WORDS),
  'organisation-head': (data) =>
    through(columnsOf(data, 'organisation'), [lettersOf(data.values.organisation, ORGANISATION_HEAD)]),
};

export const partReader = (data: PartData, name: PartName): ReadPart => PARTS[name](data);
