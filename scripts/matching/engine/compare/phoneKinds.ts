import type { Data } from './contract.ts';

/** What a number is by its country's plan. */
export const LINE_KINDS = { unknown: 0, fixed: 1, mobile: 2 } as const;

export type LineKinds = {
  /** Of the number that two rows have in common. */
  ofEqual(a: number, b: number): number;
  /** Whether one row has fixed lines only and the other mobile numbers only. */
  differ(a: number, b: number): boolean;
};

const LOW_DIGITS = 7;
const LENGTHS = [8, 9, 10, 11];
const FILLER = '2';

const onlyCountry = ({ tables }: Data): string | undefined => {
  const [first, ...others] = tables.map(({ country }) => country);
  return others.every((country) => country === first) ? first : undefined;
};

/** Whether mobile numbers of the country can be told by how they begin: in North America they cannot. */
const tellsMobile = ({ knowledge }: Data, country: string): boolean => {
  for (let lead = 10; lead < 100; lead += 1)
    for (const length of LENGTHS) if (knowledge.phone(String(lead).padEnd(length, FILLER), country).mobile) return true;
  return false;
};

/** Kind by the digits before the last seven: national numbers as they are packed. */
const kindsByHead = ({ knowledge }: Data, country: string): ((head: number) => number) => {
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

/** Kinds of the rows' numbers; `undefined` where the plan does not tell, or the tables are of several countries. */
export const lineKinds = (data: Data): LineKinds | undefined => {
  const country = onlyCountry(data);
  if (country === undefined || !tellsMobile(data, country)) return undefined;
  const width = data.plan.width['phone'] ?? 0;
  const columns = Array.from({ length: width }, (_, i) => ({
    low: data.columns[`phone${i}`] ?? new Int32Array(0),
    high: data.columns[`phone${i}:high`] ?? new Int32Array(0),
  }));
  const kindOf = kindsByHead(data, country);
  const kindsOf = (row: number): number => {
    let kinds = 0;
    for (const { low, high } of columns) if ((low[row] ?? 0) !== 0) kinds |= 1 << kindOf(high[row] ?? 0);
    return kinds;
  };
  const [fixed, mobile] = [1 << LINE_KINDS.fixed, 1 << LINE_KINDS.mobile];
  return {
    ofEqual: (a, b) => {
      let kind: number = LINE_KINDS.unknown;
      for (const one of columns)
        for (const other of columns)
          if ((one.low[a] ?? 0) !== 0 && one.low[a] === other.low[b] && one.high[a] === other.high[b])
            kind = Math.max(kind, kindOf(one.high[a] ?? 0));
      return kind;
    },
    differ: (a, b) => {
      const [left, right] = [kindsOf(a), kindsOf(b)];
      return (left === fixed && right === mobile) || (left === mobile && right === fixed);
    },
  };
};
