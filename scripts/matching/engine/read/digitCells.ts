import type { Knowledge } from '../../knowledge/contract.ts';
import { hashText } from '../text/fold.ts';
import { type Cell, folded } from './memo.ts';

/** Digits four bits each: the last seven in `low`, up to seven before them in `high`. */
export type PackedDigits = { low: number; high: number };

const packed: PackedDigits = { low: 0, high: 0 };
const MOST_DIGITS = 14;
const digits = new Uint8Array(64);

/** Packs the last digits of `from .. count`. */
const pack = (from: number, count: number): PackedDigits => {
  packed.low = 0;
  packed.high = 0;
  const start = Math.max(from, count - MOST_DIGITS);
  const middle = Math.max(start, count - 7);
  for (let i = start; i < middle; i += 1) packed.high = (packed.high << 4) | (digits[i] ?? 0);
  for (let i = middle; i < count; i += 1) packed.low = (packed.low << 4) | (digits[i] ?? 0);
  return packed;
};

const none = (): PackedDigits => {
  packed.low = 0;
  packed.high = 0;
  return packed;
};

type Collected = { count: number; plus: boolean; letters: boolean };
const collected: Collected = { count: 0, plus: false, letters: false };

const collect = (cell: Cell): Collected => {
  collected.count = 0;
  collected.plus = false;
  collected.letters = false;
  for (let i = cell.from; i < cell.to && collected.count < digits.length; i += 1) {
    const byte = cell.bytes[i] ?? 0;
    if (byte >= 48 && byte <= 57) digits[collected.count++] = byte - 48;
    else if (byte === 43) collected.plus = collected.count === 0;
    else if ((byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte >= 128) collected.letters = true;
  }
  return collected;
};

const PREFIX = 4;
const FILLERS = ['2345678901', '4567890123', '1234567890', '9876543210'];

/** Leading digits to leave out, from one number of the same shape (country, plus, length, first digits). */
const learnSkip = (knowledge: Knowledge, prefix: string, shape: Collected, country: string): number => {
  for (const filler of FILLERS) {
    const text = (prefix + filler + filler).slice(0, shape.count);
    const phone = knowledge.phone(shape.plus ? `+${text}` : text, country === '' ? undefined : country);
    if (phone.national !== '' && text.endsWith(phone.national)) return text.length - phone.national.length;
  }
  if (shape.plus || prefix.startsWith('00')) return 0;
  return prefix.startsWith('0') ? 1 : 0;
};

const FEWEST_DIGITS = 6;
const MOST_PHONE_DIGITS = 20;

/** Numbers of one plus, length and first digits: a number, so that no text is made for every cell. */
const shapeKey = ({ count, plus }: Collected): number => {
  let key = count * 2 + (plus ? 1 : 0);
  for (let i = 0; i < PREFIX; i += 1) key = key * 10 + (digits[i] ?? 0);
  return key;
};

/** 0600000000, 0612345678: the same digit or steps of one, from the third digit on. */
const isFiller = (from: number, count: number): boolean => {
  const start = from + 2;
  const step = (digits[start + 1] ?? 0) - (digits[start] ?? 0);
  if (step < -1 || step > 1) return false;
  for (let i = start + 1; i < count; i += 1) if ((digits[i] ?? 0) - (digits[i - 1] ?? 0) !== step) return false;
  return true;
};

export type DigitReader = (cell: Cell) => PackedDigits;

/** National number of a phone cell without trunk zero and country code; zeros when it holds none. */
export const phoneReader = (knowledge: Knowledge): DigitReader => {
  const countries = new Map<string, Map<number, number>>();
  let country: string | undefined;
  let skips = new Map<number, number>();
  return (cell) => {
    const shape = collect(cell);
    if (shape.count < FEWEST_DIGITS || shape.count > MOST_PHONE_DIGITS) return none();
    if (cell.country !== country) {
      country = cell.country;
      skips = countries.get(country) ?? new Map<number, number>();
      countries.set(country, skips);
    }
    const key = shapeKey(shape);
    let skip = skips.get(key);
    if (skip === undefined) {
      skip = learnSkip(knowledge, digits.subarray(0, PREFIX).join(''), shape, cell.country);
      skips.set(key, skip);
    }
    return isFiller(skip, shape.count) ? none() : pack(skip, shape.count);
  };
};

const HASHED = 0x40000000;

const collectText = (text: string): boolean => {
  if (text.length > MOST_DIGITS || !/^\d+$/.test(text)) return false;
  for (let i = 0; i < text.length; i += 1) digits[i] = text.charCodeAt(i) - 48;
  return true;
};

/** An identifier: packed when it is of digits, else two hashes (`high` then has bit 30). */
export const identifierReader =
  (knowledge: Knowledge, scheme: string): DigitReader =>
  (cell) => {
    const plain = collect(cell);
    if (!plain.letters && plain.count <= MOST_DIGITS) return pack(0, plain.count);
    const text = folded(cell);
    const key = knowledge.identifier(Buffer.from(text.bytes.subarray(0, text.length)).toString('utf8'), scheme).key;
    if (key === '') return none();
    if (collectText(key)) return pack(0, key.length);
    packed.low = hashText(key);
    packed.high = (hashText(`${key}#`) & (HASHED - 1)) | HASHED;
    return packed;
  };

export const isHashed = (high: number): boolean => (high & HASHED) !== 0;
