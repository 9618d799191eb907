import type { Plan } from '../plan.ts';
import { mixed } from '../text/fold.ts';
import type { Shared } from '../threads/state.ts';
import { type Domain, HASH, type ValueTable, type ValueTables } from '../values/contract.ts';

/** What is seen of two rows at once by comparing integers: which fields are equal, and which of a comparison are missing. */
export const FACTS = [
  'given',
  'family',
  'organisation',
  'birthDate',
  'birthPlace',
  'email',
  'phone',
  'street',
  'postcode',
  'city',
  'sex',
] as const;
export type Fact = (typeof FACTS)[number] | `identifier:${string}`;

const COMPARISON_OF: Readonly<Record<(typeof FACTS)[number], string>> = {
  given: 'given-name',
  family: 'family-name',
  organisation: 'organisation-name',
  birthDate: 'birth-date',
  birthPlace: 'birth-place',
  email: 'email',
  phone: 'phone',
  street: 'address',
  postcode: 'address',
  city: 'address',
  sex: 'sex',
};

export type FactField = {
  readonly fact: Fact;
  /** Bit of equal facts; of missing ones when the comparison has this fact alone. */
  readonly bit: number;
  readonly comparison: number;
  /** Rows without a value have nothing for the comparison. */
  readonly alone: boolean;
  readonly columns: readonly Int32Array[];
  /** Further digits of the same number. */
  readonly high: readonly Int32Array[];
  /** Of texts, by value: 1 when another value may be spelt like it. */
  readonly namesakes: Uint8Array | undefined;
};

type Columns = Shared['columns'];

const columnsOf = (columns: Columns, width: number, name: string, suffix = ''): readonly Int32Array[] =>
  Array.from({ length: width }, (_, i) => columns[`${name}${i}${suffix}`] ?? columns[`${name}${suffix}`]).filter(
    (column) => column !== undefined,
  );

const ROOM_A_VALUE = 16;

/** Values whose compared text has the hash of another value's, and a few more. */
const namesakesOf = (table: ValueTable): Uint8Array => {
  let room = 1024;
  while (room < table.count * ROOM_A_VALUE) room *= 2;
  const seen = new Uint8Array(room);
  const slotOf = (id: number): number => mixed(table.fields[id * table.width + HASH] ?? 0) & (room - 1);
  for (let id = 1; id < table.count; id += 1) {
    const slot = slotOf(id);
    seen[slot] = Math.min(2, (seen[slot] ?? 0) + 1);
  }
  return Uint8Array.from({ length: table.count }, (_, id) => (id > 0 && seen[slotOf(id)] === 2 ? 1 : 0));
};

const TABLE_OF: Partial<Readonly<Record<Fact, Domain>>> = {
  given: 'given',
  family: 'family',
  organisation: 'organisation',
  birthPlace: 'place',
};

/** The facts that a run's columns give. */
export const factFields = (columns: Columns, plan: Plan, values: ValueTables): readonly FactField[] => {
  const namesakes = (fact: (typeof FACTS)[number]): Uint8Array | undefined => {
    const table = values[TABLE_OF[fact] ?? 'full'];
    return TABLE_OF[fact] === undefined || table === undefined ? undefined : namesakesOf(table);
  };
  const position = (comparison: string): number => plan.comparisons.findIndex(({ name }) => name === comparison);
  const plain = FACTS.filter((fact) => (plan.width[fact] ?? 0) > 0).map((fact) => ({
    fact,
    comparison: position(COMPARISON_OF[fact]),
    alone: COMPARISON_OF[fact] !== 'address',
    columns: columnsOf(columns, plan.width[fact] ?? 0, fact),
    high: fact === 'phone' ? columnsOf(columns, plan.width[fact] ?? 0, fact, ':high') : [],
    namesakes: namesakes(fact),
  }));
  const identifiers = plan.schemes.map((scheme) => ({
    fact: `identifier:${scheme}` as const,
    comparison: position(`identifier:${scheme}`),
    alone: true,
    columns: columnsOf(columns, 1, `identifier:${scheme}`),
    high: columnsOf(columns, 1, `identifier:${scheme}`, ':high'),
    namesakes: undefined,
  }));
  return [...plain, ...identifiers].map((field, bit) => ({ ...field, bit }));
};

/** Numbers of one record; of its last one the lower bits tell which comparisons are missing, the one above them namesakes. */
type Layout = { readonly slots: number; readonly stride: number };

const layoutOf = (fields: readonly FactField[]): Layout => {
  const slots = fields.reduce((sum, { columns }) => sum + columns.length, 0);
  let stride = 8;
  while (stride <= slots) stride *= 2;
  return { slots, stride };
};

