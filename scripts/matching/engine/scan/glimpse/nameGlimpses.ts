import type { Data } from '../../compare/contract.ts';
import { familyRelation, familyShapes } from '../../compare/familyValues.ts';
import { givenShapes, mayRelateGiven } from '../../compare/givenValues.ts';
import { marksMeet, organisationShapes } from '../../compare/organisationValues.ts';
import { neverAlike, SHAPE_BITS, SHAPE_HASH, type ValueShapes } from '../../compare/valueShapes.ts';
import { intAt } from '../../kernels/at.ts';
import type { ValueTable } from '../../values/contract.ts';

/** Where the records have the values of a name, and what tells these apart. */
type Names = { readonly slots: Int32Array; readonly shapes: ValueShapes };

const namesIn = (
  { layout }: Data,
  field: string,
  table: ValueTable | undefined,
  shapesOf: (table: ValueTable) => ValueShapes,
): Names =>
  table === undefined
    ? { slots: new Int32Array(0), shapes: new Int32Array(0) }
    : { slots: layout.slots(field), shapes: shapesOf(table) };

/** True when no two values of the records at `one` and `other` can be told alike, by letters or by knowledge. */
type NamesApart = (one: number, other: number) => boolean;

/** Names at a glance. Each kind has a loop of its own, for its shapes have other fields. */
export class NameGlimpses {
  private readonly records: Int32Array;
  private readonly given: Names;
  private readonly family: Names;
  private readonly organisation: Names;

  constructor(data: Data) {
    const { given, family, organisation } = data.values;
    this.records = data.records;
    this.given = namesIn(data, 'given', given, givenShapes);
    this.family = namesIn(data, 'family', family, familyShapes);
    this.organisation = namesIn(data, 'organisation', organisation, organisationShapes);
  }

  /** True when the given name of one row may be the other's family name. */
  maySwap(one: number, other: number): boolean {
    const { records, given, family } = this;
    if (given.slots.length === 0 || family.slots.length === 0) return false;
    const first = intAt(given.slots, 0);
    const last = intAt(family.slots, 0);
    const isBoth = (a: number, b: number): boolean =>
      given.shapes[(intAt(records, a + first) << SHAPE_BITS) + SHAPE_HASH] ===
      family.shapes[(intAt(records, b + last) << SHAPE_BITS) + SHAPE_HASH];
    return isBoth(one, other) || isBoth(other, one);
  }

  readonly givenApart: NamesApart = (one, other) => {
    const { records } = this;
    const { slots, shapes } = this.given;
    for (let i = 0; i < slots.length; i += 1) {
      const left = intAt(records, one + intAt(slots, i)) << SHAPE_BITS;
      if (left === 0) continue;
      for (let j = 0; j < slots.length; j += 1) {
        const right = intAt(records, other + intAt(slots, j)) << SHAPE_BITS;
        if (right !== 0 && (!neverAlike(shapes, left, right) || mayRelateGiven(shapes, left, right))) return false;
      }
    }
    return true;
  };

  readonly familyApart: NamesApart = (one, other) => {
    const { records } = this;
    const { slots, shapes } = this.family;
    for (let i = 0; i < slots.length; i += 1) {
      const left = intAt(records, one + intAt(slots, i)) << SHAPE_BITS;
      if (left === 0) continue;
      for (let j = 0; j < slots.length; j += 1) {
        const right = intAt(records, other + intAt(slots, j)) << SHAPE_BITS;
        if (right !== 0 && (!neverAlike(shapes, left, right) || familyRelation(shapes, left, right) !== 0))
          return false;
      }
    }
    return true;
  };

  readonly organisationsApart: NamesApart = (one, other) => {
    const { records } = this;
    const { slots, shapes } = this.organisation;
    for (let i = 0; i < slots.length; i += 1) {
      const left = intAt(records, one + intAt(slots, i)) << SHAPE_BITS;
      if (left === 0) continue;
      for (let j = 0; j < slots.length; j += 1) {
        const right = intAt(records, other + intAt(slots, j)) << SHAPE_BITS;
        if (right !== 0 && (!neverAlike(shapes, left, right) || marksMeet(shapes, left, right))) return false;
      }
    }
    return true;
  };
}
