import type { Charter } from '../model/charter.ts';
import { holdFields, type Pack, type Stray } from '../model/pack.ts';

/** An object or field a pack or charter names; a hidden hold source blocks, since a reason not to delete may be there. */
export type NamedPlace = { readonly object: string; readonly field?: string; readonly holds: boolean };

type Named = {
  readonly object: string;
  readonly via?: string;
  readonly date?: string;
  readonly until?: string | undefined;
};
type Conditions = readonly { readonly field: string }[];

/** The first step of a path: further steps lie on other objects, which name their own places. */
const firstStep = (path: string): string => {
  const step = path.split('.')[0] ?? path;
  if (!path.includes('.')) return step;
  return step.endsWith('__r') ? `${step.slice(0, -1)}c` : `${step}Id`;
};

const fieldsOf = (named: Named, where: Conditions): readonly string[] =>
  [named.via, named.date, named.until, ...where.map((condition) => condition.field)]
    .filter((path): path is string => path !== undefined)
    .map(firstStep);

const placesAt = (object: string, fields: readonly string[], holds = false): readonly NamedPlace[] => [
  { object, holds },
  ...fields.map((field) => ({ object, field, holds })),
];

const peoplePlaces = (people: Pack['people']): readonly NamedPlace[] =>
  people.flatMap((person) => {
    const optional = [person.birthDate, person.individual, person.household].filter((name) => name !== undefined);
    const names = [...person.givenName, ...person.familyName, person.fullName, ...person.emails, ...person.phones];
    return placesAt(person.object, [
      ...names,
      ...optional,
      ...person.where.map((condition) => firstStep(condition.field)),
    ]);
  });

const strayFields = ({ emails, names, ids }: Stray): readonly string[] => [
  ...emails,
  ...ids,
  ...names.flatMap(({ given, family }) => [given, family]),
];

type Source = Partial<Omit<Pack, 'pack' | 'version' | 'title' | 'sources'>>;

const placesOfSource = (from: Source): readonly NamedPlace[] => [
  ...peoplePlaces(from.people ?? []),
  ...[...(from.paths ?? []), ...(from.upward ?? [])].flatMap((path) => [
    ...placesAt(path.object, [path.via]),
    ...placesAt(path.to, []),
  ]),
  ...(from.anywhere ?? []).flatMap((path) => placesAt(path.object, [path.via])),
  ...Object.entries(from.fields ?? {}).flatMap(([object, fields]) => placesAt(object, Object.keys(fields))),
  ...[...(from.genuineContacts ?? []), ...(from.clockEvents ?? []), ...(from.fiscalRecords ?? [])].flatMap((rule) =>
    placesAt(rule.object, fieldsOf(rule, rule.where)),
  ),
  ...(from.holds ?? []).flatMap((hold) =>
    placesAt(
      hold.object,
      fieldsOf(
        hold,
        holdFields(hold).map((field) => ({ field })),
      ),
      true,
    ),
  ),
  ...(from.strays ?? []).flatMap((stray) => placesAt(stray.object, strayFields(stray))),
];

const keyOf = ({ object, field }: NamedPlace): string => `${object}.${field ?? ''}`.toLowerCase();

/** Every object and field the packs and the charter name, once each. */
export const namedPlaces = (packs: readonly Pack[], charter?: Charter): readonly NamedPlace[] => {
  const own: Source =
    charter === undefined ? {} : { fields: charter.fields, paths: charter.paths, holds: charter.holds };
  const places = new Map<string, NamedPlace>();
  for (const place of [...packs, own].flatMap(placesOfSource)) {
    const known = places.get(keyOf(place));
    places.set(keyOf(place), { ...place, holds: place.holds || known?.holds === true });
  }
  return [...places.values()];
};
