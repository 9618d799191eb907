import { EvaluationError } from './errors.ts';
import { Decimal } from './numbers.ts';
import type { Location, Value } from './types.ts';

/** Readers of values whose static type is known; a value of another type would be a fault of the compiler. */

const mismatch = (wanted: string): EvaluationError => new EvaluationError(`the value is no ${wanted}`);

export const numberOf = (value: Value | undefined): Decimal => {
  if (value instanceof Decimal) return value;
  throw mismatch('number');
};

/** Blank text is empty text. */
export const textOf = (value: Value | undefined): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  throw mismatch('text');
};

/** Milliseconds of a date, a date-time or a time. */
export const instantOf = (value: Value | undefined): number => {
  if (typeof value === 'number') return value;
  throw mismatch('date');
};

export const locationOf = (value: Value | undefined): Location => {
  if (typeof value === 'object' && value !== null && 'latitude' in value) return value;
  throw mismatch('location');
};

export const isBlank = (value: Value): boolean => value === null || value === '';

/** Texts that functions make stay below this many characters. */
const maxText = 1_000_000;

export const checkedText = (text: string): string => {
  if (text.length > maxText) throw new EvaluationError('#Too Big!');
  return text;
};
