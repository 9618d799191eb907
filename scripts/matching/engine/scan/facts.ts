import type { RecordLayout } from '../compare/records.ts';
import { byteAt, intAt } from '../kernels/at.ts';
import type { Plan } from '../plan.ts';
import { mixed } from '../text/fold.ts';
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
  /** Where its values lie in a record, and further digits of the same numbers. */
  readonly slots: Int32Array;
  readonly high: Int32Array;
  /** Bits of which a value must have one to be equal as a whole: dates without a day never are. */
  readonly needs: number;
  /** Of texts, by value: 1 when another value may be spelt like it. */
  readonly namesakes: Uint8Array | undefined;
};

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

const ANY = -1;
const DAY = 0xff;

/** The facts that a run's columns give. */
export const factFields = (layout: RecordLayout, plan: Plan, values: ValueTables): readonly FactField[] => {
  const namesakes = (fact: (typeof FACTS)[number]): Uint8Array | undefined => {
    const table = values[TABLE_OF[fact] ?? 'full'];
    return TABLE_OF[fact] === undefined || table === undefined ? undefined : namesakesOf(table);
  };
  const position = (comparison: string): number => plan.comparisons.findIndex(({ name }) => name === comparison);
  const plain = FACTS.filter((fact) => (plan.width[fact] ?? 0) > 0).map((fact) => ({
    fact,
    comparison: position(COMPARISON_OF[fact]),
    alone: COMPARISON_OF[fact] !== 'address',
    slots: layout.slots(fact),
    high: layout.slots(fact, fact === 'phone' ? ':high' : ''),
    needs: fact === 'birthDate' ? DAY : ANY,
    namesakes: namesakes(fact),
  }));
  const identifiers = plan.schemes.map((scheme) => ({
    fact: `identifier:${scheme}` as const,
    comparison: position(`identifier:${scheme}`),
    alone: true,
    slots: Int32Array.of(layout.slot(`identifier:${scheme}`)),
    high: Int32Array.of(layout.slot(`identifier:${scheme}:high`)),
    needs: ANY,
    namesakes: undefined,
  }));
  return [...plain, ...identifiers].map((field, bit) => ({ ...field, bit }));
};

type Stretch = { readonly from: number; readonly to: number };
type Records = { readonly records: Int32Array; readonly layout: RecordLayout };

/** The bit of a field that is missing, and `namesake` for a value that has others spelt like it. */
const markOf = (field: FactField, records: Int32Array, base: number, namesake: number): number => {
  const { slots, alone, bit, namesakes } = field;
  let filled = 0;
  let shared = 0;
  for (let i = 0; i < slots.length; i += 1) {
    const value = intAt(records, base + intAt(slots, i));
    filled |= value;
    if (namesakes !== undefined) shared |= byteAt(namesakes, value);
  }
  return (filled === 0 && alone ? 1 << bit : 0) | (shared === 0 ? 0 : namesake);
};

/** Marks of rows whose columns have been copied: missing comparisons in the lower bits, namesakes in the one above them. */
export const markFacts = (fields: readonly FactField[], { records, layout }: Records, { from, to }: Stretch): void => {
  const { stride, marks } = layout;
  for (let row = from; row < to; row += 1) records[row * stride + marks] = 0;
  for (const field of fields) {
    for (let row = from; row < to; row += 1) {
      const base = row * stride;
      const mark = markOf(field, records, base, 1 << fields.length);
      if (mark !== 0) records[base + marks] = intAt(records, base + marks) | mark;
    }
  }
};

const ENTRY = 6;

/** Reads what two rows have in common from their records. */
export class FactReader {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly marks: number;
  /** ENTRY numbers for each two values that are compared: their slots, those of further digits, what is needed, the bit. */
  private readonly entries: Int32Array;
  /** Keeps what was touched from being seen as of no use. */
  touched = 0;
  /** Bits of `key` for facts; those for missing ones come after them. */
  readonly width: number;

  constructor(fields: readonly FactField[], { records, layout }: Records) {
    this.records = records;
    this.stride = layout.stride;
    this.marks = layout.marks;
    this.width = fields.length;
    const entries = fields.flatMap(({ slots, high, needs, bit }) =>
      [...slots].flatMap((left, i) =>
        [...slots].flatMap((right, j) => [left, right, high[i] ?? left, high[j] ?? right, needs, 1 << bit]),
      ),
    );
    this.entries = Int32Array.from(entries);
  }

  /** Brings the records of the rows at `from .. to` near. */
  touch(rows: Int32Array, from: number, to: number): void {
    const { records, stride } = this;
    let sum = 0;
    for (let i = from; i < to; i += 1) {
      sum ^= intAt(records, intAt(rows, i) * stride);
    }
    this.touched = sum;
  }

  /**
   * Of two rows: equal facts in the lower `width` bits, missing comparisons in as many above them, and in the next one
   * whether a name of theirs may be spelt like another value's.
   */
  key(a: number, b: number): number {
    const { records, entries, marks } = this;
    const one = a * this.stride;
    const other = b * this.stride;
    let equal = 0;
    for (let e = 0; e < entries.length; e += ENTRY) {
      const value = intAt(records, one + intAt(entries, e));
      if (value !== intAt(records, other + intAt(entries, e + 1)) || (value & intAt(entries, e + 4)) === 0) continue;
      if (intAt(records, one + intAt(entries, e + 2)) === intAt(records, other + intAt(entries, e + 3)))
        equal |= intAt(entries, e + 5);
    }
    return equal | ((intAt(records, one + marks) | intAt(records, other + marks)) << this.width);
  }
}
