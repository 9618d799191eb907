import { gazetteer } from './gazetteer.ts';
import { weightedTable, type Draws } from './random.ts';

export type Sex = 'F' | 'M';

const { cohortsFrom, shapes, male, female } = gazetteer.firstNames;

const weightIn = (births: number, eras: string, cohort: number): number =>
  Array.from(eras).reduce((sum, era) => {
    const shape = shapes[era];
    if (shape === undefined) throw new RangeError(`firstNames.json: no shape ${era}`);
    const total = shape.reduce((a, b) => a + b, 0);
    return sum + (births * (shape[cohort] ?? 0)) / total / eras.length;
  }, 0);

const tablesOf = (names: readonly (readonly [string, number, string])[]) =>
  cohortsFrom.map((_, cohort) =>
    weightedTable(
      names
        .map(([name, births, eras]) => [name, weightIn(births, eras, cohort)] as const)
        .filter(([, weight]) => weight > 0),
    ),
  );

const firstNameTables: Readonly<Record<Sex, readonly ((draws: Draws) => string)[]>> = {
  M: tablesOf(male),
  F: tablesOf(female),
};

/** A first name as often as it was given to that sex around that year. */
export const firstNameOf = (draws: Draws, sex: Sex, birthYear: number): string => {
  const cohort = cohortsFrom.findLastIndex((from) => birthYear >= from);
  const table = firstNameTables[sex][Math.max(0, cohort)];
  if (table === undefined) throw new RangeError('no such cohort');
  return table(draws);
};

const { frequent, particles, beginnings, endings } = gazetteer.surnames;
const frequentSurname = weightedTable(frequent.map((name, rank) => [name, 1 / (rank + 12)] as const));

/** A family name: a frequent one, one with a particle, a double one, or one of the long tail. */
export const surnameOf = (draws: Draws): string => {
  const kind = draws.next();
  if (kind < 0.6) return frequentSurname(draws);
  if (kind < 0.64) return draws.pick(particles);
  if (kind < 0.66) return `${frequentSurname(draws)}-${frequentSurname(draws)}`;
  const article = draws.weighted([
    ['', 88],
    ['Le ', 5],
    ['La ', 2],
    ["D'", 2],
    ['De ', 3],
  ] as const);
  return `${article}${draws.pick(beginnings)}${draws.pick(endings)}`;
};

/** Without accents and ligatures, lower case: what ends up in e-mail addresses and bad exports. */
export const folded = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/œ/gi, 'oe').replace(/æ/gi, 'ae').toLowerCase();
