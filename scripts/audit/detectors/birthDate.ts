import { parseLocalDate } from '../../kernel/legalPeriod.ts';
import { foldText, plainCharacters } from '../../subject/foldText.ts';
import type { Detector } from './detector.ts';

const MONTHS = [
  ['janvier', 'janv', 'january', 'jan'],
  ['fevrier', 'fevr', 'fev', 'february', 'feb'],
  ['mars', 'march', 'mar'],
  ['avril', 'avr', 'april', 'apr'],
  ['mai', 'may'],
  ['juin', 'june', 'jun'],
  ['juillet', 'juil', 'july', 'jul'],
  ['aout', 'august', 'aug'],
  ['septembre', 'sept', 'september', 'sep'],
  ['octobre', 'oct', 'october'],
  ['novembre', 'nov', 'november'],
  ['decembre', 'dec', 'december'],
];

const NUMERIC = /(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)/;
const ISO = /(\d{4})-(\d{2})-(\d{2})(?!\d)/;
const WORDED = /(\d{1,2})(?:er|st|nd|rd|th)? ([\p{L}]{3,9})\.? (\d{4})/u;
const LEAD =
  /(?<![\p{L}\p{N}])(?:n[ée]\(?e?\)?s?\s+(?:le|en)|naissance|ddn|d\.d\.n\.?|date of birth|dob|born(?:\s+on)?|birth\s?date|anniversaire)(?![\p{L}])[^\p{L}\p{N}]{0,6}(?:le\s+|on\s+|the\s+)?/giu;
const OLDEST = 120;

type Ymd = readonly [year: number, month: number, day: number];

const fullYear = (year: string, today: string): number => {
  if (year.length === 4) return Number(year);
  const century = Math.floor(Number(today.slice(0, 4)) / 100) * 100;
  const recent = century + Number(year);
  return recent > Number(today.slice(0, 4)) ? recent - 100 : recent;
};

const readDate = (text: string, today: string): { readonly date: Ymd; readonly match: RegExpExecArray } | undefined => {
  const iso = ISO.exec(text);
  if (iso?.index === 0) return { date: [Number(iso[1]), Number(iso[2]), Number(iso[3])], match: iso };
  const numeric = NUMERIC.exec(text);
  if (numeric?.index === 0) {
    return { date: [fullYear(numeric[3] ?? '', today), Number(numeric[2]), Number(numeric[1])], match: numeric };
  }
  const worded = WORDED.exec(text);
  const month = MONTHS.findIndex((names) => names.includes(foldText(worded?.[2] ?? '')));
  return worded?.index === 0 && month >= 0
    ? { date: [Number(worded[3]), month + 1, Number(worded[1])], match: worded }
    : undefined;
};

const isPlausible = ([year, month, day]: Ymd, today: string): boolean => {
  const date = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return parseLocalDate(date) !== undefined && date <= today && year >= Number(today.slice(0, 4)) - OLDEST;
};

/** Dates of birth: only after words that say so, and only plausible ones; other dates are events. */
export const birthDate: Detector = {
  key: 'birth-date',
  category: 'user.demographic.date_of_birth',
  detect: (text, { today }) => {
    const plain = plainCharacters(text);
    return [...plain.matchAll(LEAD)].flatMap((lead) => {
      const start = lead.index + lead[0].length;
      const read = readDate(plain.slice(start, start + 24), today);
      if (read === undefined || !isPlausible(read.date, today)) return [];
      return [{ start, end: start + read.match[0].length, certain: true }];
    });
  },
};
