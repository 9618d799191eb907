import type { MatchTable } from '../contract.ts';
import { writeRecords } from '../engine/scan/writeRecords.ts';
import { need } from '../engine/threads/state.ts';
import { takeHere } from '../engine/threads/steps.ts';
import type { ValueTables } from '../engine/values/contract.ts';
import type { ValueUse } from './candidates.ts';
import { VALUE_DOMAINS, type ValueDomain } from './contract.ts';
import { MiniValues } from './miniValues.ts';
import type { OpenIndex } from './openIndex.ts';
import type { QueryRow } from './queryRow.ts';
import { ELSEWHERE, mailboxSlots, USER_BYTES, valueSlots } from './writeRows.ts';

const AT = 64;

/** The record looked up as row 0, those it is compared with after it. */
export type MiniRecords = {
  readonly records: Int32Array;
  readonly values: ValueTables;
  /** Chance that two values of a domain agree. */
  readonly coincidence: Readonly<Record<ValueDomain, number>>;
  /** The records' own numbers among the rows of the tables. */
  readonly rows: Int32Array;
  /** Users of the mailboxes, as they stand in the table of the records compared. */
  readonly users: MatchTable['bytes'];
};

/** The bytes of the row's place in the index. */
const rowBytes = ({ header, reader }: OpenIndex, number: number): Uint8Array => {
  const { at, rowsAPage, rowBytes: length } = header.records;
  const page = reader.page(at / reader.pageBytes + Math.floor(number / rowsAPage));
  const from = (number % rowsAPage) * length;
  return page.subarray(from, from + length);
};

/** Gathers users of mailboxes, each with an at sign behind it. */
class Users {
  private readonly parts: Uint8Array[] = [];
  private used = 0;

  /** Where the user stands that is kept at `at` of a row's bytes. */
  add({ header, reader }: OpenIndex, row: Uint8Array, at: number): number {
    let [length = 0] = row.subarray(at);
    let user = row.subarray(at + 1, at + 1 + length);
    if (length === ELSEWHERE) {
      const place = header.longUsers.at + new DataView(row.buffer, row.byteOffset).getUint32(at + 4, true);
      [length = 0] = reader.bytes({ at: place, length: 1 });
      user = reader.bytes({ at: place + 1, length });
    }
    const stands = this.used;
    this.parts.push(user, Uint8Array.of(AT));
    this.used += user.length + 1;
    return stands;
  }

  shared(): SharedArrayBuffer {
    const bytes = new SharedArrayBuffer(Math.max(1, this.used));
    const view = new Uint8Array(bytes);
    let at = 0;
    for (const part of this.parts) {
      view.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

/** The query's own record, with the values' numbers it got when it was read. */
const ownRecord = (query: QueryRow): Int32Array => {
  takeHere(query.state, writeRecords(query.ground));
  return need(query.state, 'records');
};

type Numbered = Readonly<Record<ValueDomain, MiniValues>>;

const copyRows = (
  index: OpenIndex,
  numbers: Int32Array,
  values: Numbered,
  records: Int32Array,
): Pick<MiniRecords, 'rows' | 'users'> => {
  const { layout, header } = index;
  const width = layout.columns.length + 1;
  const slots = valueSlots(layout);
  const mailboxes = mailboxSlots(layout, header.plan);
  const bytes = new Uint8Array(records.buffer, records.byteOffset, records.byteLength);
  const rows = new Int32Array(numbers.length);
  const users = new Users();
  numbers.forEach((number, i) => {
    const row = rowBytes(index, number);
    const base = (i + 1) * layout.stride;
    bytes.set(row.subarray(0, width * 4), base * 4);
    rows[i] = new DataView(row.buffer, row.byteOffset).getInt32(width * 4, true);
    for (const domain of VALUE_DOMAINS)
      for (const slot of slots[domain]) records[base + slot] = values[domain].add(records[base + slot] ?? 0);
    mailboxes.forEach(({ whole, at }, m) => {
      if (records[base + whole] !== 0) records[base + at] = users.add(index, row, (width + 1) * 4 + m * USER_BYTES);
    });
  });
  return { rows, users: users.shared() };
};

/** Whether a record has a mailbox or number. */
const hasValue = (
  { layout, header }: OpenIndex,
  field: 'email' | 'phone',
  { low, high }: ValueUse,
): ((records: Int32Array, base: number) => boolean) => {
  const slots = Array.from({ length: header.plan.width[field] ?? 0 }, (_, i) => [
    layout.slot(`${field}${i}`),
    layout.slot(field === 'phone' ? `phone${i}:high` : `email${i}`),
  ]);
  return (records, base) =>
    slots.some(([one = 0, other = 0]) => records[base + one] === low && records[base + other] === high);
};

/** Records that share a mailbox or number with the one looked up, and that one, are one more now. */
const countIn = (index: OpenIndex, records: Int32Array, field: 'email' | 'phone', uses: readonly ValueUse[]): void => {
  const { layout } = index;
  const slot = layout.slot(`${field}:uses`);
  for (const use of uses) {
    const all = use.before + use.own;
    if (slot < 0 || all < 2) continue;
    const has = hasValue(index, field, use);
    for (let base = 0; base < records.length; base += layout.stride)
      if (has(records, base)) records[base + slot] = Math.max(records[base + slot] ?? 0, all);
  }
};

export type QueryUses = Readonly<Record<'email' | 'phone', readonly ValueUse[]>>;

/** Lays the records with these numbers beside the one that is looked up, as a run lays all of them. */
export const miniRecords = (index: OpenIndex, query: QueryRow, numbers: Int32Array, uses: QueryUses): MiniRecords => {
  const { layout } = index;
  const tables = need(query.state, 'values');
  const own = ownRecord(query);
  const of = <T>(make: (domain: ValueDomain) => T): Record<ValueDomain, T> =>
    Object.fromEntries(VALUE_DOMAINS.map((domain) => [domain, make(domain)])) as Record<ValueDomain, T>;
  const values = of((domain) => new MiniValues(index.values[domain], tables[domain]));
  const records = new Int32Array((numbers.length + 1) * layout.stride);
  records.set(own);
  const slots = valueSlots(layout);
  for (const domain of VALUE_DOMAINS)
    for (const slot of slots[domain]) records[slot] = values[domain].own(records[slot] ?? 0);
  const copied = copyRows(index, numbers, values, records);
  countIn(index, records, 'email', uses.email);
  countIn(index, records, 'phone', uses.phone);
  return {
    ...{ records, ...copied },
    values: of((domain) => values[domain].table()),
    coincidence: of((domain) => values[domain].coincidence()),
  };
};
