import { FAMILY } from '../contract.ts';
import { FAMILY_FIELDS, PHONETIC, type ValueTable } from '../values/contract.ts';
import type { PairBatch } from './contract.ts';
import { PairCache } from './pairCache.ts';
import { bothEqual, spelling, type ValueLevels } from './textLevels.ts';
import {
  neverAlike,
  SHAPE_BITS,
  SHAPE_FIELDS,
  SHAPE_HASH,
  shapesOf,
  touchShapes,
  type ValuePlace,
  type ValueShapes,
} from './valueShapes.ts';

/** Shapes of family names. */
const FAMILY_SHAPE = [FAMILY_FIELDS.parts, FAMILY_FIELDS.longCore, FAMILY_FIELDS.longHalf, PHONETIC] as const;
const [PARTS, CORE, HALF, FAMILY_SOUND] = FAMILY_SHAPE.map((_, i) => SHAPE_FIELDS + i) as [
  number,
  number,
  number,
  number,
];

export class FamilyValues implements ValueLevels {
  private readonly shapes: ValueShapes;
  private readonly cache: PairCache;

  constructor(table: ValueTable) {
    this.shapes = shapesOf(table, FAMILY_SHAPE);
    const bySpelling = [FAMILY.different, FAMILY.similar, FAMILY.close] as const;
    this.cache = new PairCache(
      table.count,
      (a, b) => this.relation(a << SHAPE_BITS, b << SHAPE_BITS) || bySpelling[spelling(table.texts, a, b)],
    );
  }

  of(a: number, b: number): number {
    if (a === b) return FAMILY.exact;
    const left = a << SHAPE_BITS;
    const right = b << SHAPE_BITS;
    return neverAlike(this.shapes, left, right) && this.relation(left, right) === 0
      ? FAMILY.different
      : this.cache.of(a, b);
  }

  /** See touchShapes. */
  touch(place: ValuePlace, pairs: PairBatch): number {
    return touchShapes(this.shapes, place, pairs);
  }

  peek(a: number, b: number): number {
    if (a === b) return FAMILY.exact;
    const left = a << SHAPE_BITS;
    const right = b << SHAPE_BITS;
    return neverAlike(this.shapes, left, right) && this.relation(left, right) === 0
      ? FAMILY.different
      : this.cache.peek(a, b);
  }

  /** What relateFamilyNames says, from hashes: 0 for different. */
  private relation(left: number, right: number): number {
    const { shapes } = this;
    if (
      shapes[left + SHAPE_HASH] === shapes[right + SHAPE_HASH] ||
      bothEqual(shapes[left + PARTS], shapes[right + PARTS])
    )
      return FAMILY.exact;
    if (this.holdsPart(left, right) || this.holdsPart(right, left)) return FAMILY.half;
    return bothEqual(shapes[left + FAMILY_SOUND], shapes[right + FAMILY_SOUND]) ? FAMILY.close : 0;
  }

  /** Whether the first name holds the core or a half of the other. */
  private holdsPart(one: number, other: number): boolean {
    const { shapes } = this;
    const core = shapes[one + CORE];
    const half = shapes[one + HALF];
    const whole = shapes[one + SHAPE_HASH];
    const part = shapes[other + CORE];
    if (part !== 0 && (part === core || part === half || part === whole)) return true;
    const second = shapes[other + HALF];
    return second !== 0 && (second === core || second === half || second === whole);
  }
}
