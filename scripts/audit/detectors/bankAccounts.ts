import { plainCharacters } from '../../subject/foldText.ts';
import { modulo } from './checksums.ts';
import type { Detector } from './detector.ts';
import { hasNearby, standingAlone } from './nearbyWords.ts';

/** Length of an IBAN by country: SWIFT, IBAN Registry, release 99 (2024). */
const IBAN_LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BI: 27,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DJ: 27,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FK: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  LY: 25,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MN: 20,
  MR: 27,
  MT: 31,
  MU: 30,
  NI: 28,
  NL: 18,
  NO: 15,
  OM: 23,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  RU: 33,
  SA: 24,
  SC: 31,
  SD: 18,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  SO: 23,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
  YE: 30,
};

const letterToDigits = (character: string): string =>
  /\d/.test(character) ? character : String(character.charCodeAt(0) - 55);

/** An IBAN without separators: length of its country, and ISO 13616's remainder 1 modulo 97. */
export const isIban = (text: string): boolean => {
  const iban = text.toUpperCase();
  if (!/^[A-Z]{2}\d\d[A-Z0-9]+$/.test(iban) || IBAN_LENGTHS[iban.slice(0, 2)] !== iban.length) return false;
  const digits = Array.from(iban.slice(4) + iban.slice(0, 4), letterToDigits).join('');
  return modulo(digits, 97) === 1;
};

const START = /(?<![\p{L}\p{N}])[A-Za-z]{2}[ ]?\d[ ]?\d/gu;
/** The country's number of letters and digits from a start, single separators skipped; undefined when the text ends before. */
const takeIban = (plain: string, start: number): { readonly iban: string; readonly end: number } | undefined => {
  const length = IBAN_LENGTHS[plain.slice(start, start + 2).toUpperCase()];
  let iban = '';
  for (let at = start; length !== undefined && at < plain.length; at += 1) {
    const character = plain.charAt(at);
    if (/[A-Za-z0-9]/.test(character)) iban += character;
    else if (!/[ .-]/.test(character) || !/[A-Za-z0-9]/.test(plain[at + 1] ?? '')) return undefined;
    if (iban.length === length) {
      return /[\p{L}\p{N}]/u.test(plain[at + 1] ?? ' ') ? undefined : { iban, end: at + 1 };
    }
  }
  return undefined;
};

export const iban: Detector = {
  key: 'iban',
  category: 'user.financial.bank_account',
  detect: (text) => {
    const plain = plainCharacters(text);
    return [...plain.matchAll(START)].flatMap((match) => {
      const taken = takeIban(plain, match.index);
      return taken !== undefined && isIban(taken.iban) ? [{ start: match.index, end: taken.end, certain: true }] : [];
    });
  },
};

const RIB_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const RIB_DIGITS = '12345678912345678923456789';

/** A French RIB without separators: bank 5, branch 5, account 11, key = 97 − ((89b + 15g + 3c) modulo 97) (CFONB). */
export const isRib = (text: string): boolean => {
  const match = /^(\d{5})(\d{5})([A-Z0-9]{11})(\d\d)$/.exec(text.toUpperCase());
  if (match === null) return false;
  const [, bank = '', branch = '', account = '', key = ''] = match;
  const digits = account.replace(/[A-Z]/g, (letter) => RIB_DIGITS.charAt(RIB_LETTERS.indexOf(letter)));
  const sum = 89 * modulo(bank, 97) + 15 * modulo(branch, 97) + 3 * modulo(digits, 97);
  return 97 - (sum % 97) === Number(key);
};

export const rib: Detector = {
  key: 'rib',
  category: 'user.financial.bank_account',
  detect: (text) => {
    const plain = plainCharacters(text);
    return standingAlone(plain, /\d{5}[ .-]?\d{5}[ .-]?[A-Za-z0-9]{11}[ .-]?\d\d/g).flatMap((match) => {
      if (!isRib(match[0].replace(/[ .-]/g, ''))) return [];
      const [start, end] = [match.index, match.index + match[0].length];
      const near = hasNearby(plain, start, end, ['rib', 'banque', 'compte', 'guichet', 'domiciliation', 'virement']);
      return near || /[ .-]/.test(match[0]) ? [{ start, end, certain: near }] : [];
    });
  },
};
