import { ADDRESS } from '../contract.ts';
import { oneDigitAway } from '../kernels/digits.ts';
import { intAt } from '../kernels/at.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';
import { PlainValues } from './plainValues.ts';

/** 0 when a side has none, 1 unequal, 2 equal. */
const equality = (left: number, right: number): number => (left === 0 || right === 0 ? 0 : left === right ? 2 : 1);

/** 0 when a side has none, 1 unequal, 2 one digit away, 3 equal. */
const codeLevel = (left: number, right: number): number => {
  if (left === 0 || right === 0) return 0;
  return left === right ? 3 : oneDigitAway(left, right) ? 2 : 1;
};

const CLOSE_TEXT = 3;
const SAME_CODE = 3;

/** Where parts of addresses lie in records; -1 for those that the run has not. */
type AddressSlots = {
  readonly number: number;
  readonly region: number;
  readonly area: number;
  readonly code: number;
  readonly city: number;
};

/** City, postcode and region tell how near two addresses are; streets are looked at only when they may be the same. */
class AddressComparison implements Comparison {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly slots: AddressSlots;
  private readonly roadSlots: Int32Array;
  private readonly places: PlainValues | undefined;
  private readonly streets: PlainValues | undefined;

  constructor({ records, layout, values }: Data) {
    this.records = records;
    this.stride = layout.stride;
    this.slots = {
      number: layout.slot('number'),
      region: layout.slot('region'),
      area: layout.slot('postcode:area'),
      code: layout.slot('postcode'),
      city: layout.slot('city'),
    };
    this.roadSlots = layout.slots('street');
    this.places = values.place === undefined ? undefined : new PlainValues(values.place);
    this.streets = values.street === undefined ? undefined : new PlainValues(values.street);
  }

  of(a: number, b: number): number {
    const codes = this.codes(a, b);
    const towns = codes === SAME_CODE ? 0 : this.towns(a, b);
    const nowhere = codes === 0 && towns === 0;
    const roads = codes >= 2 || towns >= 2 || nowhere ? this.roads(a, b) : 0;
    if (roads >= CLOSE_TEXT) return this.atStreet(a, b);
    if (codes === SAME_CODE) return ADDRESS.postcode;
    if (towns >= CLOSE_TEXT) return ADDRESS.city;
    if (this.isNear(a, b, codes)) return ADDRESS.area;
    return nowhere && roads + this.equal(this.slots.region, a, b) === 0 ? ADDRESS.missing : ADDRESS.different;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      out[at] = this.of(intAt(a, at), intAt(b, at));
    }
  }

  private codes(a: number, b: number): number {
    const { code } = this.slots;
    return code < 0 ? 0 : codeLevel(this.value(a, code), this.value(b, code));
  }

  private isNear(a: number, b: number, codes: number): boolean {
    const { area, region } = this.slots;
    return codes === 2 || this.equal(area, a, b) === 2 || this.equal(region, a, b) === 2;
  }

  private atStreet(a: number, b: number): number {
    const { number } = this.slots;
    return number < 0 || this.equal(number, a, b) === 2 ? ADDRESS.exact : ADDRESS.street;
  }

  /** 0 when a side has none, 1 unlike, 2 similar, 3 close, 4 the same; so for streets. */
  private towns(a: number, b: number): number {
    const { city } = this.slots;
    if (city < 0 || this.places === undefined) return 0;
    const left = this.value(a, city);
    const right = this.value(b, city);
    return left === 0 || right === 0 ? 0 : 1 + this.places.of(left, right);
  }

  private roads(a: number, b: number): number {
    const { roadSlots, streets } = this;
    if (streets === undefined) return 0;
    let best = 0;
    for (let i = 0; i < roadSlots.length; i += 1) {
      const left = this.value(a, intAt(roadSlots, i));
      if (left === 0) continue;
      for (let j = 0; j < roadSlots.length; j += 1) {
        const right = this.value(b, intAt(roadSlots, j));
        if (right !== 0) best = Math.max(best, 1 + streets.of(left, right));
      }
    }
    return best;
  }

  private value(row: number, slot: number): number {
    return intAt(this.records, row * this.stride + slot);
  }

  private equal(slot: number, a: number, b: number): number {
    return slot < 0 ? 0 : equality(this.value(a, slot), this.value(b, slot));
  }
}

export const addressComparison = (data: Data): Comparison => new AddressComparison(data);
