import { plainCharacters } from '../../subject/foldText.ts';
import { passesLuhn } from './checksums.ts';
import type { Detection, Detector } from './detector.ts';
import { hasNearby, standingAlone } from './nearbyWords.ts';

const LA_POSTE = '356000000';

/** SIREN: nine digits with Luhn's check digit (INSEE). */
export const isSiren = (digits: string): boolean => /^\d{9}$/.test(digits) && passesLuhn(digits);

/** SIRET: SIREN and five digits, Luhn; establishments of La Poste: the sum of all digits is a multiple of five (INSEE). */
export const isSiret = (digits: string): boolean => {
  if (!/^\d{14}$/.test(digits)) return false;
  if (!digits.startsWith(LA_POSTE)) return passesLuhn(digits);
  return passesLuhn(digits) || Array.from(digits).reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0;
};

/** French VAT number: FR, key, SIREN; key = (12 + 3 × (SIREN modulo 97)) modulo 97 (CGI, art. 286 ter). */
export const isFrenchVat = (text: string): boolean => {
  const match = /^FR(\d\d)(\d{9})$/.exec(text.toUpperCase());
  const [, key = '', siren = ''] = match ?? [];
  return isSiren(siren) && (12 + 3 * (Number(siren) % 97)) % 97 === Number(key);
};

const GROUPED = /^\d{3}[ .]\d{3}[ .]\d{3}/;
const WORDS = ['siren', 'siret', 'rcs', 'entreprise', 'societe', 'immatricul*'];

const scan = (text: string, pattern: RegExp, valid: (digits: string) => boolean): readonly Detection[] => {
  const plain = plainCharacters(text);
  return standingAlone(plain, pattern).flatMap((match) => {
    const [start, end] = [match.index, match.index + match[0].length];
    if (!valid(match[0].replace(/[ .]/g, ''))) return [];
    const near = hasNearby(plain, start, end, WORDS);
    return near || GROUPED.test(match[0]) ? [{ start, end, certain: near }] : [];
  });
};

const CATEGORY = 'user.professional_information.workplace';

export const siren: Detector = {
  key: 'siren',
  category: CATEGORY,
  detect: (text) => scan(text, /\d{3}[ .]?\d{3}[ .]?\d{3}(?![ .]?\d{5}(?!\d))/g, isSiren),
};

export const siret: Detector = {
  key: 'siret',
  category: CATEGORY,
  detect: (text) => scan(text, /\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{5}/g, isSiret),
};

export const frenchVat: Detector = {
  key: 'vat-fr',
  category: CATEGORY,
  detect: (text) =>
    standingAlone(plainCharacters(text), /FR[ .]?\d\d[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}/gi)
      .filter((match) => isFrenchVat(match[0].replace(/[ .]/g, '')))
      .map((match) => ({ start: match.index, end: match.index + match[0].length, certain: true })),
};
