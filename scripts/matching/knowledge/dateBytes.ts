import type { DateOrder } from './contract.ts';

const ZERO = 48;
const isDigit = (byte: number): boolean => byte >= ZERO && byte <= 57;
const isBreak = (byte: number): boolean => byte === 45 || byte === 47 || byte === 46 || byte === 32;

/** Digits of `count` bytes from `at`, a half byte each; -1 when one is none. */
const digits = (bytes: Uint8Array, at: number, count: number): number => {
  let packed = 0;
  for (let i = at; i < at + count; i += 1) {
    const byte = bytes[i] ?? 0;
    if (!isDigit(byte)) return -1;
    packed = (packed << 4) | (byte - ZERO);
  }
  return packed;
};

const MOST_MONTHS = 0x12;
const EARLIEST = 0x1000;
const LATEST = 0x2100;

const packed = (year: number, month: number, day: number): number => {
  if (year < EARLIEST || year > LATEST || month === 0 || day === 0 || month > MOST_MONTHS || day > 0x31) return 0;
  return (year << 16) | (month << 8) | day;
};

const behind = (bytes: Uint8Array, start: number, order: DateOrder | undefined): number => {
  const first = digits(bytes, start, 2);
  const second = digits(bytes, start + 3, 2);
  const year = digits(bytes, start + 6, 4);
  if (first < 0 || second < 0 || year < 0) return 0;
  const monthFirst = second > MOST_MONTHS || (order === 'mdy' && first <= MOST_MONTHS);
  return monthFirst ? packed(year, first, second) : packed(year, second, first);
};

/** Year, month and day `gap` bytes apart. */
const inFront = (bytes: Uint8Array, start: number, gap: number): number => {
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 4 + gap, 2);
  const day = digits(bytes, start + 6 + 2 * gap, 2);
  return year < 0 || month < 0 || day < 0 ? 0 : packed(year, month, day);
};

/** Breaks at both places, the same one. */
const broken = (bytes: Uint8Array, first: number, second: number): boolean =>
  isBreak(bytes[first] ?? 0) && bytes[second] === bytes[first];

/**
 * The packed date (as `PartialDate.packed`) of `1978-11-12`, `19781112` or `12/11/1978` written in bytes `start` to `end`, without
 * making a text; 0 for every other form, which `Knowledge.date` reads. Fillers are not told here.
 */
export const dateFromBytes = (bytes: Uint8Array, start: number, end: number, order?: DateOrder): number => {
  const length = end - start;
  if (length === 10) {
    if (broken(bytes, start + 2, start + 5)) return behind(bytes, start, order);
    return broken(bytes, start + 4, start + 7) ? inFront(bytes, start, 1) : 0;
  }
  return length === 8 && (order === undefined || order === 'ymd') ? inFront(bytes, start, 0) : 0;
};
