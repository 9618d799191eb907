import type { Plan } from '../plan.ts';
import type { Shared } from '../threads/state.ts';

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
  /** Bit of `equal`; of `absent` when the comparison has this fact alone. */
  readonly bit: number;
  readonly comparison: number;
  /** Rows without a value have nothing for the comparison. */
  readonly alone: boolean;
  readonly columns: readonly Int32Array[];
  /** Further digits of the same number. */
  readonly high: readonly Int32Array[];
};

type Columns = Shared['columns'];

const columnsOf = (columns: Columns, width: number, name: string, suffix = ''): readonly Int32Array[] =>
  Array.from({ length: width }, (_, i) => columns[`${name}${i}${suffix}`] ?? columns[`${name}${suffix}`]).filter(
    (column) => column !== undefined,
  );

/** The facts that a run's columns give. */
export const factFields = (columns: Columns, plan: Plan): readonly FactField[] => {
  const position = (comparison: string): number => plan.comparisons.findIndex(({ name }) => name === comparison);
  const plain = FACTS.filter((fact) => (plan.width[fact] ?? 0) > 0).map((fact) => ({
    fact,
    comparison: position(COMPARISON_OF[fact]),
    alone: COMPARISON_OF[fact] !== 'address',
    columns: columnsOf(columns, plan.width[fact] ?? 0, fact),
    high: fact === 'phone' ? columnsOf(columns, plan.width[fact] ?? 0, fact, ':high') : [],
  }));
  const identifiers = plan.schemes.map((scheme) => ({
    fact: `identifier:${scheme}` as const,
    comparison: position(`identifier:${scheme}`),
    alone: true,
    columns: columnsOf(columns, 1, `identifier:${scheme}`),
    high: columnsOf(columns, 1, `identifier:${scheme}`, ':high'),
  }));
  return [...plain, ...identifiers].map((field, bit) => ({ ...field, bit }));
};

type Gathering = { readonly from: number; readonly count: number; readonly slot: number; readonly column: Int32Array };

const LEAST_ROOM = 1024;

/**
 * Rows of one or more blocks side by side, small enough for the processor's cache. A value that is missing (or cannot be
 * equal) is a negative number of its row's own.
 */
export class FactRoom {
  private room = LEAST_ROOM;
  private values: Int32Array;
  private absent = new Int32Array(LEAST_ROOM);
  private readonly fields: readonly FactField[];
  private readonly slots: number;
  private readonly left: Int32Array;
  private readonly right: Int32Array;
  private readonly bits: Int32Array;
  /** Bits of `key` for facts; those for missing ones come after them. */
  readonly width: number;

  constructor(fields: readonly FactField[]) {
    this.fields = fields;
    this.width = fields.length;
    const entries: (readonly [number, number, number])[] = [];
    let slot = 0;
    for (const { columns, bit } of fields) {
      for (let a = 0; a < columns.length; a += 1)
        for (let b = 0; b < columns.length; b += 1) entries.push([slot + a, slot + b, 1 << bit]);
      slot += columns.length;
    }
    this.slots = slot;
    this.values = new Int32Array(slot * LEAST_ROOM);
    this.left = Int32Array.from(entries, ([a]) => a);
    this.right = Int32Array.from(entries, ([, b]) => b);
    this.bits = Int32Array.from(entries, ([, , bit]) => bit);
  }

  /** Takes rows `from .. to` as positions 0 and on. */
  gather(rows: Int32Array, from: number, to: number): void {
    if (to - from > this.room) this.grow(to - from);
    const count = to - from;
    this.absent.fill(0, 0, count);
    let slot = 0;
    for (const field of this.fields) {
      const first = slot;
      for (const column of field.columns) {
        this.gatherColumn(rows, { from, count, slot, column });
        if (field.high.length > 0)
          this.mixHigh(rows, { from, count, slot, column: field.high[slot - first] ?? column });
        if (field.fact === 'birthDate') this.dropIncomplete(slot, count);
        slot += 1;
      }
      if (field.alone) this.tellAbsent(rows, from, count, field);
    }
  }

  /** Equal facts of two positions in the lower `width` bits, missing comparisons above them. */
  key(a: number, b: number): number {
    const { values, left, right, bits, room } = this;
    let equal = 0;
    for (let entry = 0; entry < bits.length; entry += 1) {
      if (values[(left[entry] ?? 0) * room + a] === values[(right[entry] ?? 0) * room + b]) equal |= bits[entry] ?? 0;
    }
    return equal | (((this.absent[a] ?? 0) | (this.absent[b] ?? 0)) << this.width);
  }

  private gatherColumn(rows: Int32Array, { from, count, slot, column }: Gathering): void {
    const { values } = this;
    const base = slot * this.room;
    for (let i = 0; i < count; i += 1) {
      const value = column[rows[from + i] ?? 0] ?? 0;
      values[base + i] = value === 0 ? -1 - i : value;
    }
  }

  private mixHigh(rows: Int32Array, { from, count, slot, column }: Gathering): void {
    const { values } = this;
    const base = slot * this.room;
    for (let i = 0; i < count; i += 1) {
      const value = values[base + i] ?? 0;
      if (value > 0) values[base + i] = (value ^ Math.imul(column[rows[from + i] ?? 0] ?? 0, 0x9e3779b1)) & 0x7fffffff;
    }
  }

  /** Dates without a day are never equal as a whole. */
  private dropIncomplete(slot: number, count: number): void {
    const base = slot * this.room;
    for (let i = 0; i < count; i += 1) if (((this.values[base + i] ?? 0) & 0xff) === 0) this.values[base + i] = -1 - i;
  }

  private tellAbsent(rows: Int32Array, from: number, count: number, { columns, bit }: FactField): void {
    const { absent } = this;
    const [only] = columns;
    const mark = 1 << bit;
    for (let i = 0; i < count; i += 1) {
      const row = rows[from + i] ?? 0;
      const missing = columns.length === 1 ? only?.[row] === 0 : columns.every((column) => column[row] === 0);
      if (missing) absent[i] = (absent[i] ?? 0) | mark;
    }
  }

  private grow(size: number): void {
    while (this.room < size) this.room *= 2;
    this.values = new Int32Array(this.slots * this.room);
    this.absent = new Int32Array(this.room);
  }
}
