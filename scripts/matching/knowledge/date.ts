import type { DateOrder, PartialDate } from './contract.ts';
import type { DateData } from './placeData.ts';
import { wordsOfText } from './pairsOfWords.ts';

type DateLexicon = {
  readonly fold: (text: string) => string;
  readonly months: ReadonlyMap<string, number>;
  readonly placeholders: ReadonlySet<number>;
  readonly century: number;
  readonly earliest: number;
  readonly latest: number;
};

const digit = (value: number, place: number): number => Math.floor(value / place) % 10;

/** Eight digits, a half byte each. */
const packDate = (year: number, month: number, day: number): number =>
  (digit(year, 1000) << 28) |
  (digit(year, 100) << 24) |
  (digit(year, 10) << 20) |
  (digit(year, 1) << 16) |
  (digit(month, 10) << 12) |
  (digit(month, 1) << 8) |
  (digit(day, 10) << 4) |
  digit(day, 1);

export const makeDateLexicon = (data: DateData, fold: (text: string) => string): DateLexicon => ({
  fold,
  months: new Map(
    Object.entries(data.months).flatMap(([month, names]) =>
      wordsOfText(names).map((name) => [name, Number(month)] as const),
    ),
  ),
  placeholders: new Set(
    data.placeholders.map((text) => {
      const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
      return packDate(year, month, day);
    }),
  ),
  century: data.century,
  earliest: data.earliest,
  latest: data.latest,
});

const NONE: PartialDate = {
  year: 0,
  month: 0,
  day: 0,
  precision: 'none',
  packed: 0,
  placeholder: false,
  ambiguous: false,
};

type Parts = { readonly year: number; readonly month: number; readonly day: number; readonly ambiguous: boolean };

const fullYear = (lexicon: DateLexicon, year: number, digits: number): number => {
  if (digits > 2) return year;
  return year <= lexicon.century ? 2000 + year : 1900 + year;
};

/** Month and day the other way round when only that can be meant. */
const sensible = (parts: Parts): Parts =>
  parts.month > 12 && parts.day <= 12 ? { ...parts, month: parts.day, day: parts.month } : parts;

const of = (lexicon: DateLexicon, parts: Parts): PartialDate => {
  const { year, month, day, ambiguous } = sensible(parts);
  const packed = packDate(year, month, day);
  if (lexicon.placeholders.has(packed))
    return { year, month, day, precision: 'day', packed, placeholder: true, ambiguous: false };
  if (year < lexicon.earliest || year > lexicon.latest || month > 99 || day > 99) return NONE;
  if (month === 0) return { ...NONE, year, precision: 'year', packed: packDate(year, 0, 0) };
  const precision = day === 0 ? 'month' : 'day';
  return {
    year,
    month,
    day,
    precision,
    packed,
    placeholder: false,
    ambiguous: ambiguous && day <= 12 && day !== month,
  };
};

/** Two numbers and a year behind them. */
const twoThenYear = (first: number, second: number, year: number, order: DateOrder | undefined): Parts => {
  const monthFirst = second > 12 || (order === 'mdy' && first <= 12);
  const [month, day] = monthFirst ? [first, second] : [second, first];
  return { year, month, day, ambiguous: order === undefined && first <= 12 && second <= 12 };
};

const three = (lexicon: DateLexicon, words: readonly string[], order: DateOrder | undefined): Parts | undefined => {
  const [a = '', b = '', c = ''] = words;
  const [first, second, third] = [Number(a), Number(b), Number(c)];
  if (a.length === 4) return { year: first, month: second, day: third, ambiguous: false };
  if (c.length === 4) return twoThenYear(first, second, third, order);
  if (order === 'ymd' || first > 31)
    return { year: fullYear(lexicon, first, a.length), month: second, day: third, ambiguous: false };
  return twoThenYear(first, second, fullYear(lexicon, third, c.length), order);
};

const eightDigits = (text: string, order: DateOrder | undefined): Parts => {
  const year = Number(text.slice(0, 4));
  const yearFirst = order === 'ymd' || (order === undefined && year >= 1000 && year <= 2100);
  if (yearFirst || Number(text.slice(4)) < 1000)
    return { year, month: Number(text.slice(4, 6)), day: Number(text.slice(6)), ambiguous: false };
  return twoThenYear(Number(text.slice(0, 2)), Number(text.slice(2, 4)), Number(text.slice(4)), order);
};

const DAY = 86_400_000;
/** Days since 1899-12-30, as spreadsheets count. */
const ofSerial = (serial: number): Parts => {
  const date = new Date(Date.UTC(1899, 11, 30) + serial * DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), ambiguous: false };
};

const oneNumber = (lexicon: DateLexicon, text: string, order: DateOrder | undefined): Parts | undefined => {
  if (text.length === 8) return eightDigits(text, order);
  if (text.length === 4) return { year: Number(text), month: 0, day: 0, ambiguous: false };
  if (text.length === 6) {
    const yearMonth = Number(text.slice(0, 4));
    if (yearMonth > 1900 && yearMonth < 2100 && Number(text.slice(4)) <= 12 && order === undefined)
      return { year: yearMonth, month: Number(text.slice(4)), day: 0, ambiguous: false };
    return three(lexicon, [text.slice(0, 2), text.slice(2, 4), text.slice(4)], order);
  }
  return text.length === 5 && Number(text) > 3000 ? ofSerial(Number(text)) : undefined;
};

/** Words for months become numbers: `12 novembre 1978`, `Nov 12, 1978`. */
const named = (lexicon: DateLexicon, words: readonly string[]): Parts | undefined => {
  const month = words.map((word) => lexicon.months.get(word)).find((one) => one !== undefined);
  const numbers = words.map((word) => /^\d+/.exec(word)?.[0]).filter((word) => word !== undefined);
  const year = numbers.find((word) => word.length === 4) ?? numbers.at(-1);
  if (month === undefined || year === undefined) return undefined;
  const day = numbers.find((word) => word !== year && word.length <= 2);
  return { year: fullYear(lexicon, Number(year), year.length), month, day: Number(day ?? 0), ambiguous: false };
};

const partsOf = (lexicon: DateLexicon, text: string, order: DateOrder | undefined): Parts | undefined => {
  const words = text.split(/[^a-z0-9]+/).filter((word) => word !== '');
  if (words.some((word) => lexicon.months.has(word))) return named(lexicon, words);
  const numbers = words.filter((word) => /^\d+$/.test(word));
  if (numbers.length === 1) return oneNumber(lexicon, numbers[0] ?? '', order);
  if (numbers.length === 2) {
    const [a = '', b = ''] = numbers;
    const [year, month] = a.length === 4 ? [a, b] : [b, a];
    return year.length === 4 ? { year: Number(year), month: Number(month), day: 0, ambiguous: false } : undefined;
  }
  return numbers.length >= 3 ? three(lexicon, numbers, order) : undefined;
};

/**
 * A date or part of one: ISO, slashes in any order, months in words, years alone, spreadsheet days. `order` says how day and
 * month stand where the digits leave it open; without it they are read as day, month.
 */
export const dateOf = (lexicon: DateLexicon, text: string, order?: DateOrder): PartialDate => {
  const bare = text.trim().replace(/[tT ]\d{1,2}:\d{2}.*$/, '');
  if (bare === '') return NONE;
  const parts = partsOf(
    lexicon,
    /[^\x20-\x7e]/.test(bare) || /[a-zA-Z]{3}/.test(bare) ? lexicon.fold(bare) : bare,
    order,
  );
  return parts === undefined || Number.isNaN(parts.year + parts.month + parts.day) ? NONE : of(lexicon, parts);
};
