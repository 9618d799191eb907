import type { RecordLayout } from '../engine/compare/records.ts';
import type { Plan } from '../engine/plan.ts';
import type { Shared } from '../engine/threads/state.ts';
import { bytesOf, type SectionWriter } from './bytes.ts';
import { type IndexHeader, VALUE_DOMAINS, type ValueDomain } from './contract.ts';

/** Room in a row for the user of one mailbox: a length and its bytes. */
export const USER_BYTES = 32;
/** Stands for a length when the bytes lie elsewhere: at the number 4 bytes further on. */
export const ELSEWHERE = 255;
/** Of a longer user no more is compared. */
const LONGEST_USER = 128;
const AT = 64;

const FIELDS_OF: Readonly<Record<ValueDomain, readonly string[]>> = {
  given: ['given'],
  family: ['family'],
  organisation: ['organisation'],
  place: ['city', 'birthPlace'],
  street: ['street'],
};

/** Where the values of each domain lie in a record. */
export const valueSlots = (layout: RecordLayout): Readonly<Record<ValueDomain, Int32Array>> =>
  Object.fromEntries(
    VALUE_DOMAINS.map((domain) => [
      domain,
      Int32Array.from(FIELDS_OF[domain].flatMap((field) => [...layout.slots(field)])),
    ]),
  ) as Record<ValueDomain, Int32Array>;

/** Where each mailbox, and what stands in the tables' bytes, lies in a record. */
export const mailboxSlots = (
  layout: RecordLayout,
  plan: Plan,
): readonly { readonly whole: number; readonly at: number }[] =>
  Array.from({ length: plan.width['email'] ?? 0 }, (_, i) => ({
    whole: layout.slot(`email${i}`),
    at: layout.slot(`email${i}:at`),
  }));

export type RowInput = Pick<Shared, 'tables' | 'tableRows' | 'records' | 'plan'> & {
  readonly layout: RecordLayout;
  /** Rows in the order of the index. */
  readonly order: Int32Array;
  readonly renumbered: Readonly<Record<ValueDomain, Int32Array>>;
};

/** Users of mailboxes that did not fit. */
class LongUsers {
  private readonly parts: Uint8Array[] = [];
  private used = 0;

  add(bytes: Uint8Array): number {
    this.parts.push(Uint8Array.of(bytes.length), bytes);
    const at = this.used;
    this.used += bytes.length + 1;
    return at;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.parts);
  }
}

/** The user of the mailbox that stands at `at` of the row's table. */
const userAt = ({ tables, tableRows }: RowInput, row: number, at: number): Uint8Array => {
  let table = tables.length - 1;
  while (table > 0 && row < (tableRows[table] ?? 0)) table -= 1;
  const source = tables[table];
  if (source === undefined) return new Uint8Array(0);
  const bytes = new Uint8Array(source.bytes, 0, source.end);
  const limit = Math.min(source.end, at + LONGEST_USER);
  let end = at;
  while (end < limit && bytes[end] !== AT) end += 1;
  return bytes.slice(at, end);
};

const putUser = (target: Uint8Array, from: number, user: Uint8Array, long: LongUsers): void => {
  if (user.length < USER_BYTES) {
    target[from] = user.length;
    target.set(user, from + 1);
    return;
  }
  target[from] = ELSEWHERE;
  new DataView(target.buffer).setUint32(from + 4, long.add(user), true);
};

/** Writes every row's record with its values' new numbers, its own number, and its mailboxes' users. */
export const writeRows = (
  writer: SectionWriter,
  input: RowInput,
  pageBytes: number,
): Pick<IndexHeader, 'records' | 'longUsers'> => {
  const { layout, order, records, renumbered, plan } = input;
  const mailboxes = mailboxSlots(layout, plan);
  const slots = valueSlots(layout);
  const width = layout.columns.length + 1;
  const rowBytes = (width + 1) * 4 + mailboxes.length * USER_BYTES;
  const rowsAPage = Math.floor(pageBytes / rowBytes);
  if (rowsAPage === 0) throw new RangeError('a record is larger than a page');
  const long = new LongUsers();
  const page = new Uint8Array(pageBytes);
  const row = new Int32Array(width + 1);
  writer.align(pageBytes);
  const { at } = writer;
  for (let i = 0; i < order.length; i += 1) {
    const from = (order[i] ?? 0) * layout.stride;
    row.set(records.subarray(from, from + width));
    for (const domain of VALUE_DOMAINS)
      for (const slot of slots[domain]) row[slot] = renumbered[domain][row[slot] ?? 0] ?? 0;
    row[width] = order[i] ?? 0;
    const target = (i % rowsAPage) * rowBytes;
    page.set(bytesOf(row), target);
    mailboxes.forEach((mailbox, m) => {
      if (row[mailbox.whole] !== 0)
        putUser(
          page,
          target + (width + 1) * 4 + m * USER_BYTES,
          userAt(input, order[i] ?? 0, (row[mailbox.at] ?? 0) >>> 0),
          long,
        );
    });
    if (i % rowsAPage === rowsAPage - 1 || i + 1 === order.length) {
      writer.append(page);
      page.fill(0);
    }
  }
  const section = { at, length: writer.at - at, rowsAPage, rowBytes };
  return { records: section, longUsers: writer.add(long.bytes()) };
};
