import { FAMILY, GIVEN } from '../contract.ts';
import { columnsOf } from './anyOf.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';
import { FamilyValues } from './familyValues.ts';
import { GivenValues } from './givenValues.ts';
import { OrganisationValues } from './organisationValues.ts';
import { type SwapCheck, swapCheck } from './swappedNames.ts';

/** The best level over all values that two rows have. */
class GivenComparison implements Comparison {
  private readonly columns: readonly Int32Array[];
  private readonly values: GivenValues;
  private readonly swapped: SwapCheck | undefined;

  constructor(columns: readonly Int32Array[], values: GivenValues, swapped: SwapCheck | undefined) {
    this.columns = columns;
    this.values = values;
    this.swapped = swapped;
  }

  of(a: number, b: number): number {
    const { columns } = this;
    let best = 0;
    for (const first of columns) {
      const left = first[a] ?? 0;
      if (left === 0) continue;
      for (const second of columns) {
        const right = second[b] ?? 0;
        if (right !== 0) best = Math.max(best, this.values.of(left, right));
      }
    }
    if (best > 0 && best < GIVEN.close && this.swapped?.of(a, b) === true) return GIVEN.missing;
    return best;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = alive[i] ?? 0;
      out[at] = this.of(a[at] ?? 0, b[at] ?? 0);
    }
  }
}

class FamilyComparison implements Comparison {
  private readonly columns: readonly Int32Array[];
  private readonly values: FamilyValues;
  private readonly swapped: SwapCheck | undefined;

  constructor(columns: readonly Int32Array[], values: FamilyValues, swapped: SwapCheck | undefined) {
    this.columns = columns;
    this.values = values;
    this.swapped = swapped;
  }

  of(a: number, b: number): number {
    const { columns } = this;
    let best = 0;
    for (const first of columns) {
      const left = first[a] ?? 0;
      if (left === 0) continue;
      for (const second of columns) {
        const right = second[b] ?? 0;
        if (right !== 0) best = Math.max(best, this.values.of(left, right));
      }
    }
    if (best > 0 && best < FAMILY.close && this.swapped?.of(a, b) === true) return FAMILY.swapped;
    return best;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = alive[i] ?? 0;
      out[at] = this.of(a[at] ?? 0, b[at] ?? 0);
    }
  }
}

class OrganisationComparison implements Comparison {
  private readonly columns: readonly Int32Array[];
  private readonly values: OrganisationValues;

  constructor(columns: readonly Int32Array[], values: OrganisationValues) {
    this.columns = columns;
    this.values = values;
  }

  of(a: number, b: number): number {
    const { columns } = this;
    let best = 0;
    for (const first of columns) {
      const left = first[a] ?? 0;
      if (left === 0) continue;
      for (const second of columns) {
        const right = second[b] ?? 0;
        if (right !== 0) best = Math.max(best, this.values.of(left, right));
      }
    }
    return best;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = alive[i] ?? 0;
      out[at] = this.of(a[at] ?? 0, b[at] ?? 0);
    }
  }
}

/** A comparison that never has anything to compare. */
export const NOTHING_TO_COMPARE: Comparison = {
  of: () => 0,
  fill: ({ alive, count }, out) => {
    for (let i = 0; i < count; i += 1) out[alive[i] ?? 0] = 0;
  },
};

export const givenComparison = (data: Data): Comparison => {
  const table = data.values.given;
  if (table === undefined) return NOTHING_TO_COMPARE;
  return new GivenComparison(columnsOf(data, 'given'), new GivenValues(data.knowledge, table), swapCheck(data));
};

export const familyComparison = (data: Data): Comparison => {
  const table = data.values.family;
  if (table === undefined) return NOTHING_TO_COMPARE;
  return new FamilyComparison(columnsOf(data, 'family'), new FamilyValues(table), swapCheck(data));
};

export const organisationComparison = (data: Data): Comparison => {
  const table = data.values.organisation;
  if (table === undefined) return NOTHING_TO_COMPARE;
  return new OrganisationComparison(columnsOf(data, 'organisation'), new OrganisationValues(data.knowledge, table));
};
