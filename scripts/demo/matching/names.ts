import { gazetteer } from '../gazetteer.ts';
import { folded, type Sex } from '../names.ts';
import type { Draws } from '../random.ts';
import { aliasTable, zipfRank } from './tables.ts';
import { rareFirstNames, words } from './words.ts';

const { cohortsFrom, shapes, male, female } = gazetteer.firstNames;

const weightIn = (births: number, eras: string, cohort: number): number => {
  let weight = 0;
  for (const era of eras) {
    const shape = shapes[era];
    if (shape === undefined) throw new RangeError(`firstNames.json: no shape ${era}`);
    weight += (births * (shape[cohort] ?? 0)) / shape.reduce((a, b) => a + b, 0) / eras.length;
  }
  return weight;
};

type Known = readonly (readonly [string, number, string])[];

const tablesOf = (known: Known, rare: readonly (readonly [string, number])[]) =>
  cohortsFrom.map((_, cohort) =>
    aliasTable([
      ...known.map(([name, births, eras]) => [name, weightIn(births, eras, cohort)] as const),
      ...rare.map(([name, births]) => [name, births / cohortsFrom.length] as const),
    ]),
  );

const given: Readonly<Record<Sex, readonly ((draws: Draws) => string)[]>> = {
  M: tablesOf(male, rareFirstNames.M),
  F: tablesOf(female, rareFirstNames.F),
};

/** A first name as often as it was given to that sex around that year; cohorts run into one another over eight years. */
export const givenNameOf = (draws: Draws, sex: Sex, birthYear: number): string => {
  const year = birthYear + draws.whole(-4, 4);
  let cohort = cohortsFrom.length - 1;
  while (cohort > 0 && year < (cohortsFrom[cohort] ?? 0)) cohort -= 1;
  const table = given[sex][cohort];
  if (table === undefined) throw new RangeError('no such cohort');
  return table(draws);
};

const { beginnings, middles, endings, particles, frequentFromAbroad } = words;

const headNames = (() => {
  const [own, abroad] = [gazetteer.surnames.frequent, frequentFromAbroad];
  const names: string[] = [];
  own.forEach((name, i) => {
    names.push(name);
    const guest = abroad[(i - 20) / 4];
    if (i >= 20 && guest !== undefined) names.push(guest);
  });
  return names;
})();

const TAIL = beginnings.length * middles.length * endings.length;
/** Odd and prime to the sizes of the lists, so that neighbours in frequency are not neighbours in spelling. */
const STRIDE = 104_729;

const VOWEL_AT_END = /[aeiouyéèê]$/;

const tailName = (rank: number): string => {
  const at = (rank * STRIDE) % TAIL;
  const beginning = beginnings[at % beginnings.length] ?? '';
  const rest = Math.floor(at / beginnings.length);
  const middle = middles[rest % middles.length] ?? '';
  const spoken = middle.length > 1 && !VOWEL_AT_END.test(beginning) ? middle.slice(1) : middle;
  return beginning + spoken + (endings[Math.floor(rest / middles.length)] ?? '');
};

const plainRank = zipfRank(headNames.length + TAIL, 40);

const plainSurname = (draws: Draws): string => {
  const rank = plainRank(draws);
  return headNames[rank] ?? tailName(rank - headNames.length);
};

/**
 * A family name: one in twenty-five with a particle, one in sixty double; the frequent ones and some 280,000 others by Zipf's law.
 */
export const familyNameOf = (draws: Draws): string => {
  const kind = draws.next();
  if (kind >= 0.056) return plainSurname(draws);
  if (kind >= 0.04) return `${plainSurname(draws)}-${plainSurname(draws)}`;
  if (kind >= 0.034) return draws.pick(gazetteer.surnames.particles);
  const particle = draws.pick(particles);
  const name = plainSurname(draws);
  return particle.endsWith("'") ? particle + name : `${particle} ${name}`;
};

const PLAIN = /^[A-Za-z]*$/;
const folds = new Map<string, string>();
const REMEMBERED = 100_000;

/** `folded` without blanks and signs, kept for names that come again; forgets all when it has kept many. */
export const slugOf = (name: string): string => {
  if (PLAIN.test(name)) return name.toLowerCase();
  const known = folds.get(name);
  if (known !== undefined) return known;
  const made = folded(name).replace(/[^a-z0-9]+/g, '');
  if (folds.size >= REMEMBERED) folds.clear();
  folds.set(name, made);
  return made;
};
