import { Decimal as Base } from 'decimal.js';
import { EvaluationError } from './errors.ts';

/** Decimal numbers of 39 digits, halves rounded away from zero, remainders with the sign of the dividend. */
export const Decimal = Base.clone({
  precision: 39,
  rounding: Base.ROUND_HALF_UP,
  modulo: Base.ROUND_DOWN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});
export type Decimal = Base;

export const zero = new Decimal(0);
export const one = new Decimal(1);

/** Numbers beyond this many digits before the point are not numbers of the platform; the tiniest are zero. */
const maxExponent = 400;

/** The number, if it is one that can be stored and written. EvaluationError otherwise. */
export const checked = (value: Decimal): Decimal => {
  if (!value.isFinite() || value.e > maxExponent) throw new EvaluationError('#Too Big!');
  return value.e < -maxExponent ? zero : value;
};

/** A double as a decimal. EvaluationError for infinities and what is not a number. */
export const fromDouble = (value: number): Decimal => {
  if (!Number.isFinite(value)) throw new EvaluationError('the result is not a number');
  return new Decimal(value);
};

const clampScale = (digits: Decimal): number => Math.max(-1000, Math.min(1000, digits.trunc().toNumber()));

/**
 * ROUND and TRUNC. Rounding away all digits of a number gives zero (ROUND(60, -2) is 0).
 * Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_round.htm
 */
export const roundTo = (value: Decimal, digits: Decimal, mode: Base.Rounding): Decimal => {
  const scale = clampScale(digits);
  if (scale >= 0) return value.toDecimalPlaces(scale, mode);
  const whole = value.abs().lessThan(1) ? 0 : value.e + 1;
  if (whole + scale <= 0) return zero;
  return value.toSignificantDigits(whole + scale, mode);
};

/** Quotients that do not end (1 / 3 × 3) are made whole again before they are cut. */
const settled = (value: Decimal): Decimal => value.toSignificantDigits(33, Base.ROUND_HALF_UP);

/** FLOOR goes towards zero and CEILING away from it; MFLOOR and MCEILING follow the number line. */
export const wholeNumbers = {
  FLOOR: (value: Decimal): Decimal => settled(value).trunc(),
  CEILING: (value: Decimal): Decimal => settled(value).toDecimalPlaces(0, Base.ROUND_UP),
  MFLOOR: (value: Decimal): Decimal => settled(value).floor(),
  MCEILING: (value: Decimal): Decimal => settled(value).ceil(),
} as const;

const Power = Decimal.clone({ precision: 24 });

/**
 * `base ^ exponent`: whole exponents only, at most 64 digits, 18 of them exact; what would be larger is an error, so
 * that no power takes long.
 */
export const power = (base: Decimal, exponent: Decimal): Decimal => {
  if (!exponent.isInteger() || exponent.abs().greaterThan(999_999_999)) {
    throw new EvaluationError('Out of range argument to POWER() function');
  }
  if (base.isZero()) {
    if (exponent.isNegative() && !exponent.isZero()) throw new EvaluationError('Division by zero');
    return exponent.isZero() ? one : zero;
  }
  const size = Math.log10(base.abs().toNumber()) * exponent.toNumber();
  if (size > 64) throw new EvaluationError('Out of range argument to POWER() function');
  if (size < -39) return zero;
  return new Decimal(new Power(base).pow(exponent).toSignificantDigits(18, Base.ROUND_HALF_UP));
};

/** TEXT of a number: plain digits, no trailing zeros. */
export const plainText = (value: Decimal): string => (value.isZero() ? '0' : checked(value).toFixed());

/** The same as the database writes it: no zero before the point. */
export const storedNumber = (value: Decimal): string => plainText(value).replace(/^(-?)0\./, '$1.');

const numeral = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?$/;

/** The number a text stands for, or undefined. */
export const parseNumber = (text: string): Decimal | undefined => {
  if (!numeral.test(text) || text.length > 1000) return undefined;
  // decimal.js does not take a bare point before the exponent.
  return new Decimal(text.replace(/\.(?=[eE]|$)/, ''));
};

/** A whole number for positions and lengths: the fraction is cut off, what is out of reach is as far as it goes. */
export const integerOf = (value: Decimal): number =>
  Math.max(-2_147_483_648, Math.min(2_147_483_647, value.trunc().toNumber()));
