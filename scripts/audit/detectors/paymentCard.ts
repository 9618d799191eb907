import { plainCharacters } from '../../subject/foldText.ts';
import { passesLuhn } from './checksums.ts';
import type { Detector } from './detector.ts';
import { hasNearby, standingAlone } from './nearbyWords.ts';

/** Issuer ranges and lengths: ISO/IEC 7812 ranges as the schemes publish them. */
const ISSUERS: readonly { readonly start: RegExp; readonly lengths: readonly number[] }[] = [
  { start: /^4/, lengths: [13, 16, 19] },
  { start: /^5[1-5]|^2(22[1-9]|2[3-9]|[3-6]|7[01]|720)/, lengths: [16] },
  { start: /^3[47]/, lengths: [15] },
  { start: /^6(011|4[4-9]|5)/, lengths: [16, 17, 18, 19] },
  { start: /^3(0[0-5]|6|8|9)/, lengths: [14, 16, 19] },
  { start: /^35(2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { start: /^(50|5[6-9]|6)/, lengths: [13, 14, 15, 16, 17, 18, 19] },
];

/** A payment card number without separators: an issuer's range and length, and Luhn. */
export const isCardNumber = (digits: string): boolean =>
  /^\d{13,19}$/.test(digits) &&
  ISSUERS.some((issuer) => issuer.start.test(digits) && issuer.lengths.includes(digits.length)) &&
  passesLuhn(digits);

const WORDS = [
  'carte',
  'card',
  'cb',
  'visa',
  'mastercard',
  'amex',
  'american express',
  'cvv',
  'cryptogramme',
  'exp',
  'pan',
];
const GROUPED = /^\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}$|^\d{4}[ -]\d{6}[ -]\d{4,5}$/;

export const paymentCard: Detector = {
  key: 'payment-card',
  category: 'user.financial.credit_card',
  detect: (text) => {
    const plain = plainCharacters(text);
    return standingAlone(plain, /\d(?:[ -]?\d){12,18}/g).flatMap((match) => {
      if (!isCardNumber(match[0].replace(/[ -]/g, ''))) return [];
      const [start, end] = [match.index, match.index + match[0].length];
      return [{ start, end, certain: GROUPED.test(match[0]) || hasNearby(plain, start, end, WORDS) }];
    });
  },
};
