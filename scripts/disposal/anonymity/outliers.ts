import type { AnonymityTerms } from './contract.ts';
import type { Combinations } from './encode.ts';
import { groupsAt, judgeGroups, type Levels } from './groups.ts';
import { createJoiner } from './joinCombinations.ts';

/** Tables kept of joined combinations. */
const MOST_KEPT = 12;
/** Fewer combinations are not worth being joined. */
const LEAST_JOINED = 1024;

type Kept = { readonly levels: Levels; readonly combinations: Combinations };

const isBelow = (a: Levels, b: Levels): boolean => a.every((level, at) => level <= (b[at] ?? 0));

/**
 * More groups than this cannot leave so few outliers: who stands out may be in a group alone, everybody else has k.
 */
const mostGroups = (all: Combinations, { k }: AnonymityTerms, most: number): number => {
  const [toDo, done] = [all.toDo, all.done].map((counts) => counts.reduce((sum, count) => sum + count, 0));
  return most + (done ?? 0) + Math.ceil(((toDo ?? 0) + (done ?? 0)) / k);
};

/**
 * Counts the people whom levels leave standing out; Infinity where that is certainly more than `most`. What was joined
 * for some levels is taken up for all coarser ones, so that a search over hundreds of levels looks through few
 * combinations each time.
 */
export const createOutlierCount = (
  all: Combinations,
  terms: AnonymityTerms,
  watched: readonly number[],
  most: number,
): ((levels: Levels) => number) => {
  const join = createJoiner(all.columns);
  const limit = mostGroups(all, terms, most);
  let kept: readonly Kept[] = [];
  const smallestFor = (levels: Levels): Combinations =>
    kept
      .filter((one) => isBelow(one.levels, levels))
      .reduce((least, { combinations }) => (combinations.toDo.length < least.toDo.length ? combinations : least), all);
  return (levels) => {
    const from = smallestFor(levels);
    const groups = groupsAt(from, levels, limit);
    if (groups.size > limit) return Number.POSITIVE_INFINITY;
    if (from.toDo.length > LEAST_JOINED && groups.size * 4 <= from.toDo.length)
      kept = [...kept, { levels, combinations: join(from, levels) }].slice(-MOST_KEPT);
    return judgeGroups(from, groups, terms, watched).outliers;
  };
};
