import type { Draws } from './random.ts';
import type { Sex } from './names.ts';

const digitsFrom = (draws: Draws, count: number): string =>
  Array.from({ length: count }, () => draws.whole(0, 9)).join('');

const mod97 = (digits: string): number => {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
};

/**
 * A French IBAN with right keys (RIB key and ISO 13616 check digits) of a bank code, 99999, that no bank has.
 * Grouped by four, as people write it.
 */
export const ibanOf = (draws: Draws): string => {
  const [bank, branch, account] = ['99999', digitsFrom(draws, 5), digitsFrom(draws, 11)];
  const key = 97 - ((89 * (Number(bank) % 97) + 15 * (Number(branch) % 97) + 3 * (Number(account) % 97)) % 97);
  const bban = `${bank}${branch}${account}${String(key).padStart(2, '0')}`;
  const check = 98 - mod97(`${bban}152700`);
  return (`FR${String(check).padStart(2, '0')}${bban}`.match(/.{1,4}/g) ?? []).join(' ');
};

/**
 * A French national number (NIR) with a right key and a commune number, 990 to 999, that no commune has: nobody's.
 * https://xml.insee.fr/schema/nir.html (key = 97 − the first 13 digits mod 97)
 */
export const nirOf = (draws: Draws, sex: Sex, birthDate: string): string => {
  const department = String(draws.whole(1, 95)).padStart(2, '0').replace('20', '21');
  const thirteen = [
    sex === 'M' ? '1' : '2',
    birthDate.slice(2, 4),
    birthDate.slice(5, 7),
    department,
    String(draws.whole(990, 999)),
    digitsFrom(draws, 3),
  ].join('');
  return `${thirteen}${String(97 - mod97(thirteen)).padStart(2, '0')}`;
};

/** Numbers that card schemes publish for tests: they pass Luhn and belong to no account. */
const TEST_CARDS = ['4111 1111 1111 1111', '5555 5555 5555 4444', '4012 8888 8888 1881'] as const;
export const cardOf = (draws: Draws): string => draws.pick(TEST_CARDS);

const luhnDigit = (digits: string): number => {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, i) => {
      const doubled = Number(digit) * (i % 2 === 0 ? 2 : 1);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return (10 - (sum % 10)) % 10;
};

/** Nine digits with a right Luhn key that begin with 0, as no SIREN in use does. */
export const sirenOf = (draws: Draws): string => {
  const eight = `0${digitsFrom(draws, 7)}`;
  return `${eight}${luhnDigit(eight)}`;
};
