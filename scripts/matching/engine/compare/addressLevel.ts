import { ADDRESS } from '../contract.ts';
import { oneDigitAway } from '../kernels/digits.ts';
import { columnsOf } from './anyOf.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';
import { PlainValues } from './plainValues.ts';

/** 0 when a side has none, 1 unequal, 2 equal. */
const equality = (column: Int32Array | undefined, a: number, b: number): number => {
  if (column === undefined) return 0;
  const left = column[a] ?? 0;
  const right = column[b] ?? 0;
  return left === 0 || right === 0 ? 0 : left === right ? 2 : 1;
};

/** 0 when a side has none, 1 unequal, 2 one digit away, 3 equal. */
const codeLevel = (column: Int32Array | undefined, a: number, b: number): number => {
  if (column === undefined) return 0;
  const left = column[a] ?? 0;
  const right = column[b] ?? 0;
  if (left === 0 || right === 0) return 0;
  return left === right ? 3 : oneDigitAway(left, right) ? 2 : 1;
};

const CLOSE_TEXT = 3;
const SAME_CODE = 3;

type AddressColumns = {
  readonly number: Int32Array | undefined;
  readonly region: Int32Array | undefined;
  readonly area: Int32Array | undefined;
  readonly code: Int32Array | undefined;
  readonly city: Int32Array | undefined;
  readonly streets: readonly Int32Array[];
};

/** City, postcode and region tell how near two addresses are; streets are looked at only when they may be the same. */
class AddressComparison implements Comparison {
  private readonly columns: AddressColumns;
  private readonly places: PlainValues | undefined;
  private readonly streets: PlainValues | undefined;

  constructor(columns: AddressColumns, places: PlainValues | undefined, streets: PlainValues | undefined) {
    this.columns = columns;
    this.places = places;
    this.streets = streets;
  }

  of(a: number, b: number): number {
    const codes = codeLevel(this.columns.code, a, b);
    const towns = codes === SAME_CODE ? 0 : this.towns(a, b);
    const nowhere = codes === 0 && towns === 0;
    const roads = codes >= 2 || towns >= 2 || nowhere ? this.roads(a, b) : 0;
    if (roads >= CLOSE_TEXT) return this.atStreet(a, b);
    if (codes === SAME_CODE) return ADDRESS.postcode;
    if (towns >= CLOSE_TEXT) return ADDRESS.city;
    if (this.isNear(a, b, codes)) return ADDRESS.area;
    return nowhere && roads + equality(this.columns.region, a, b) === 0 ? ADDRESS.missing : ADDRESS.different;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = alive[i] ?? 0;
      out[at] = this.of(a[at] ?? 0, b[at] ?? 0);
    }
  }

  private isNear(a: number, b: number, codes: number): boolean {
    const { area, region } = this.columns;
    return codes === 2 || equality(area, a, b) === 2 || equality(region, a, b) === 2;
  }

  private atStreet(a: number, b: number): number {
    const { number } = this.columns;
    return number === undefined || equality(number, a, b) === 2 ? ADDRESS.exact : ADDRESS.street;
  }

  /** 0 when a side has none, 1 unlike, 2 similar, 3 close, 4 the same; so for streets. */
  private towns(a: number, b: number): number {
    const { city } = this.columns;
    if (city === undefined || this.places === undefined) return 0;
    const left = city[a] ?? 0;
    const right = city[b] ?? 0;
    return left === 0 || right === 0 ? 0 : 1 + this.places.of(left, right);
  }

  private roads(a: number, b: number): number {
    const { streets } = this.columns;
    if (this.streets === undefined) return 0;
    let best = 0;
    for (const first of streets) {
      const left = first[a] ?? 0;
      if (left === 0) continue;
      for (const second of streets) {
        const right = second[b] ?? 0;
        if (right !== 0) best = Math.max(best, 1 + this.streets.of(left, right));
      }
    }
    return best;
  }
}

export const addressComparison = (data: Data): Comparison => {
  const { columns, values } = data;
  return new AddressComparison(
    {
      number: columns['number'],
      region: columns['region'],
      area: columns['postcode:area'],
      code: columns['postcode'],
      city: columns['city'],
      streets: columnsOf(data, 'street'),
    },
    values.place === undefined ? undefined : new PlainValues(values.place),
    values.street === undefined ? undefined : new PlainValues(values.street),
  );
};
