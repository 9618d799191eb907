import { ADDRESS, EMAIL, PHONE } from '../contract.ts';

export const least = (values: Float64Array, from = 0, to = values.length): number => {
  let low = Infinity;
  for (let i = from; i < to; i += 1) low = Math.min(low, values[i] ?? 0);
  return low;
};

/** Levels a comparison can still have: lowest and, exclusive, highest; `orMissing` when it may turn out to say nothing. */
export type Reach = { readonly from: number; readonly to: number; readonly orMissing: boolean };
export type Facts = { readonly equal: boolean; readonly absent: boolean };

const NUMBERS = new Set(['birth-date', 'email', 'phone']);
/** Texts that are equal as values have the strongest level, whatever else is known of them. */
const TEXTS = new Set(['given-name', 'family-name', 'organisation-name', 'birth-place']);

/** Whether a comparison is one of texts. */
export const isText = (name: string): boolean => TEXTS.has(name);

/** The lowest level of equal values, where that is not the strongest one. */
const EQUAL_FROM: Readonly<Record<string, number>> = { email: EMAIL.shared, phone: PHONE.line };

/** Which levels facts leave open. Values that are no texts are exactly equal only when their numbers are. */
export const reachOf = (name: string, levels: number, facts: Facts): Reach => {
  if (facts.absent) return { from: 0, to: 1, orMissing: true };
  if (name === 'address') return { from: 0, to: ADDRESS.exact + 1, orMissing: true };
  if (name === 'sex') return facts.equal ? { from: 2, to: 3, orMissing: false } : { from: 1, to: 2, orMissing: false };
  if (TEXTS.has(name) && facts.equal) return { from: levels - 1, to: levels, orMissing: false };
  const exact = facts.equal || !(NUMBERS.has(name) || name.startsWith('identifier:'));
  const to = exact ? levels : (EQUAL_FROM[name] ?? levels - 1);
  return { from: 1, to, orMissing: name === 'given-name' };
};

export const bestOf = (values: Float64Array, { from, to, orMissing }: Reach): number => {
  const best = least(values, from, to);
  return orMissing ? Math.min(0, best) : best;
};

/** The best of the levels that a comparison leaves open at a glance: of values that are not equal as a whole. */
export const bestOpen = (name: string, levels: number, values: Float64Array): number =>
  bestOf(values, { ...reachOf(name, levels, { equal: false, absent: false }), orMissing: true });
