import { BIRTH_PLACE, IDENTIFIER, PHONE, SEX } from '../contract.ts';
import { intAt } from '../kernels/at.ts';
import type { Plan } from '../plan.ts';
import { addressComparison } from './addressLevel.ts';
import { birthDateComparison } from './birthDate.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';
import { digitComparison } from './digitComparison.ts';
import { emailComparison } from './emailLevel.ts';
import { familyComparison, givenComparison, NOTHING_TO_COMPARE, organisationComparison } from './nameComparisons.ts';
import { ownMailboxes, ownNumbers } from './refinedLevels.ts';
import { PlainValues } from './plainValues.ts';

const PLACE_LEVELS: readonly number[] = [
  BIRTH_PLACE.different,
  BIRTH_PLACE.similar,
  BIRTH_PLACE.similar,
  BIRTH_PLACE.exact,
];

class BirthPlaceComparison implements Comparison {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly slot: number;
  private readonly values: PlainValues;

  constructor({ records, layout }: Data, slot: number, values: PlainValues) {
    this.records = records;
    this.stride = layout.stride;
    this.slot = slot;
    this.values = values;
  }

  of(a: number, b: number): number {
    const { records, stride, slot } = this;
    const left = intAt(records, a * stride + slot);
    const right = intAt(records, b * stride + slot);
    return left === 0 || right === 0 ? BIRTH_PLACE.missing : (PLACE_LEVELS[this.values.of(left, right)] ?? 0);
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      out[at] = this.of(intAt(a, at), intAt(b, at));
    }
  }
}

class SexComparison implements Comparison {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly slot: number;

  constructor({ records, layout }: Data, slot: number) {
    this.records = records;
    this.stride = layout.stride;
    this.slot = slot;
  }

  of(a: number, b: number): number {
    const { records, stride, slot } = this;
    const left = intAt(records, a * stride + slot);
    const right = intAt(records, b * stride + slot);
    if (left === 0 || right === 0) return SEX.missing;
    return left === right ? SEX.same : SEX.clash;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      out[at] = this.of(intAt(a, at), intAt(b, at));
    }
  }
}

const birthPlaceComparison = (data: Data): Comparison => {
  const slot = data.layout.slot('birthPlace');
  const table = data.values.place;
  return slot < 0 || table === undefined
    ? NOTHING_TO_COMPARE
    : new BirthPlaceComparison(data, slot, new PlainValues(table));
};

const sexComparison = (data: Data): Comparison => {
  const slot = data.layout.slot('sex');
  return slot < 0 ? NOTHING_TO_COMPARE : new SexComparison(data, slot);
};

type MakeComparison = (data: Data) => Comparison;

const slotsOf = (plan: Plan, field: string): readonly string[] =>
  Array.from({ length: plan.width[field] ?? 0 }, (_, i) => `${field}${i}`);

const MAKERS: Readonly<Record<string, MakeComparison>> = {
  'given-name': givenComparison,
  'family-name': familyComparison,
  'organisation-name': organisationComparison,
  'birth-date': birthDateComparison,
  'birth-place': birthPlaceComparison,
  email: (data) => ownMailboxes(emailComparison(data), data),
  phone: (data) => ownNumbers(digitComparison(data, slotsOf(data.plan, 'phone'), PHONE), data),
  address: addressComparison,
  sex: sexComparison,
};

/** The run's comparisons, in the order of the plan. */
export const makeComparisons = (data: Data): readonly Comparison[] =>
  data.plan.comparisons.map(({ name }) => {
    if (name.startsWith('identifier:')) return digitComparison(data, [name], IDENTIFIER);
    const make = MAKERS[name];
    if (make === undefined) throw new Error(`no comparison ${name}`);
    return make(data);
  });
