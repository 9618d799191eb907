import type { ComparisonShape } from './contract.ts';
import type { Classes } from './expectation.ts';

type Pool = { from: number; match: number; unrelated: number };

/**
 * A stronger agreement never speaks less for a duplicate than a weaker one: where the counts say otherwise (a level hardly
 * ever seen), neighbours share one weight.
 */
const pooled = (match: Float64Array, unrelated: Float64Array): Float64Array => {
  const pools: Pool[] = [];
  for (let level = 1; level < match.length; level += 1) {
    pools.push({ from: level, match: match[level] ?? 0, unrelated: unrelated[level] ?? 0 });
    for (;;) {
      const last = pools.at(-1);
      const before = pools.at(-2);
      if (last === undefined || before === undefined) break;
      if (before.match * last.unrelated <= last.match * before.unrelated) break;
      before.match += last.match;
      before.unrelated += last.unrelated;
      pools.pop();
    }
  }
  const found = new Float64Array(match.length);
  pools.forEach((pool, at) => {
    const end = pools[at + 1]?.from ?? match.length;
    for (let level = pool.from; level < end; level += 1) {
      found[level] = pool.unrelated === 0 ? 0 : ((unrelated[level] ?? 0) * pool.match) / pool.unrelated;
    }
  });
  return found;
};

/**
 * The classes with weights of match against strangers that rise with the level, and what homes share, where equal, never speaks for
 * relatives rather than for one person: to know one more thing that agrees makes no pair less likely.
 */
export const increasing = (classes: Classes, shapes: readonly ComparisonShape[]): Classes => {
  const match = classes.match.map((table, comparison) => pooled(table, classes.unrelated[comparison] ?? table));
  const related = classes.related.map((table, comparison) =>
    table.map((chance, level) => {
      const meaning = shapes[comparison]?.levels[level]?.meaning;
      return meaning === 'shared' ? Math.min(chance, match[comparison]?.[level] ?? chance) : chance;
    }),
  );
  return { ...classes, match, related };
};
