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
  measure(quick: boolean, rows?: number): Measured | Promise<Measured>;
};

/** `memory`: what the product's process held at most, in bytes, where it has one of its own. */
export type Measured = {
  readonly own: Timed;
  readonly baseline: Timed;
  readonly memory?: number;
  /** Further figures by name, told as they are. */
  readonly figures?: Readonly<Record<string, number>>;
};

export type BenchResult = {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly baseline: { readonly what: string; readonly value: number };
  /** Value by the baseline's: 1 is as fast as plain work. */
  readonly ratio: number;
  /** Megabytes, where the product has a process of its own. */
  readonly memory?: number;
  readonly figures?: Readonly<Record<string, number>>;
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

/** The same for work that takes turns. */
export const timedAsync = async (work: () => Promise<number>): Promise<Timed> => {
  const start = performance.now();
  const count = await work();
  return { count, seconds: secondsSince(start) };
};

const rate = ({ count, seconds }: Timed): number => count / seconds;
const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits));

/** @param rows how many rows, for benches that can be asked for more of them. */
export const runBench = async (bench: Bench, quick: boolean, rows?: number): Promise<BenchResult> => {
  const start = performance.now();
  const { own, baseline, memory, figures } = await bench.measure(quick, rows);
  return {
    name: bench.name,
    unit: bench.unit,
    value: rounded(rate(own), 4),
    baseline: { what: bench.baseline, value: rounded(rate(baseline), 4) },
    ratio: rounded(rate(own) / rate(baseline), 3),
    ...(memory === undefined ? {} : { memory: rounded(memory / 1_000_000, 3) }),
    ...(figures === undefined ? {} : { figures }),
    seconds: rounded(secondsSince(start), 3),
  };
};
