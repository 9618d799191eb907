import type { Data } from '../../compare/contract.ts';
import { plainShapes } from '../../compare/plainValues.ts';
import { neverAlike, SHAPE_BITS, type ValueShapes } from '../../compare/valueShapes.ts';
import { ADDRESS } from '../../contract.ts';
import { intAt } from '../../kernels/at.ts';
import { oneDigitAway } from '../../kernels/digits.ts';
import type { ValueTable } from '../../values/contract.ts';

/** 0: any level. From 1 on: what the address comes to without its street, then the same where the street may be the same. */
const SURE = 1;
const STREETS = SURE + ADDRESS.street;
export const ADDRESS_STATES = STREETS + 2 * ADDRESS.street;

const bit = (level: number): number => 1 << level;

/** The levels open in each state, one bit a level. */
export const ADDRESS_LEVELS: Int32Array = Int32Array.from({ length: ADDRESS_STATES }, (_, state) => {
  if (state === 0) return bit(ADDRESS.exact + 1) - 1;
  if (state < STREETS) return bit(state - SURE);
  const [level, exact] = [(state - STREETS) >>> 1, (state - STREETS) & 1];
  return bit(level) | bit(exact === 1 ? ADDRESS.exact : ADDRESS.street);
});

/** 0 when a side has none, 1 unequal, 2 equal; postcodes that are one digit away; two that say nothing but a region. */
type Nearness = {
  readonly codes: number;
  readonly towns: number;
  readonly isAway: boolean;
  readonly isBlank: boolean;
};

const shapesIn = (table: ValueTable | undefined): ValueShapes | undefined =>
  table === undefined ? undefined : plainShapes(table);

/** How near two addresses are as far as numbers tell, and letters that rule out. Follows compare/addressLevel.ts. */
export class AddressGlimpse {
  private readonly records: Int32Array;
  private readonly slot: Readonly<Record<'number' | 'region' | 'area' | 'code' | 'city', number>>;
  private readonly roads: Int32Array;
  private readonly streets: ValueShapes | undefined;
  private readonly places: ValueShapes | undefined;

  constructor({ records, layout, values }: Data) {
    this.records = records;
    this.slot = {
      number: layout.slot('number'),
      region: layout.slot('region'),
      area: layout.slot('postcode:area'),
      code: layout.slot('postcode'),
      city: layout.slot('city'),
    };
    this.streets = shapesIn(values.street);
    this.places = shapesIn(values.place);
    this.roads = this.streets === undefined ? new Int32Array(0) : layout.slots('street');
  }

  state(one: number, other: number): number {
    const { code } = this.slot;
    const codes = this.equality(code, one, other);
    const towns = codes === 2 ? 0 : this.towns(one, other);
    if (towns < 0) return 0;
    const isAway = codes === 1 && oneDigitAway(this.value(code, one), this.value(code, other));
    const nowhere = codes === 0 && towns === 0;
    const roads = this.mayBeOneStreet(one, other);
    const level = this.levelOf(one, other, { codes, towns, isAway, isBlank: nowhere && roads < 0 });
    const isCompared = codes === 2 || isAway || towns === 2 || nowhere;
    if (roads <= 0 || !isCompared) return SURE + level;
    return STREETS + 2 * level + this.sameNumber(one, other);
  }

  /** The level of two addresses without their streets. */
  private levelOf(one: number, other: number, { codes, towns, isAway, isBlank }: Nearness): number {
    if (codes === 2) return ADDRESS.postcode;
    if (towns === 2) return ADDRESS.city;
    if (isAway || this.isNear(one, other)) return ADDRESS.area;
    return isBlank && this.equality(this.slot.region, one, other) === 0 ? ADDRESS.missing : ADDRESS.different;
  }

  /** 1 when streets that are the same make the address exact, else 0. */
  private sameNumber(one: number, other: number): number {
    const { number } = this.slot;
    return number < 0 || this.equality(number, one, other) === 2 ? 1 : 0;
  }

  private value(slot: number, base: number): number {
    return slot < 0 ? 0 : intAt(this.records, base + slot);
  }

  /** 0 when a side has none, 1 unequal, 2 equal. */
  private equality(slot: number, one: number, other: number): number {
    const left = this.value(slot, one);
    const right = this.value(slot, other);
    return left === 0 || right === 0 ? 0 : left === right ? 2 : 1;
  }

  /** 0 when a side has none, 1 unlike, 2 equal, -1 when letters must be looked at. */
  private towns(one: number, other: number): number {
    const { places } = this;
    const { city } = this.slot;
    if (places === undefined) return 0;
    const equality = this.equality(city, one, other);
    if (equality !== 1) return equality;
    return neverAlike(places, this.value(city, one) << SHAPE_BITS, this.value(city, other) << SHAPE_BITS) ? 1 : -1;
  }

  private isNear(one: number, other: number): boolean {
    const { area, region } = this.slot;
    return this.equality(area, one, other) === 2 || this.equality(region, one, other) === 2;
  }

  /** -1 when a side has no street, 0 when none of theirs can be alike, else 1. */
  private mayBeOneStreet(one: number, other: number): number {
    const { records, roads, streets } = this;
    if (streets === undefined) return -1;
    let state = -1;
    for (let i = 0; i < roads.length; i += 1) {
      const left = intAt(records, one + intAt(roads, i));
      if (left === 0) continue;
      for (let j = 0; j < roads.length; j += 1) {
        const right = intAt(records, other + intAt(roads, j));
        if (right === 0) continue;
        if (left === right || !neverAlike(streets, left << SHAPE_BITS, right << SHAPE_BITS)) return 1;
        state = 0;
      }
    }
    return state;
  }
}
