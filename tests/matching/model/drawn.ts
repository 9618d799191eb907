import type { ComparisonShape, FitInput, RulePatterns } from '../../../scripts/matching/model/contract.ts';
import { strides } from '../../../scripts/matching/model/passes.ts';

/** A world whose classes are known: exact expected counts of every pattern, so that a fit has only itself to blame. */
export type World = {
  readonly shapes: readonly ComparisonShape[];
  readonly match: readonly (readonly number[])[];
  readonly related: readonly (readonly number[])[];
  readonly unrelated: readonly (readonly number[])[];
  /** Pairs of each class among all. */
  readonly pairs: { readonly match: number; readonly related: number; readonly unrelated: number };
  /** Comparisons at their strongest level that each rule asks for. */
  readonly rules: readonly (readonly number[])[];
};

const shape = (
  name: string,
  kind: ComparisonShape['kind'],
  levels: readonly ComparisonShape['levels'][number][],
): ComparisonShape => ({
  name,
  kind,
  levels,
});
const level = (name: ComparisonShape['levels'][number]['meaning']): ComparisonShape['levels'][number] => ({
  name,
  meaning: name,
});
const FOUR = ['missing', 'conflict', 'close', 'exact'] as const;

/** People with names, birth dates, e-mails and addresses, some in households. */
export const people = (rows = 20_000): World => {
  const all = (rows * (rows - 1)) / 2;
  const pairs = { match: rows * 0.2, related: rows * 0.4, unrelated: all - rows * 0.6 };
  return {
    shapes: [
      shape('given-name', 'given-name', FOUR.map(level)),
      shape('family-name', 'family-name', FOUR.map(level)),
      shape('birth-date', 'birth-date', FOUR.map(level)),
      shape('email', 'email', FOUR.map(level)),
      shape('address', 'address', FOUR.map(level)),
    ],
    // [missing, conflict, close, exact]; missing: of all pairs
    match: [
      [0.02, 0.05, 0.1, 0.85],
      [0.02, 0.08, 0.07, 0.85],
      [0.2, 0.03, 0.07, 0.9],
      [0.5, 0.3, 0.1, 0.6],
      [0.1, 0.25, 0.05, 0.7],
    ],
    related: [
      [0.02, 0.95, 0.02, 0.03],
      [0.02, 0.1, 0.05, 0.85],
      [0.2, 0.99, 0.006, 0.004],
      [0.5, 0.8, 0.05, 0.15],
      [0.1, 0.05, 0.05, 0.9],
    ],
    unrelated: [
      [0.02, 0.98, 0.012, 0.008],
      [0.02, 0.996, 0.003, 0.001],
      [0.2, 0.9985, 0.0014, 0.0001],
      [0.5, 0.9998, 0.00015, 0.00005],
      [0.1, 0.999, 0.0008, 0.0002],
    ],
    pairs,
    rules: [[3], [0, 2], [1, 2], [0, 1], [1, 4]],
  };
};

const chances = (tables: World['match'], levels: readonly number[]): number =>
  tables.reduce((product, table, at) => {
    const [missing = 0] = table;
    const here = levels[at] ?? 0;
    return product * (here === 0 ? missing : (1 - missing) * (table[here] ?? 0));
  }, 1);

const everyPattern = (shapes: readonly ComparisonShape[]): number[][] =>
  shapes.reduce<number[][]>(
    (found, { levels }) => found.flatMap((one) => levels.map((_level, at) => [...one, at])),
    [[]],
  );

/** The counts a world shows; `sample` scales what was counted, not what there is. */
export const shown = (world: World, sample = 1): FitInput => {
  const { shapes, pairs } = world;
  const step = strides(shapes);
  const patterns = everyPattern(shapes).map((levels) => ({
    code: levels.reduce((code, at, comparison) => code + at * (step[comparison] ?? 0), 0),
    levels,
    count:
      pairs.match * chances(world.match, levels) +
      pairs.related * chances(world.related, levels) +
      pairs.unrelated * chances(world.unrelated, levels),
  }));
  patterns.sort((one, other) => one.code - other.code);
  const all = pairs.match + pairs.related + pairs.unrelated;
  const rules = world.rules.map((fixed): RulePatterns => {
    const strongest = fixed.map((comparison) => ({ comparison, level: (shapes[comparison]?.levels.length ?? 1) - 1 }));
    const own = patterns.filter(({ levels }) => strongest.every((one) => levels[one.comparison] === one.level));
    const filled = fixed.reduce((product, comparison) => product * (1 - (world.unrelated[comparison]?.[0] ?? 0)), 1);
    return {
      name: fixed.map((comparison) => shapes[comparison]?.name).join('+'),
      fixed: strongest,
      possible: all * filled,
      pairs: own.reduce((sum, { count }) => sum + count, 0),
      skipped: 0,
      codes: Float64Array.from(own, ({ code }) => code),
      frequency: new Float32Array(own.length),
      counts: Float64Array.from(own, ({ count }) => count * sample),
    };
  });
  const random = shapes.map((one, comparison) =>
    Float64Array.from(one.levels, (_level, at) => {
      const levels = shapes.map(() => -1);
      levels[comparison] = at;
      const share = patterns.reduce(
        (sum, pattern) => (pattern.levels[comparison] === at ? sum + pattern.count : sum),
        0,
      );
      return (share / all) * 400_000;
    }),
  );
  return {
    comparisons: shapes,
    rows: Math.ceil(Math.sqrt(2 * all)),
    possiblePairs: all,
    random,
    coincidence: new Float64Array(shapes.length).fill(Number.NaN),
    rules,
  };
};
