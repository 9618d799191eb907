import { ADDRESS, EMAIL, PHONE } from '../contract.ts';

/** Levels a comparison can still have, one bit a level: bit 0 when it may turn out to say nothing. */
export type Reach = number;
export type Facts = { readonly equal: boolean; readonly absent: boolean };

const NUMBERS = new Set(['birth-date', 'email', 'phone']);
/** Texts that are equal as values have the strongest level, whatever else is known of them. */
const TEXTS = new Set(['given-name', 'family-name', 'organisation-name', 'birth-place']);
const MISSING: Reach = 1;

/** Whether a comparison is one of texts. */
export const isText = (name: string): boolean => TEXTS.has(name);

/** The lowest level of equal values, where that is not the strongest one. */
const EQUAL_FROM: Readonly<Record<string, number>> = { email: EMAIL.shared, phone: PHONE.line };

const below = (level: number): Reach => (1 << level) - 1;

/** Which levels facts leave open. Values that are no texts are exactly equal only when their numbers are. */
export const reachOf = (name: string, levels: number, facts: Facts): Reach => {
  if (facts.absent) return MISSING;
  if (name === 'address') return below(ADDRESS.exact + 1);
  if (name === 'sex') return 1 << (facts.equal ? 2 : 1);
  if (TEXTS.has(name) && facts.equal) return 1 << (levels - 1);
  const exact = facts.equal || !(NUMBERS.has(name) || name.startsWith('identifier:'));
  const to = exact ? levels : (EQUAL_FROM[name] ?? levels - 1);
  return (below(to) & ~MISSING) | (name === 'given-name' ? MISSING : 0);
};

/** The least that one of the levels weighs; `values` by level, 0 for the missing one. */
export const bestOf = (values: Float64Array, reach: Reach): number => {
  let best = Infinity;
  for (let level = 0; level < values.length; level += 1)
    if (((reach >>> level) & 1) === 1) best = Math.min(best, values[level] ?? 0);
  return best;
};

/** The one level that is left; undefined where there are several. */
export const onlyLevel = (reach: Reach): number | undefined =>
  (reach & (reach - 1)) === 0 ? 31 - Math.clz32(reach) : undefined;
