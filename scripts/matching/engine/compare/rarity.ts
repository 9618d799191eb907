import { BIRTH_PLACE, EMAIL, FAMILY, GIVEN, ORGANISATION, PHONE } from '../contract.ts';
import { intAt } from '../kernels/at.ts';
import { HASH, type ValueTable } from '../values/contract.ts';
import type { Data } from './contract.ts';

/** Bits by which the values that two rows agree on are rarer than the average of their comparison; `levels` are theirs. */
export type Rarity = {
  of(a: number, b: number, levels: Uint8Array): number;
  /** The same for one comparison. */
  part(comparison: number, a: number, b: number, levels: Uint8Array): number;
  /** The same where it is known that the comparison has the level at which values count (`level`). */
  bits(comparison: number, a: number, b: number): number;
  /** The level at which a comparison's values count; -1 where they do not. */
  level(comparison: number): number;
  /** The most bits that a comparison's values can bring. */
  most(comparison: number): number;
};

type Part = { readonly bits: (a: number, b: number) => number; readonly most: number };
const NOTHING: Part = { bits: () => 0, most: 0 };
type TextRarity = {
  readonly data: Data;
  readonly field: string;
  readonly table: ValueTable | undefined;
  readonly u: number;
};

/** log2(u / share) of the commonest reading of the value that both rows have. */
const textPart = ({ data, field, table, u }: TextRarity): Part => {
  const { records, layout } = data;
  const { stride } = layout;
  const slots = layout.slots(field);
  if (table === undefined || slots.length === 0 || !(u > 0)) return NOTHING;
  const { counts, fields } = table;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const bits = Float32Array.from(counts, (count) => Math.log2((u * total) / Math.max(1, count)));
  // side by side: they are asked for by many pairs
  const hashes = Int32Array.from(counts, (_, id) => intAt(fields, id * table.width + HASH));
  const most = bits.reduce((high, one) => Math.max(high, one), 0);
  const of: Part['bits'] = (a, b) => {
    let least = Infinity;
    for (let i = 0; i < slots.length; i += 1) {
      const left = intAt(records, a * stride + intAt(slots, i));
      if (left === 0) continue;
      for (let j = 0; j < slots.length; j += 1) {
        const right = intAt(records, b * stride + intAt(slots, j));
        if (right !== 0 && (left === right || intAt(hashes, left) === intAt(hashes, right)))
          least = Math.min(least, bits[left] ?? 0, bits[right] ?? 0);
      }
    }
    return least === Infinity ? 0 : least;
  };
  return { bits: of, most };
};

const usesPart = (data: Data, slot: string, u: number, filled: number): Part => {
  const { records, layout } = data;
  const at = layout.slot(slot);
  const { stride } = layout;
  if (at < 0 || !(u > 0)) return NOTHING;
  const uses = (row: number): number => intAt(records, row * stride + at);
  return {
    bits: (a, b) => Math.log2((u * filled) / Math.max(2, Math.min(uses(a), uses(b)))),
    most: Math.max(0, Math.log2((u * filled) / 2)),
  };
};

const RARE_LEVELS: Readonly<Record<string, number>> = {
  'given-name': GIVEN.exact,
  'family-name': FAMILY.exact,
  'organisation-name': ORGANISATION.exact,
  'birth-place': BIRTH_PLACE.exact,
  email: EMAIL.shared,
  phone: PHONE.line,
};

const partFor = (data: Data, name: string, u: number, filled: Readonly<Record<string, number>>): Part | undefined => {
  const { values } = data;
  if (name === 'given-name') return textPart({ data, field: 'given', table: values.given, u });
  if (name === 'family-name') return textPart({ data, field: 'family', table: values.family, u });
  if (name === 'organisation-name') return textPart({ data, field: 'organisation', table: values.organisation, u });
  if (name === 'birth-place') return textPart({ data, field: 'birthPlace', table: values.place, u });
  if (name === 'email') return usesPart(data, 'email:uses', u, filled['email'] ?? 0);
  if (name === 'phone') return usesPart(data, 'phone:uses', u, filled['phone'] ?? 0);
  return undefined;
};

export const rarityOf = (data: Data, coincidence: Float64Array, filled: Readonly<Record<string, number>>): Rarity => {
  const parts = data.plan.comparisons.flatMap(({ name }, comparison) => {
    const part = partFor(data, name, coincidence[comparison] ?? NaN, filled);
    return part === undefined ? [] : [{ comparison, level: RARE_LEVELS[name] ?? 0, part }];
  });
  const byComparison = data.plan.comparisons.map((_, comparison) => parts.find((one) => one.comparison === comparison));
  const part: Rarity['part'] = (comparison, a, b, levels) => {
    const own = byComparison[comparison];
    return own !== undefined && (levels[comparison] ?? 0) >= own.level ? own.part.bits(a, b) : 0;
  };
  const of: Rarity['of'] = (a, b, levels) => {
    let bits = 0;
    for (const one of parts) if ((levels[one.comparison] ?? 0) >= one.level) bits += one.part.bits(a, b);
    return bits;
  };
  return {
    of,
    part,
    bits: (comparison, a, b) => byComparison[comparison]?.part.bits(a, b) ?? 0,
    level: (comparison) => byComparison[comparison]?.level ?? -1,
    most: (comparison) => byComparison[comparison]?.part.most ?? 0,
  };
};
