import type { Knowledge, Sex } from '../../knowledge/contract.ts';
import type { CellKind, CellReader } from '../plan.ts';
import { ByteDictionary } from '../text/byteDictionary.ts';
import { hashOf, hashText } from '../text/fold.ts';
import type { Domain } from '../values/contract.ts';
import { identifierReader, phoneReader } from './digitCells.ts';
import { emailReader } from './emailCell.ts';
import { numberEnd, streetStart } from './houseNumber.ts';
import { type Cell, folded, Memo } from './memo.ts';

export type CellWriter = (cell: Cell) => void;

/** What one thread keeps while it reads. */
export type Reading = {
  readonly knowledge: Knowledge;
  readonly columns: Readonly<Record<string, Int32Array>>;
  readonly dictionaries: Map<Domain, ByteDictionary>;
  readonly memos: Map<string, Memo>;
  readonly phone: ReturnType<typeof phoneReader>;
  readonly email: ReturnType<typeof emailReader>;
};

export const makeReading = (knowledge: Knowledge, columns: Readonly<Record<string, Int32Array>>): Reading => ({
  knowledge,
  columns,
  dictionaries: new Map(),
  memos: new Map(),
  phone: phoneReader(knowledge),
  email: emailReader(knowledge),
});

const DOMAIN_OF: Partial<Readonly<Record<CellKind, Domain>>> = {
  given: 'given',
  family: 'family',
  full: 'full',
  organisation: 'organisation',
  city: 'place',
  place: 'place',
};

const columnOf = (reading: Reading, slot: string): Int32Array => {
  const column = reading.columns[slot];
  if (column === undefined) throw new Error(`no column for ${slot}`);
  return column;
};

const hashed = (text: string): number => (text === '' ? 0 : hashText(text));

const dictionaryOf = (reading: Reading, domain: Domain): ByteDictionary => {
  const dictionary = reading.dictionaries.get(domain) ?? new ByteDictionary(4096);
  reading.dictionaries.set(domain, dictionary);
  return dictionary;
};

const textWriter = (reading: Reading, reader: CellReader, domain: Domain): CellWriter => {
  const column = columnOf(reading, reader.slot);
  const dictionary = dictionaryOf(reading, domain);
  return (cell) => {
    if (column[cell.row] !== 0) return;
    const text = folded(cell);
    if (text.length === 0) return;
    column[cell.row] = 1 + dictionary.add(text.bytes, { from: 0, to: text.length }, text.hash);
  };
};

/** Lines that begin with a plain house number: it is read apart, so that the rest has few distinct values. */
const lineWriter = (reading: Reading, reader: CellReader): CellWriter => {
  const column = columnOf(reading, reader.slot);
  const numbers = columnOf(reading, 'number');
  const dictionary = dictionaryOf(reading, 'line');
  const memo = memoOf(reading, 'number', () => new Memo(1, (text) => [hashed(reading.knowledge.houseNumber(text))]));
  return (cell) => {
    if (column[cell.row] !== 0) return;
    const text = folded(cell);
    if (text.length === 0) return;
    const { bytes, length } = text;
    const end = numberEnd(bytes, length);
    if (end > 0) {
      const number = memo.value(memo.findBytes(bytes, end), 0);
      if (numbers[cell.row] === 0) numbers[cell.row] = number;
    }
    const from = end > 0 ? streetStart(bytes, length, end) : 0;
    const hash = from === 0 ? text.hash : hashOf(bytes, from, length);
    column[cell.row] = 1 + dictionary.add(bytes, { from, to: length }, hash);
  };
};

const memoOf = (reading: Reading, name: string, make: () => Memo): Memo => {
  const memo = reading.memos.get(name) ?? make();
  reading.memos.set(name, memo);
  return memo;
};

/** A value with one integer, worked out once per distinct text. */
const memoWriter = (reading: Reading, reader: CellReader, read: (text: string) => number): CellWriter => {
  const column = columnOf(reading, reader.slot);
  const name =
    reader.kind === 'number' ? 'number' : `${reader.kind}:${reader.dateOrder ?? ''}:${String(reader.civility)}`;
  const memo = memoOf(reading, name, () => new Memo(1, (text) => [read(text)]));
  return (cell) => {
    if (column[cell.row] !== 0) return;
    const id = memo.find(cell);
    if (id >= 0) column[cell.row] = memo.value(id, 0);
  };
};

const PACKED_POSTCODE = /^\d{3,7}$/;