/** Room for the records of so many rows, as `fillRecords` writes them. */
export const recordRoom = (fields: readonly FactField[], rows: number): number => rows * layoutOf(fields).stride;

type Stretch = { readonly from: number; readonly to: number };
type Writing = { readonly records: Int32Array; readonly stride: number; readonly slot: number };

/** A value that is missing (or cannot be equal) is a negative number of its row's own. */
const writeColumn = (column: Int32Array, { from, to }: Stretch, { records, stride, slot }: Writing): void => {
  for (let row = from; row < to; row += 1) {
    const value = column[row] ?? 0;
    records[row * stride + slot] = value === 0 ? -1 - row : value;
  }
};

const mixHigh = (column: Int32Array, { from, to }: Stretch, { records, stride, slot }: Writing): void => {
  for (let row = from; row < to; row += 1) {
    const value = records[row * stride + slot] ?? 0;
    if (value > 0) records[row * stride + slot] = (value ^ Math.imul(column[row] ?? 0, 0x9e3779b1)) & 0x7fffffff;
  }
};

/** Dates without a day are never equal as a whole. */
const dropIncomplete = ({ from, to }: Stretch, { records, stride, slot }: Writing): void => {
  for (let row = from; row < to; row += 1)
    if (((records[row * stride + slot] ?? 0) & 0xff) === 0) records[row * stride + slot] = -1 - row;
};

const markAbsent = ({ columns, bit }: FactField, { from, to }: Stretch, { records, stride, slot }: Writing): void => {
  const mark = 1 << bit;
  for (let row = from; row < to; row += 1) {
    let filled = 0;
    for (const column of columns) filled |= column[row] ?? 0;
    if (filled === 0) records[row * stride + slot] = (records[row * stride + slot] ?? 0) | mark;
  }
};

const markNamesakes = (field: FactField, mark: number, { from, to }: Stretch, writing: Writing): void => {
  const { records, stride, slot } = writing;
  const { columns, namesakes } = field;
  if (namesakes === undefined) return;
  for (let row = from; row < to; row += 1) {
    let shared = 0;
    for (const column of columns) shared |= namesakes[column[row] ?? 0] ?? 0;
    if (shared !== 0) records[row * stride + slot] = (records[row * stride + slot] ?? 0) | mark;
  }
};

/** Writes the records of rows `from .. to`: all that is seen of a row at once, in one or two lines of the processor's cache. */
export const fillRecords = (fields: readonly FactField[], records: Int32Array, stretch: Stretch): void => {
  const { slots, stride } = layoutOf(fields);
  const last = { records, stride, slot: slots };
  let slot = 0;
  for (const field of fields) {
    field.columns.forEach((column, i) => {
      const writing = { records, stride, slot };
      writeColumn(column, stretch, writing);
      const high = field.high[i];
      if (high !== undefined) mixHigh(high, stretch, writing);
      if (field.fact === 'birthDate') dropIncomplete(stretch, writing);
      slot += 1;
    });
    if (field.alone) markAbsent(field, stretch, last);
    markNamesakes(field, 1 << fields.length, stretch, last);
  }
};

/** Reads what two rows have in common from their records. */
export class FactReader {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly slots: number;
  private readonly left: Int32Array;
  private readonly right: Int32Array;
  private readonly bits: Int32Array;
  /** Bits of `key` for facts; those for missing ones come after them. */
  readonly width: number;

  constructor(fields: readonly FactField[], records: Int32Array) {
    const { slots, stride } = layoutOf(fields);
    this.records = records;
    this.stride = stride;
    this.slots = slots;
    this.width = fields.length;
    const entries: (readonly [number, number, number])[] = [];
    let slot = 0;
    for (const { columns, bit } of fields) {
      for (let a = 0; a < columns.length; a += 1)
        for (let b = 0; b < columns.length; b += 1) entries.push([slot + a, slot + b, 1 << bit]);
      slot += columns.length;
    }
    this.left = Int32Array.from(entries, ([a]) => a);
    this.right = Int32Array.from(entries, ([, b]) => b);
    this.bits = Int32Array.from(entries, ([, , bit]) => bit);
  }

  /**
   * Of two rows: equal facts in the lower `width` bits, missing comparisons in as many above them, and in the next one
   * whether a name of theirs may be spelt like another value's.
   */
  key(a: number, b: number): number {
    const { records, left, right, bits, slots } = this;
    const one = a * this.stride;
    const other = b * this.stride;
    let equal = 0;
    for (let entry = 0; entry < bits.length; entry += 1) {
      if (records[one + (left[entry] ?? 0)] === records[other + (right[entry] ?? 0)]) equal |= bits[entry] ?? 0;
    }
    return equal | (((records[one + slots] ?? 0) | (records[other + slots] ?? 0)) << this.width);
  }
}
