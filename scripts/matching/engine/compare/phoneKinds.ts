import { intAt } from '../kernels/at.ts';
import type { Knowledge } from '../../knowledge/contract.ts';
import type { Shared } from '../threads/state.ts';
import type { Data } from './contract.ts';
import { PHONE_KINDS_SLOT } from './records.ts';

/** What a number is by its country's plan. */
export const LINE_KINDS = { unknown: 0, fixed: 1, mobile: 2 } as const;

/** Kind of a number by its digits before the last seven, as they are packed. */
export type KindOfNumber = (head: number) => number;

const LOW_DIGITS = 7;
const LENGTHS = [8, 9, 10, 11];
const FILLER = '2';

type Tables = Pick<Shared, 'tables'> & { readonly knowledge: Knowledge };

const onlyCountry = ({ tables }: Tables): string | undefined => {
  const [first, ...others] = tables.map(({ country }) => country);
  return others.every((country) => country === first) ? first : undefined;
};

/** Whether mobile numbers of the country can be told by how they begin: in North America they cannot. */
const tellsMobile = (knowledge: Knowledge, country: string): boolean => {
  for (let lead = 10; lead < 100; lead += 1)
    for (const length of LENGTHS) if (knowledge.phone(String(lead).padEnd(length, FILLER), country).mobile) return true;
  return false;
};

/** `undefined` where the plan does not tell, or the tables are of several countries. */
export const kindsByHead = (data: Tables): KindOfNumber | undefined => {
  const { knowledge } = data;
  const country = onlyCountry(data);
  if (country === undefined || !tellsMobile(knowledge, country)) return undefined;
  const known = new Map<number, number>();
  return (head) => {
    let kind = known.get(head);
    if (kind === undefined) {
      const phone = knowledge.phone(head.toString(16) + FILLER.repeat(LOW_DIGITS), country);
      kind = phone.ambiguous || phone.e164 === '' ? LINE_KINDS.unknown : LINE_KINDS.fixed;
      if (phone.mobile) kind = LINE_KINDS.mobile;
      known.set(head, kind);
    }
    return head === 0 ? LINE_KINDS.unknown : kind;
  };
};

/** A bit for each kind that the numbers of a row have, as the record of the row holds it. */
export const kindMarks = (lows: readonly Int32Array[], highs: readonly Int32Array[], kindOf: KindOfNumber) => {
  return (row: number): number => {
    let kinds = 0;
    for (let i = 0; i < lows.length; i += 1)
      if ((lows[i]?.[row] ?? 0) !== 0) kinds |= 1 << kindOf(highs[i]?.[row] ?? 0);
    return kinds;
  };
};

const FIXED = 1 << LINE_KINDS.fixed;
const MOBILE = 1 << LINE_KINDS.mobile;

/** Kinds of the rows' numbers. */
export class LineKinds {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly kinds: number;
  private readonly low: Int32Array;
  private readonly high: Int32Array;
  private readonly kindOf: KindOfNumber;

  constructor({ records, layout }: Data, kindOf: KindOfNumber) {
    this.records = records;
    this.stride = layout.stride;
    this.kinds = layout.slot(PHONE_KINDS_SLOT);
    this.low = layout.slots('phone');
    this.high = layout.slots('phone', ':high');
    this.kindOf = kindOf;
  }

  /** Of the number that two rows have in common. */
  ofEqual(a: number, b: number): number {
    const { low, high } = this;
    let kind: number = LINE_KINDS.unknown;
    for (let i = 0; i < low.length; i += 1) {
      const own = this.value(a, intAt(low, i));
      const head = this.value(a, intAt(high, i));
      if (own === 0) continue;
      for (let j = 0; j < low.length; j += 1)
        if (own === this.value(b, intAt(low, j)) && head === this.value(b, intAt(high, j)))
          kind = Math.max(kind, this.kindOf(head));
    }
    return kind;
  }

  /** Whether one row has fixed lines only and the other mobile numbers only. */
  differ(a: number, b: number): boolean {
    const left = this.value(a, this.kinds);
    const right = this.value(b, this.kinds);
    return (left === FIXED && right === MOBILE) || (left === MOBILE && right === FIXED);
  }

  private value(row: number, slot: number): number {
    return intAt(this.records, row * this.stride + slot);
  }
}
