import { HASH, PLAIN_FIELDS, type ValueTable } from '../values/contract.ts';
import { PairCache } from './pairCache.ts';
import { spelling, type ValueLevels } from './textLevels.ts';
import { neverAlike, SHAPE_BITS, shapesOf, type ValueShapes } from './valueShapes.ts';

const field = (table: ValueTable, id: number, which: number): number => table.fields[id * table.width + which] ?? 0;

/** Shapes of streets or places. */
export const plainShapes = (table: ValueTable): ValueShapes => shapesOf(table, []);

/** 0 unlike, 1 similar, 2 close, 3 the same: streets and places. `E 5th St` and `W 5th St` are similar, no more. */
export class PlainValues implements ValueLevels {
  private readonly shapes: ValueShapes;
  private readonly cache: PairCache;

  constructor(table: ValueTable) {
    this.shapes = plainShapes(table);
    const compassDiffer = (a: number, b: number): boolean => {
      const [one, other] = [field(table, a, PLAIN_FIELDS.compass), field(table, b, PLAIN_FIELDS.compass)];
      return one !== 0 && other !== 0 && one !== other;
    };
    this.cache = new PairCache(table.count, (a, b) => {
      const level = field(table, a, HASH) === field(table, b, HASH) ? 3 : spelling(table.texts, a, b);
      return compassDiffer(a, b) ? Math.min(level, 1) : level;
    });
  }

  of(a: number, b: number): number {
    if (a === b) return 3;
    return neverAlike(this.shapes, a << SHAPE_BITS, b << SHAPE_BITS) ? 0 : this.cache.of(a, b);
  }
}
