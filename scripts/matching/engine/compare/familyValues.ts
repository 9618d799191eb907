import { FAMILY } from '../contract.ts';
import { FAMILY_FIELDS, PHONETIC, type ValueTable } from '../values/contract.ts';
import { PairCache } from './pairCache.ts';
import { bothEqual, spelling, type ValueLevels } from './textLevels.ts';
import { neverAlike, SHAPE_BITS, SHAPE_FIELDS, SHAPE_HASH, shapesOf, type ValueShapes } from './valueShapes.ts';

/** Shapes of family names. */
const FAMILY_SHAPE = [FAMILY_FIELDS.parts, FAMILY_FIELDS.longCore, FAMILY_FIELDS.longHalf, PHONETIC] as const;
const [PARTS, CORE, HALF, FAMILY_SOUND] = FAMILY_SHAPE.map((_, i) => SHAPE_FIELDS + i) as [
  number,
  number,
  number,
  number,
];

/** Shapes of the family names of a table. */
export const familyShapes = (table: ValueTable): ValueShapes => shapesOf(table, FAMILY_SHAPE);

/** Whether the first name holds the core or a half of the other. */
const holdsPart = (shapes: ValueShapes, one: number, other: number): boolean => {
  const core = shapes[one + CORE];
  const half = shapes[one + HALF];
  const whole = shapes[one + SHAPE_HASH];
  const part = shapes[other + CORE];
  if (part !== 0 && (part === core || part === half || part === whole)) return true;
  const second = shapes[other + HALF];
  return second !== 0 && (second === core || second === half || second === whole);
};

/** What relateFamilyNames says, from hashes: 0 for different. `left` and `right`: where the shapes of the two begin. */
export const familyRelation = (shapes: ValueShapes, left: number, right: number): number => {
  if (
    shapes[left + SHAPE_HASH] === shapes[right + SHAPE_HASH] ||
    bothEqual(shapes[left + PARTS], shapes[right + PARTS])
  )
    return FAMILY.exact;
  if (holdsPart(shapes, left, right) || holdsPart(shapes, right, left)) return FAMILY.half;
  return bothEqual(shapes[left + FAMILY_SOUND], shapes[right + FAMILY_SOUND]) ? FAMILY.close : 0;
};

export class FamilyValues implements ValueLevels {
  private readonly shapes: ValueShapes;
  private readonly cache: PairCache;

  constructor(table: ValueTable) {
    this.shapes = familyShapes(table);
    const bySpelling = [FAMILY.different, FAMILY.similar, FAMILY.close] as const;
    this.cache = new PairCache(
      table.count,
      (a, b) =>
        familyRelation(this.shapes, a << SHAPE_BITS, b << SHAPE_BITS) || bySpelling[spelling(table.texts, a, b)],
    );
  }

  of(a: number, b: number): number {
    if (a === b) return FAMILY.exact;
    const left = a << SHAPE_BITS;
    const right = b << SHAPE_BITS;
    return neverAlike(this.shapes, left, right) && familyRelation(this.shapes, left, right) === 0
      ? FAMILY.different
      : this.cache.of(a, b);
  }
}