/** Digits as packed digits, which can be compared one by one; others as a hash with bit 30. */
export const postcodeNumber = (key: string): number =>
  PACKED_POSTCODE.test(key) ? Number.parseInt(key, 16) : key === '' ? 0 : hashText(key) | 0x40000000;

const postcodeWriter = (reading: Reading, reader: CellReader): CellWriter => {
  const codes = columnOf(reading, reader.slot);
  const areas = columnOf(reading, `${reader.slot}:area`);
  const memos = new Map<string, Memo>();
  const make = (country: string): Memo =>
    memoOf(reading, `postcode:${country}`, () => {
      return new Memo(2, (text) => {
        const read = reading.knowledge.postcode(text, country === '' ? undefined : country);
        return [postcodeNumber(read.key), read.area === '' ? 0 : hashText(read.area)];
      });
    });
  return (cell) => {
    if (codes[cell.row] !== 0) return;
    const memo = memos.get(cell.country) ?? make(cell.country);
    memos.set(cell.country, memo);
    const id = memo.find(cell);
    if (id < 0) return;
    codes[cell.row] = memo.value(id, 0);
    areas[cell.row] = memo.value(id, 1);
  };
};

const digitWriter = (reading: Reading, reader: CellReader): CellWriter => {
  const low = columnOf(reading, reader.slot);
  const high = columnOf(reading, `${reader.slot}:high`);
  const read = reader.kind === 'phone' ? reading.phone : identifierReader(reading.knowledge, reader.scheme);
  return (cell) => {
    const digits = read(cell);
    if (low[cell.row] !== 0 || (digits.low === 0 && digits.high === 0)) return;
    low[cell.row] = digits.low || 0x10000000;
    high[cell.row] = digits.high;
  };
};

const emailWriter = (reading: Reading, reader: CellReader): CellWriter => {
  const whole = columnOf(reading, reader.slot);
  const user = columnOf(reading, `${reader.slot}:user`);
  const at = columnOf(reading, `${reader.slot}:at`);
  const letters = columnOf(reading, `${reader.slot}:letters`);
  const head = columnOf(reading, `${reader.slot}:head`);
  return (cell) => {
    const email = reading.email(cell);
    whole[cell.row] = email.whole;
    user[cell.row] = email.user;
    at[cell.row] = cell.from | 0;
    letters[cell.row] = email.letters;
    head[cell.row] = email.head;
  };
};

export const SEX_NUMBER: Readonly<Record<Sex, number>> = { unknown: 0, female: 1, male: 2 };

const countryWriter = (reading: Reading, reader: CellReader): CellWriter => {
  const codes = columnOf(reading, reader.slot);
  const code = (text: string): number => {
    const country = reading.knowledge.country(text);
    return country === '' ? 0 : country.charCodeAt(0) * 256 + country.charCodeAt(1);
  };
  const write = memoWriter(reading, reader, code);
  return (cell) => {
    write(cell);
    const value = codes[cell.row] ?? 0;
    if (value !== 0) cell.country = String.fromCharCode(value >> 8, value & 255);
  };
};

type MakeWriter = (reading: Reading, reader: CellReader) => CellWriter;

const MEMO_READERS: Partial<Record<CellKind, (knowledge: Knowledge, reader: CellReader) => (text: string) => number>> =
  {
    date: (knowledge, reader) => (text) => {
      const date = knowledge.date(text, reader.dateOrder);
      return date.placeholder ? 0 : date.packed;
    },
    number: (knowledge) => (text) => hashed(knowledge.houseNumber(text)),
    region: (knowledge) => (text) => hashed(knowledge.region(text)),
    sex: (knowledge, reader) => (text) =>
      SEX_NUMBER[reader.civility ? knowledge.civility(text).sex : knowledge.sex(text)],
  };

const OTHER_WRITERS: Partial<Record<CellKind, MakeWriter>> = {
  country: countryWriter,
  line: lineWriter,
  email: emailWriter,
  phone: digitWriter,
  identifier: digitWriter,
  postcode: postcodeWriter,
};

/** What is done with the cells of one column. */
export const cellWriter: MakeWriter = (reading, reader) => {
  const domain = DOMAIN_OF[reader.kind];
  if (domain !== undefined) return textWriter(reading, reader, domain);
  const read = MEMO_READERS[reader.kind];
  if (read !== undefined) return memoWriter(reading, reader, read(reading.knowledge, reader));
  const make = OTHER_WRITERS[reader.kind];
  if (make === undefined) throw new Error(`no reader for ${reader.kind}`);
  return make(reading, reader);
};
