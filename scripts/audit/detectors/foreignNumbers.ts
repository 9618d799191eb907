import { plainCharacters } from '../../subject/foldText.ts';
import { modulo } from './checksums.ts';
import type { Detector } from './detector.ts';
import { standingAlone } from './nearbyWords.ts';

/** Belgian national number: 11 digits, key = 97 − (first nine modulo 97), with a 2 before them from 2000 on (Royal Decree of 3 April 1984). */
export const isBelgianNumber = (digits: string): boolean => {
  if (!/^\d{11}$/.test(digits) || Number(digits.slice(2, 4)) > 12) return false;
  const key = Number(digits.slice(9));
  return 97 - modulo(digits.slice(0, 9), 97) === key || 97 - modulo(`2${digits.slice(0, 9)}`, 97) === key;
};

const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Spanish NIF or NIE: number modulo 23 gives the letter (Real Decreto 1553/2005). */
export const isSpanishNumber = (text: string): boolean => {
  const match = /^([XYZ]?)(\d{7,8})([A-Z])$/.exec(text.toUpperCase());
  if (match === null) return false;
  const [, prefix = '', digits = '', letter = ''] = match;
  if (prefix.length + digits.length !== 8) return false;
  const number = `${prefix === '' ? '' : 'XYZ'.indexOf(prefix)}${digits}`;
  return NIF_LETTERS.charAt(modulo(number, 23)) === letter;
};

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
const indexOf = (character: string): number =>
  /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65;

/** Italian codice fiscale: 16 characters, the last one computed from the others (D.M. 23 December 1976). */
export const isItalianCode = (text: string): boolean => {
  const code = text.toUpperCase();
  if (!/^[A-Z]{6}[\dLMNPQRSTUV]{2}[ABCDEHLMPRST][\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{3}[A-Z]$/.test(code)) return false;
  const sum = Array.from(code.slice(0, 15)).reduce(
    (total, character, i) => total + (i % 2 === 0 ? (ODD[indexOf(character)] ?? 0) : indexOf(character)),
    0,
  );
  return String.fromCharCode(65 + (sum % 26)) === code.charAt(15);
};

const checked = (key: string, pattern: RegExp, valid: (text: string) => boolean): Detector => ({
  key,
  category: 'user.government_id.national_identification_number',
  detect: (text) =>
    standingAlone(plainCharacters(text), pattern)
      .filter((match) => valid(match[0].replace(/[ .-]/g, '')))
      .map((match) => ({
        start: match.index,
        end: match.index + match[0].length,
        certain: /[A-Za-z.-]/.test(match[0]),
      })),
});

export const belgianNumber = checked('national-number-be', /\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}/g, isBelgianNumber);
export const spanishNumber = checked('national-number-es', /[XYZxyz]?-?\d{7,8}-?[A-Za-z]/g, isSpanishNumber);
export const italianCode = checked(
  'national-number-it',
  /[A-Za-z]{6}\w{2}[A-Za-z]\w{2}[A-Za-z]\w{3}[A-Za-z]/g,
  isItalianCode,
);
