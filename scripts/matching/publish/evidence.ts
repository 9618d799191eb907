import type { MemberEvidence } from '../../model/duplicateGroup.ts';
import type { ToEvidence } from './contract.ts';

const tenths = (bits: number): number => Math.round(bits * 10) / 10 + 0;

/** The comparisons of an explanation in words, the heaviest first; the values compared are left behind. */
export const toEvidence: ToEvidence = ({ evidence }, words): readonly MemberEvidence[] =>
  evidence
    .map(({ comparison, level, weight, frequency }) => ({
      ...{ comparison, level },
      weight: tenths(weight + frequency),
      words: words(comparison, level),
    }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.comparison < b.comparison ? -1 : 1));
