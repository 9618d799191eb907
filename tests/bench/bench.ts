/** Work that was timed: so many units in so many seconds. */
export type Timed = { readonly count: number; readonly seconds: number };

/** One speed of the product, beside that of plain work on the same data in the same run. */
export type Bench = {
  readonly name: string;
  /** Of both values: units a second. */
  readonly unit: string;
  /** What the baseline does with the same data. */
  readonly baseline: string;
  /** `quick`: a size that shows only that it works. */
  measure(quick: boolean): { readonly own: Timed; readonly baseline: Timed };
};

export type BenchResult = {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly baseline: { readonly what: string; readonly value: number };
  /** Value by the baseline's: 1 is as fast as plain work. */
  readonly ratio: number;
  /** How long the whole bench took, preparation included. */
  readonly seconds: number;
};

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/** Times work that says how many units it did. */
export const timed = (work: () => number): Timed => {
  const start = performance.now();
  const count = work();
  return { count, seconds: secondsSince(start) };
};

const rate = ({ count, seconds }: Timed): number => count / seconds;
const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits));

export const runBench = (bench: Bench, quick: boolean): BenchResult => {
  const start = performance.now();
  const { own, baseline } = bench.measure(quick);
  return {
    name: bench.name,
    unit: bench.unit,
    value: rounded(rate(own), 4),
    baseline: { what: bench.baseline, value: rounded(rate(baseline), 4) },
    ratio: rounded(rate(own) / rate(baseline), 3),
    seconds: rounded(secondsSince(start), 3),
  };
};
