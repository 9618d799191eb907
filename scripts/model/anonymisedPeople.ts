import type { Filter } from './filter.ts';
import type { Pack } from './pack.ts';
import type { Treatments } from './treatments.ts';

/** Texts by which an anonymised person is known, in every language a plan may have been made in. */
export const anonymisedNames = ({ names }: Pick<Treatments, 'names'>): readonly string[] => [
  ...new Set([names.person.en, names.person.fr]),
];

/**
 * Packs whose people are only those who can still be told apart: who was anonymised is no data subject any more, falls
 * due no second time, is compared with nobody and counts in no audit.
 */
export const withoutAnonymised = (packs: readonly Pack[], treatments: Pick<Treatments, 'names'>): readonly Pack[] => {
  const value = [...anonymisedNames(treatments)];
  const still = (familyName: string | undefined): Filter =>
    familyName === undefined ? [] : [{ field: familyName, is: 'not-in', value }];
  return packs.map((pack) => ({
    ...pack,
    people: pack.people.map((people) => ({ ...people, where: [...people.where, ...still(people.familyName[0])] })),
  }));
};
