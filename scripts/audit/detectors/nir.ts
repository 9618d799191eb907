import { plainCharacters } from '../../subject/foldText.ts';
import { modulo } from './checksums.ts';
import type { Detector } from './detector.ts';
import { hasNearby, standingAlone } from './nearbyWords.ts';

const SHAPE = /^[123478](\d\d)(\d\d)(\d\d|2[AB])\d{3}\d{3}\d\d$/;

const isMonth = (month: number): boolean => (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;

const isDepartment = (department: string): boolean =>
  /^2[AB]$/.test(department) || (Number(department) >= 1 && Number(department) !== 96);

/**
 * The French national number (NIR, 15 characters, no separators): sex, year, month, department, commune, order, key.
 * Key = 97 − (first 13 modulo 97), Corsica 2A read as 19 and 2B as 18. INSEE; décret 82-103.
 */
export const isNir = (text: string): boolean => {
  const match = SHAPE.exec(text.toUpperCase());
  if (match === null) return false;
  const [whole, , month = '', department = ''] = match;
  if (!isMonth(Number(month)) || !isDepartment(department)) return false;
  const number = whole.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - modulo(number, 97) === Number(whole.slice(13));
};

const CANDIDATE = /[123478](?:[ .-]?\d){4}[ .-]?(?:\d[ .-]?\d|2[ .-]?[AaBb])(?:[ .-]?\d){8}/g;
const WORDS = [
  'nir',
  'secu',
  'securite sociale',
  'numero de ss',
  'n° ss',
  'nss',
  'insee',
  'assure*',
  'immatricul*',
  'vitale',
];

export const nir: Detector = {
  key: 'nir',
  category: 'user.government_id.national_identification_number',
  detect: (text) => {
    const plain = plainCharacters(text);
    return standingAlone(plain, CANDIDATE).flatMap((match) => {
      if (!isNir(match[0].replace(/[ .-]/g, ''))) return [];
      const [start, end] = [match.index, match.index + match[0].length];
      const certain = /[ .-]/.test(match[0]) || /[AaBb]/.test(match[0]) || hasNearby(plain, start, end, WORDS);
      return [{ start, end, certain }];
    });
  },
};
