import type { AnonymisationSettings } from '../../model/charter.ts';
import type { FieldCategory, PeopleObject } from '../../model/pack.ts';
import { isWithin } from '../../model/text.ts';
import { anonymisedNames } from '../../model/anonymisedPeople.ts';
import type { FieldTreatment, Hierarchies, Treatments } from '../../model/treatments.ts';
import type { DescribedField, DescribedObject, OrgRow, OrgValue } from '../../org/port.ts';
import { textIn } from '../../plan/operations/values.ts';
import { fieldsToTreat, fieldTreatments, type Categories } from '../fieldTreatments.ts';
import type { RecordTreatment } from '../anonymiseRecord.ts';
import { coarseningOf } from './coarsen.ts';
import type { AnonymityTerms, Attribute, PersonOutcome, Population, PopulationRow } from './contract.ts';
import { placesOf } from './places.ts';

/** What is known of a people object before anybody is anonymised. */
export type PeopleToAnonymise = {
  readonly people: Pick<PeopleObject, 'object' | 'familyName'>;
  readonly described: DescribedObject;
  readonly categories: Categories;
  readonly treatments: Treatments;
  readonly hierarchies: Hierarchies;
  readonly settings: AnonymisationSettings;
  /** ISO 3166-1, of the charter's controller. */
  readonly country: string;
  readonly language: 'en' | 'fr';
};

/** How an object's rows are anonymised, and which of their fields have to be read. */
export type ObjectTreatment = {
  readonly treated: ReadonlyMap<string, FieldTreatment>;
  readonly fields: readonly string[];
  /** Texts that packs or charter declare about people and that nobody may write; those that are composed apart. */
  readonly fixed: readonly string[];
};

const TEXTS = new Set(['string', 'textarea', 'email', 'phone', 'combobox', 'encryptedstring']);

const isFixed = (field: DescribedField, category: FieldCategory | undefined): boolean =>
  !field.updateable &&
  !field.calculated &&
  !field.nameField &&
  TEXTS.has(field.type) &&
  category?.derived === false &&
  category.categories.some((one) => isWithin(one, 'user'));

/** Fields by treatment; what the charter keeps goes before categories. */
export const treatmentOfObject = (
  known: Pick<PeopleToAnonymise, 'described' | 'categories' | 'treatments'> & {
    readonly settings: Pick<AnonymisationSettings, 'keep'>;
  },
): ObjectTreatment => {
  const kept = Object.entries(known.settings.keep[known.described.name] ?? {}).map(
    ([field, coarsening]) => [field, { do: 'coarsen', ...coarsening } as const] as const,
  );
  const treated = fieldTreatments(known.described, known.categories, known.treatments, Object.fromEntries(kept));
  const { fields } = known.described;
  const fixed = fields.filter((field) => isFixed(field, known.categories[field.name])).map(({ name }) => name);
  return { treated, fields: [...fieldsToTreat(treated), ...fixed], fixed };
};

export const termsOf = ({ k, l, suppressedAtMost }: AnonymisationSettings, country: string): AnonymityTerms => ({
  ...{ k, l, suppressedAtMost, country },
});

const COUNTRY = 'user.contact.address.country';

const textOrNull = (row: OrgRow, field: string | undefined): string | null =>
  field === undefined ? null : textIn(row, field) || null;

/** Country fields belong to the postcode whose name begins like theirs: `MailingPostalCode`, `MailingCountry`. */
const countryField = ({ described, categories }: PeopleToAnonymise, fields: readonly string[]): string | undefined =>
  described.fields.find(({ name }) => categories[name]?.categories[0] === COUNTRY && fields.includes(name))?.name;

const attributesOf = (known: PeopleToAnonymise, { treated }: ObjectTreatment): readonly Attribute[] =>
  known.described.fields.flatMap((field): readonly Attribute[] => {
    const own = treated.get(field.name);
    if (own?.do !== 'coarsen') return [];
    const base = { key: field.name, type: field.type };
    const isSensitive = known.categories[field.name]?.special !== undefined;
    return [
      isSensitive
        ? { ...base, role: 'sensitive' }
        : { ...base, role: 'quasi-identifier', hierarchy: own.hierarchy, from: own.from },
    ];
  });

const valueIn = (row: OrgRow, field: string): OrgValue => {
  const value = row[field];
  return value === undefined || typeof value === 'object' ? null : value;
};

/**
 * The people who are due for anonymisation together with those of the object who already were: rows of the object, as
 * copied, with the fields of `treatmentOfObject`. Attributes are the fields that are made coarser, named as in describe;
 * special categories that the charter keeps are the sensitive ones.
 */
export const populationOf = (
  known: PeopleToAnonymise,
  rows: () => Iterable<OrgRow>,
  isDue: (id: string) => boolean,
): Population => {
  const own = treatmentOfObject(known);
  const attributes = attributesOf(known, own);
  const names = new Set(anonymisedNames(known.treatments));
  const country = countryField(known, own.fields);
  const [familyName] = known.people.familyName;
  const read = function* (): Iterable<PopulationRow> {
    for (const row of rows()) {
      const id = textIn(row, 'Id');
      const isDone = names.has(textOrNull(row, familyName) ?? '');
      if (!isDone && !isDue(id)) continue;
      const values = attributes.map(({ key }) => valueIn(row, key));
      yield { id, values, country: textOrNull(row, country), ...(isDone ? { isDone } : {}) };
    }
  };
  return { attributes, rows: read };
};

/**
 * How one person's record is treated once it is decided what may be told of them; without an outcome (other rows of the
 * graph) values are given at the finest step that is allowed.
 */
export const recordTreatment = (
  known: Omit<PeopleToAnonymise, 'people'>,
  own: ObjectTreatment,
  outcome?: PersonOutcome,
): RecordTreatment => {
  const types = new Map(known.described.fields.map(({ name, type }) => [name, type]));
  const names = outcome === undefined ? known.treatments.names.row : known.treatments.names.person;
  return {
    ...{ treated: own.treated, fixed: own.fixed },
    text: names[known.language],
    coarse: (field, { hierarchy, from }, value) => {
      if (outcome !== undefined) return outcome.values[field] ?? null;
      const type = types.get(field) ?? 'string';
      return coarseningOf(known.hierarchies, placesOf(known.hierarchies.places), { hierarchy, from, type }).at(
        value,
        from,
        known.country,
      );
    },
  };
};
