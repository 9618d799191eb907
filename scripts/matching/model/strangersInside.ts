import type { ComparisonShape } from './contract.ts';
import type { Pass } from './passes.ts';

/** [comparison][level] → ln of how much commoner a level is between a rule's strangers than between any. */
export type Surplus = readonly Float64Array[];

/** Chances between any strangers count as this share of the mass, and as at least so many pairs. */
const HOLD = 0.25;
const HOLD_PAIRS = 20;
/** Strangers who share a name do not share a birth date or a mailbox: their exact agreement is believed up to four times. */
const EXACT_MOST = Math.log(4);

type Tables = { readonly match: readonly Float64Array[]; readonly unrelated: readonly Float64Array[] };

/** What goes together with a rule's key between strangers: names with mailboxes made of them, streets with their postcodes. */
export const surplusOf = (
  mass: readonly Float64Array[],
  pass: Pass,
  shapes: readonly ComparisonShape[],
  { match, unrelated }: Tables,
): Surplus =>
  shapes.map((shape, comparison) => {
    const own = mass[comparison] ?? new Float64Array(0);
    if (pass.fixed.includes(comparison)) return new Float64Array(shape.levels.length);
    const total = own.reduce((sum, here, level) => (level === 0 ? sum : sum + here), 0);
    const hold = Math.max(total * HOLD, (HOLD_PAIRS * pass.weight) / pass.pairs);
    return Float64Array.from(shape.levels, ({ meaning }, level) => {
      const chance = unrelated[comparison]?.[level] ?? 0;
      if (level === 0 || chance === 0) return 0;
      const surplus = Math.log(((own[level] ?? 0) + hold * chance) / (total + hold) / chance);
      const weight = Math.max(Math.log((match[comparison]?.[level] ?? 0) / chance), 0);
      const most = Math.min(weight, meaning === 'exact' ? EXACT_MOST : Infinity);
      return Math.min(Math.max(surplus, -EXACT_MOST), most);
    });
  });
