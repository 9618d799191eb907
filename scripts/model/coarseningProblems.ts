import type { Problem } from '../kernel/result.ts';
import type { Charter } from './charter.ts';
import type { Hierarchies, Treatments } from './treatments.ts';

type Named = { readonly place: string; readonly hierarchy: string; readonly from: string };

const stepsOf = (hierarchies: Hierarchies, name: string): readonly string[] | undefined => {
  const own = hierarchies.hierarchies[name];
  return own?.kind === 'bands' ? own.steps.map(({ step }) => step) : own?.steps;
};

const inTreatments = ({ categories, fields }: Treatments): readonly Named[] => {
  const all = [
    ...Object.entries(categories).map(([key, own]) => [`categories.${key}`, own] as const),
    ...Object.entries(fields).flatMap(([object, named]) =>
      Object.entries(named).map(([field, own]) => [`fields.${object}.${field}`, own] as const),
    ),
  ];
  return all.flatMap(([place, own]) =>
    own.do === 'coarsen' ? [{ place, hierarchy: own.hierarchy, from: own.from }] : [],
  );
};

const inCharter = ({ anonymisation }: Pick<Charter, 'anonymisation'>): readonly Named[] => [
  ...Object.entries(anonymisation?.keep ?? {}).flatMap(([object, fields]) =>
    Object.entries(fields).map(([field, own]) => ({ place: `anonymisation.keep.${object}.${field}`, ...own })),
  ),
  ...(anonymisation?.statistics ?? []).flatMap(({ key, by }) =>
    by.map(({ path, hierarchy, from }) => ({ place: `anonymisation.statistics.${key}.${path}`, hierarchy, from })),
  ),
];

const problemsOf = (named: readonly Named[], hierarchies: Hierarchies, code: string): readonly Problem[] =>
  named.flatMap(({ place, hierarchy, from }): readonly Problem[] => {
    const steps = stepsOf(hierarchies, hierarchy);
    if (steps?.includes(from) === true) return [];
    const known = steps ?? Object.keys(hierarchies.hierarchies);
    const what = steps === undefined ? `there is no hierarchy ${hierarchy}` : `${hierarchy} has no step ${from}`;
    return [{ code, subject: place, message: `${place}: ${what}.`, actions: [`Use one of: ${known.join(', ')}.`] }];
  });

/**
 * Hierarchies and steps that treatments (`TreatmentsNotValid`) or the charter (`CharterNotValid`) name and that are not
 * there, all at once.
 */
export const coarseningProblems = (
  charter: Pick<Charter, 'anonymisation'>,
  treatments: Treatments,
  hierarchies: Hierarchies,
): readonly Problem[] => [
  ...problemsOf(inTreatments(treatments), hierarchies, 'TreatmentsNotValid'),
  ...problemsOf(inCharter(charter), hierarchies, 'CharterNotValid'),
];
