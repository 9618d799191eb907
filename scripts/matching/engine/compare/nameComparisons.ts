import { FAMILY, GIVEN } from '../contract.ts';
import { intAt } from '../kernels/at.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';
import { FamilyValues } from './familyValues.ts';
import { GivenValues } from './givenValues.ts';
import { OrganisationValues } from './organisationValues.ts';
import { type SwapCheck, swapCheck } from './swappedNames.ts';

/** The best level over all values that two rows have. */
class GivenComparison implements Comparison {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly slots: Int32Array;
  private readonly values: GivenValues;
  private readonly swapped: SwapCheck | undefined;

  constructor(data: Data, values: GivenValues) {
    this.records = data.records;
    this.stride = data.layout.stride;
    this.slots = data.layout.slots('given');
    this.values = values;
    this.swapped = swapCheck(data);
  }

  of(a: number, b: number): number {
    const { records, stride, slots } = this;
    let best = 0;
    for (let i = 0; i < slots.length; i += 1) {
      const left = intAt(records, a * stride + intAt(slots, i));
      if (left === 0) continue;
      for (let j = 0; j < slots.length; j += 1) {
        const right = intAt(records, b * stride + intAt(slots, j));
        if (right !== 0) best = Math.max(best, this.values.of(left, right));
      }
    }
    if (best > 0 && best < GIVEN.close && this.swapped?.of(a, b) === true) return GIVEN.missing;
    return best;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      out[at] = this.of(intAt(a, at), intAt(b, at));
    }
  }
}

class FamilyComparison implements Comparison {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly slots: Int32Array;
  private readonly values: FamilyValues;
  private readonly swapped: SwapCheck | undefined;

  constructor(data: Data, values: FamilyValues) {
    this.records = data.records;
    this.stride = data.layout.stride;
    this.slots = data.layout.slots('family');
    this.values = values;
    this.swapped = swapCheck(data);
  }

  of(a: number, b: number): number {
    const { records, stride, slots } = this;
    let best = 0;
    for (let i = 0; i < slots.length; i += 1) {
      const left = intAt(records, a * stride + intAt(slots, i));
      if (left === 0) continue;
      for (let j = 0; j < slots.length; j += 1) {
        const right = intAt(records, b * stride + intAt(slots, j));
        if (right !== 0) best = Math.max(best, this.values.of(left, right));
      }
    }
    if (best > 0 && best < FAMILY.close && this.swapped?.of(a, b) === true) return FAMILY.swapped;
    return best;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      out[at] = this.of(intAt(a, at), intAt(b, at));
    }
  }
}

class OrganisationComparison implements Comparison {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly slots: Int32Array;
  private readonly values: OrganisationValues;

  constructor({ records, layout }: Data, values: OrganisationValues) {
    this.records = records;
    this.stride = layout.stride;
    this.slots = layout.slots('organisation');
    this.values = values;
  }

  of(a: number, b: number): number {
    const { records, stride, slots } = this;
    let best = 0;
    for (let i = 0; i < slots.length; i += 1) {
      const left = intAt(records, a * stride + intAt(slots, i));
      if (left === 0) continue;
      for (let j = 0; j < slots.length; j += 1) {
        const right = intAt(records, b * stride + intAt(slots, j));
        if (right !== 0) best = Math.max(best, this.values.of(left, right));
      }
    }
    return best;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      out[at] = this.of(intAt(a, at), intAt(b, at));
    }
  }
}

const nothing: Comparison['fill'] = ({ alive, count }, out) => {
  for (let i = 0; i < count; i += 1) out[alive[i] ?? 0] = 0;
};

/** A comparison that never has anything to compare. */
export const NOTHING_TO_COMPARE: Comparison = { of: () => 0, fill: nothing };

export const givenComparison = (data: Data): Comparison => {
  const table = data.values.given;
  if (table === undefined) return NOTHING_TO_COMPARE;
  return new GivenComparison(data, new GivenValues(data.knowledge, table));
};

export const familyComparison = (data: Data): Comparison => {
  const table = data.values.family;
  if (table === undefined) return NOTHING_TO_COMPARE;
  return new FamilyComparison(data, new FamilyValues(table));
};

export const organisationComparison = (data: Data): Comparison => {
  const table = data.values.organisation;
  if (table === undefined) return NOTHING_TO_COMPARE;
  return new OrganisationComparison(data, new OrganisationValues(data.knowledge, table));
};
