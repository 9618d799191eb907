import type { FieldCategory } from '../model/pack.ts';
import type { FieldTreatment, Treatments } from '../model/treatments.ts';
import type { DescribedField, DescribedObject } from '../org/port.ts';

/** Fields of one object by API name, with what packs and charter say they hold. */
export type Categories = Readonly<Record<string, FieldCategory>>;

const EMPTY: FieldTreatment = { do: 'empty' };

const isWithin = (category: string, key: string): boolean => category === key || category.startsWith(`${key}.`);

/** The treatment of the longest key that begins the category. */
const byCategory = (category: string, { categories }: Treatments): FieldTreatment => {
  const keys = Object.keys(categories).filter((key) => isWithin(category, key));
  const [longest] = keys.sort((a, b) => b.length - a.length);
  return longest === undefined ? EMPTY : (categories[longest] ?? EMPTY);
};

const declared = (category: FieldCategory, treatments: Treatments): FieldTreatment => {
  const [first = 'user'] = category.categories;
  const own = byCategory(first, treatments);
  // what anybody may have typed, and what is about somebody else or special, stays in no form but the constant one
  const mustGo = category.freeText || category.thirdParty || category.special !== undefined;
  return mustGo && own.do !== 'constant' ? EMPTY : own;
};

/**
 * How each field of an object that can be written is treated: what the treatments say of this object, else by the
 * category, else `empty`: a field that nobody declared may hold anything. `own` goes before everything: statistics
 * columns that the charter keeps.
 */
export const fieldTreatments = (
  described: Pick<DescribedObject, 'name' | 'fields'>,
  categories: Categories,
  treatments: Treatments,
  own: Readonly<Record<string, FieldTreatment>> = {},
): ReadonlyMap<string, FieldTreatment> => {
  const named = treatments.fields[described.name] ?? {};
  const platform = new Set<string>(treatments.platform);
  const treatmentOf = ({ name }: DescribedField): FieldTreatment => {
    const given = own[name] ?? named[name];
    if (given !== undefined) return given;
    if (platform.has(name)) return { do: 'keep' };
    const category = categories[name];
    return category === undefined ? EMPTY : declared(category, treatments);
  };
  const writable = described.fields.filter((field) => field.updateable && !field.calculated);
  return new Map(writable.map((field) => [field.name, treatmentOf(field)]));
};

/** Fields that have to be read of a record before it is treated. */
export const fieldsToTreat = (treated: ReadonlyMap<string, FieldTreatment>): readonly string[] => [
  'Id',
  ...[...treated]
    .filter(([, { do: what }]) => what !== 'keep')
    .map(([field]) => field)
    .sort(),
];
