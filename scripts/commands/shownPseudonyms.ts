import type { PlanTerms } from '../model/plan.ts';

/** Whom a plan gives a pseudonym; plain types, the result's JSON Schema is generated from them. */
export type ShownPseudonyms = {
  readonly object: string;
  readonly count: number;
  /** First and last of the days on which their archives end, which tell whose the pseudonyms are. */
  readonly from: string;
  readonly until: string;
};

export const shownPseudonyms = ({
  pseudonymisation,
}: Pick<PlanTerms, 'pseudonymisation'>): readonly ShownPseudonyms[] =>
  (pseudonymisation?.people ?? []).map(({ object, count, first, last }) => ({
    ...{ object, count, from: first, until: last },
  }));

/** What `plan.pseudonymised` is filled with. */
export const pseudonymTokens = ({ object, count, from, until }: ShownPseudonyms): (string | number)[] => [
  ...[count, object, from, until],
];
