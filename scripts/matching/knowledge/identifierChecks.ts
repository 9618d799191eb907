import type { IDENTIFIER_CHECKS } from './placeData.ts';

type Check = (typeof IDENTIFIER_CHECKS)[number];

const sum = (digits: string, weigh: (digit: number, place: number) => number): number =>
  Array.from(digits).reduce((total, digit, place) => total + weigh(Number(digit), place), 0);

/** ISO/IEC 7812: every second digit from the right doubled. */
export const luhn = (digits: string): boolean =>
  sum(digits, (digit, place) => {
    if ((digits.length - place) % 2 === 1) return digit;
    return digit > 4 ? digit * 2 - 9 : digit * 2;
  }) %
    10 ===
  0;

const LA_POSTE = '356000000';

/** A SIRET; those of La Poste add up to a multiple of five instead (INSEE). */
const siret = (digits: string): boolean =>
  luhn(digits) || (digits.startsWith(LA_POSTE) && sum(digits, (digit) => digit) % 5 === 0);

/** Remainder of a long number, some digits at a time. */
const remainder = (digits: string, by: number): number =>
  Array.from(digits).reduce((rest, digit) => (rest * 10 + Number(digit)) % by, 0);

/** Key of a French social security number: 97 less the remainder; Corsica's departments count as 19 and 18. */
const nir = (text: string): boolean => {
  if (text.length === 13) return true;
  const body = text.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - remainder(body, 97) === Number(text.slice(13));
};

/** Letters as two digits, remainder 1 (ISO 7064 mod 97-10); IBANs with their head at the end. */
const mod97 = (text: string): boolean => {
  const turned = /^[A-Z]{2}\d\d/.test(text) && text.length < 35 ? text.slice(4) + text.slice(0, 4) : text;
  const numbers = (one: string): string => one.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return remainder(numbers(turned), 97) === 1 || remainder(numbers(text), 97) === 1;
};

/** NHS number: weights 10 to 2, eleven less the remainder. */
const mod11 = (digits: string): boolean => {
  const rest = 11 - (sum(digits.slice(0, 9), (digit, place) => digit * (10 - place)) % 11);
  return (rest === 11 ? 0 : rest) === Number(digits.charAt(9));
};

/** Belgian national number: 97 less the remainder, a 2 in front for births from 2000. */
const mod97be = (digits: string): boolean => {
  const body = digits.slice(0, 9);
  const key = Number(digits.slice(9));
  return 97 - remainder(body, 97) === key || 97 - remainder(`2${body}`, 97) === key;
};

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const dni = (text: string): boolean => {
  const digits = text.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return DNI_LETTERS.charAt(Number(digits) % 23) === text.slice(-1);
};

/** French VAT: two figures from the SIREN, then the SIREN; other countries by form alone (VIES). */
const vat = (text: string): boolean => {
  const french = /^FR(\d\d)(\d{9})$/.exec(text);
  if (french === null) return true;
  const siren = Number(french[2]);
  return luhn(french[2] ?? '') && (12 + 3 * (siren % 97)) % 97 === Number(french[1]);
};

export const CHECKS: Readonly<Record<Check, (text: string) => boolean>> = {
  luhn,
  siret,
  nir,
  vat,
  mod97,
  mod11,
  mod97be,
  dni,
};
