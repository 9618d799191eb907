import { gazetteer } from '../gazetteer.ts';
import type { Draws } from '../random.ts';
import { reusableDraws } from '../random.ts';
import { aliasTable, zipfRank } from './tables.ts';
import { words } from './words.ts';

export type Commune = {
  readonly postcode: string;
  readonly name: string;
  readonly streets: number;
  readonly salt: number;
};

/** Number, its letter (` bis`) and street: kept apart, as they are written in many ways. */
export type Home = {
  readonly number: number;
  readonly index: string;
  /** Which of the commune's streets. */
  readonly street: number;
  readonly commune: Commune;
};

const { saints, stems, tails, waters, departments, invented, shareOfInvented } = words.communes;
const making = reusableDraws(0x6741_7264, 'invented communes');

const inventedName = (draws: Draws): string => {
  const how = draws.whole(0, 4);
  if (how === 0) return `Saint-${draws.pick(saints)}`;
  if (how === 1)
    return `Saint-${draws.pick(saints)}-sur-${draws.pick(waters).replace(/^(la |le |l')/, (a) => a.replace(' ', '-'))}`;
  const name = draws.pick(stems) + draws.pick(tails);
  if (how === 2)
    return `${name}-${draws.pick(['le-Haut', 'le-Bas', 'les-Bains', 'la-Forêt', 'en-Plaine', 'le-Château'])}`;
  return name;
};

const inventedCommunes = (): readonly (readonly [Commune, number])[] => {
  const list = departments.split(' ');
  const weightOf = (rank: number) => 1 / (rank + 25);
  let sum = 0;
  for (let rank = 0; rank < invented; rank += 1) sum += weightOf(rank);
  return Array.from({ length: invented }, (_, rank) => {
    making.at(rank);
    const postcode = `${making.pick(list)}${making.whole(11, 98)}0`;
    const weight = (weightOf(rank) / sum) * shareOfInvented;
    const commune = { postcode, name: inventedName(making), streets: streetsFor(weight), salt: rank * 31 + 7 };
    return [commune, weight] as const;
  });
};

/** A street for some two hundred inhabitants of sixty million, and never under fifteen. */
const streetsFor = (share: number): number => Math.max(15, Math.round(share * 300_000));

const realCommunes = (): readonly (readonly [Commune, number])[] => {
  const { places } = gazetteer.places;
  const total = places.reduce((sum, [, , weight]) => sum + weight, 0);
  return places.map(([postcode, name, thousands], i) => {
    const weight = (thousands / total) * (1 - shareOfInvented);
    return [{ postcode, name, streets: streetsFor(weight), salt: i * 17 + 3 }, weight] as const;
  });
};

/** A commune as often as people live there: real ones and, for a good half, invented ones in real départements. */
export const communeOf = aliasTable([...realCommunes(), ...inventedCommunes()]);

const { things, honoured } = words.streets;

const honouredNames = (): readonly string[] => {
  const givens = [...gazetteer.firstNames.male, ...gazetteer.firstNames.female.slice(0, 60)].map(([name]) => name);
  const families = gazetteer.surnames.frequent;
  return Array.from({ length: honoured }, (_, i) => {
    making.at(-1 - i);
    const titled = making.chance(0.1)
      ? making.pick(['du Docteur-', 'du Général-', 'de l’Abbé-']).replace('’', "'")
      : '';
    return `${titled}${making.pick(givens)}-${making.pick(families)}`;
  });
};

const streetNames = [...gazetteer.places.streetNames, ...things, ...honouredNames()];
const nameRank = zipfRank(streetNames.length, 14);
const wayOf = aliasTable(gazetteer.places.streetTypes);
const indexOf = aliasTable([
  ['', 93],
  [' bis', 5],
  [' ter', 2],
] as const);
const naming = reusableDraws(0x7275_6573, 'streets');

/** Type and name of the street: the same for all who live in it. */
export const streetOf = ({ commune, street }: Home): readonly [string, string] => {
  naming.at(commune.salt * 4099 + street);
  return [wayOf(naming), streetNames[nameRank(naming)] ?? ''];
};

export const homeOf = (draws: Draws): Home => {
  const commune = communeOf(draws);
  const street = Math.floor(draws.next() * draws.next() * commune.streets);
  return { number: draws.whole(1, draws.chance(0.6) ? 40 : 190), index: indexOf(draws), street, commune };
};
