import { BIRTH_PLACE, IDENTIFIER, PHONE, SEX } from '../contract.ts';
import type { Plan } from '../plan.ts';
import { addressComparison } from './addressLevel.ts';
import { birthDateComparison } from './birthDate.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';
import { digitComparison } from './digitComparison.ts';
import { emailComparison } from './emailLevel.ts';
import { familyComparison, givenComparison, NOTHING_TO_COMPARE, organisationComparison } from './nameComparisons.ts';
import { ownMailboxes, ownNumbers } from './refinedLevels.ts';
import { PlainValues } from './plainValues.ts';

const PLACE_LEVELS = [BIRTH_PLACE.different, BIRTH_PLACE.similar, BIRTH_PLACE.similar, BIRTH_PLACE.exact] as const;

class BirthPlaceComparison implements Comparison {
  private readonly column: Int32Array;
  private readonly values: PlainValues;

  constructor(column: Int32Array, values: PlainValues) {
    this.column = column;
    this.values = values;
  }

  of(a: number, b: number): number {
    const left = this.column[a] ?? 0;
    const right = this.column[b] ?? 0;
    return left === 0 || right === 0 ? BIRTH_PLACE.missing : PLACE_LEVELS[this.values.of(left, right) as 0 | 1 | 2 | 3];
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = alive[i] ?? 0;
      out[at] = this.of(a[at] ?? 0, b[at] ?? 0);
    }
  }
}

class SexComparison implements Comparison {
  private readonly column: Int32Array;

  constructor(column: Int32Array) {
    this.column = column;
  }

  of(a: number, b: number): number {
    const left = this.column[a] ?? 0;
    const right = this.column[b] ?? 0;
    if (left === 0 || right === 0) return SEX.missing;
    return left === right ? SEX.same : SEX.clash;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = alive[i] ?? 0;
      out[at] = this.of(a[at] ?? 0, b[at] ?? 0);
    }
  }
}

const birthPlaceComparison = (data: Data): Comparison => {
  const column = data.columns['birthPlace'];
  const table = data.values.place;
  return column === undefined || table === undefined
    ? NOTHING_TO_COMPARE
    : new BirthPlaceComparison(column, new PlainValues(table));
};

const sexComparison = (data: Data): Comparison => {
  const column = data.columns['sex'];
  return column === undefined ? NOTHING_TO_COMPARE : new SexComparison(column);
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
