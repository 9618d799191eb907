import type { GivenName, GivenRelation, Knowledge } from '../../knowledge/contract.ts';
import { areTwoNames, relateGivenNames } from '../../knowledge/relateGivenNames.ts';
import { GIVEN } from '../contract.ts';
import { GIVEN_FIELDS, MARKS, PHONETIC, type ValueTable } from '../values/contract.ts';
import { PairCache } from './pairCache.ts';
import { bothEqual, remembered, spelling, type ValueLevels } from './textLevels.ts';
import { neverAlike, SHAPE_BITS, SHAPE_FIELDS, SHAPE_HASH, shapesOf, type ValueShapes } from './valueShapes.ts';

const GIVEN_LEVEL: Readonly<Record<Exclude<GivenRelation, 'different'>, number>> = {
  same: GIVEN.exact,
  nickname: GIVEN.close,
  subset: GIVEN.close,
  later: GIVEN.similar,
  initials: GIVEN.initials,
  sound: GIVEN.close,
  conflict: GIVEN.conflict,
  'other-sex': GIVEN.conflict,
};

const known = new WeakMap<ValueTable, (id: number) => GivenName>();

/** What knowledge says of the given names of a table, asked once for each. */
export const givenNamesOf = (knowledge: Knowledge, table: ValueTable): ((id: number) => GivenName) => {
  const names = known.get(table) ?? remembered(table, knowledge.givenName);
  known.set(table, names);
  return names;
};

/** Shapes of given names. */
const GIVEN_SHAPE = [
  GIVEN_FIELDS.stem,
  PHONETIC,
  GIVEN_FIELDS.root,
  GIVEN_FIELDS.root2,
  GIVEN_FIELDS.complex,
  MARKS,
] as const;
const [STEM, SOUND, ROOT, ROOT2, COMPLEX, MARK] = GIVEN_SHAPE.map((_, i) => SHAPE_FIELDS + i) as [
  number,
  number,
  number,
  number,
  number,
  number,
];

/** Shapes of the given names of a table. */
export const givenShapes = (table: ValueTable): ValueShapes => shapesOf(table, GIVEN_SHAPE);

/**
 * Whether knowledge may say more of two given names than that they differ: never false when it does. `left` and `right`: where
 * their shapes begin.
 */
export const mayRelateGiven = (shapes: ValueShapes, left: number, right: number): boolean => {
  if (shapes[left + COMPLEX] === 1 || shapes[right + COMPLEX] === 1)
    return ((shapes[left + MARK] ?? 0) & (shapes[right + MARK] ?? 0)) !== 0;
  return (
    bothEqual(shapes[left + STEM], shapes[right + STEM]) ||
    bothEqual(shapes[left + SOUND], shapes[right + SOUND]) ||
    bothEqual(shapes[left + ROOT], shapes[right + ROOT]) ||
    bothEqual(shapes[left + ROOT], shapes[right + ROOT2]) ||
    bothEqual(shapes[left + ROOT2], shapes[right + ROOT]) ||
    bothEqual(shapes[left + ROOT2], shapes[right + ROOT2])
  );
};

export class GivenValues implements ValueLevels {
  private readonly shapes: ValueShapes;
  private readonly cache: PairCache;

  constructor(knowledge: Knowledge, table: ValueTable) {
    this.shapes = givenShapes(table);
    const name = givenNamesOf(knowledge, table);
    const bySpelling = [GIVEN.different, GIVEN.similar, GIVEN.close] as const;
    this.cache = new PairCache(table.count, (a, b) => {
      if (this.shapes[(a << SHAPE_BITS) + SHAPE_HASH] === this.shapes[(b << SHAPE_BITS) + SHAPE_HASH])
        return GIVEN.exact;
      if (mayRelateGiven(this.shapes, a << SHAPE_BITS, b << SHAPE_BITS)) {
        const relation = relateGivenNames(name(a), name(b));
        if (relation !== 'different') return GIVEN_LEVEL[relation];
      }
      const level = bySpelling[spelling(table.texts, a, b)];
      return level === GIVEN.close && areTwoNames(name(a), name(b)) ? GIVEN.similar : level;
    });
  }

  of(a: number, b: number): number {
    if (a === b) return GIVEN.exact;
    const left = a << SHAPE_BITS;
    const right = b << SHAPE_BITS;
    return neverAlike(this.shapes, left, right) && !mayRelateGiven(this.shapes, left, right)
      ? GIVEN.different
      : this.cache.of(a, b);
  }
}
