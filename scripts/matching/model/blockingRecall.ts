import type { FitInput } from './contract.ts';
import type { Classes } from './expectation.ts';

const DRAWS = 8192;

/** A fixed sequence: the estimate must be the same on every machine and run. */
const sequence = (): (() => number) => {
  let state = 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

const drawLevel = (table: Float64Array, at: number): number => {
  let passed = 0;
  for (let level = 1; level < table.length; level += 1) {
    passed += table[level] ?? 0;
    if (at < passed) return level;
  }
  return table.length - 1;
};

/** Share of the duplicates that each rule, and any rule, brings together, by drawing duplicates from the fitted class. */
export const blockingRecall = (
  input: FitInput,
  classes: Classes,
  filled: Float64Array,
): { readonly byRule: readonly number[]; readonly any: number } => {
  const next = sequence();
  const hits = input.rules.map(() => 0);
  const drawn = new Uint8Array(input.comparisons.length);
  let any = 0;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    classes.match.forEach((table, comparison) => {
      const present = next() < (filled[comparison] ?? 1);
      const at = next();
      drawn[comparison] = present ? drawLevel(table, at) : 0;
    });
    const reached = input.rules.map(({ fixed }) =>
      fixed.every(({ comparison, level }) => (drawn[comparison] ?? 0) >= level),
    );
    reached.forEach((hit, at) => {
      if (hit) hits[at] = (hits[at] ?? 0) + 1;
    });
    if (reached.includes(true)) any += 1;
  }
  return { byRule: hits.map((hit) => hit / DRAWS), any: any / DRAWS };
};
