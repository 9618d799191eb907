import { isHistoryObject } from '../../model/discoverPaths.ts';
import type { DescribedField, DescribedObject } from '../../org/port.ts';
import type { PlaceKind } from './contract.ts';

const TEXTS = new Set([
  ...[
    'string',
    'textarea',
    'email',
    'phone',
    'url',
    'picklist',
    'multipicklist',
    'combobox',
    'encryptedstring',
    'anyType',
  ],
]);

/** Computed texts vanish with what they are computed from. */
const isText = (field: DescribedField): boolean => TEXTS.has(field.type) && !field.calculated;
const isBirthDate = ({ type, name, label }: DescribedField): boolean =>
  type === 'date' && /birth|naiss|geburt|nacim|nascit/i.test(`${name} ${label}`);

/** What is read of one object. */
export type TextFields = {
  readonly object: string;
  readonly place: PlaceKind;
  readonly texts: readonly DescribedField[];
  /** Read as evidence only: dates of birth. */
  readonly evidence: readonly string[];
  /** Lookups to people: whose row it is. */
  readonly people: readonly string[];
  /** Of history rows: the lookup to their record. */
  readonly parent: string | undefined;
  readonly marksDeleted: boolean;
};

const placeOf = (object: string): PlaceKind => {
  if (isHistoryObject(object)) return 'history';
  return /^Feed(Item|Comment|Revision|PollChoice)$/.test(object) ? 'feed' : 'rows';
};

const STAFF = 'User';

/** Fields of an object in which a text may stand; undefined when there is none. */
export const textFieldsOf = (
  described: DescribedObject,
  people: ReadonlySet<string>,
  staffFields: readonly string[],
): TextFields | undefined => {
  const texts = described.fields.filter(isText);
  if (texts.length === 0) return undefined;
  const lookups = described.fields.filter(
    ({ type, name, referenceTo }) =>
      type === 'reference' &&
      !staffFields.includes(name) &&
      referenceTo.some((object) => object !== STAFF && people.has(object)),
  );
  const place = placeOf(described.name);
  const parent = described.fields.find(({ type, name }) => type === 'reference' && !staffFields.includes(name));
  return {
    ...{ object: described.name, place, texts },
    evidence: described.fields.filter(isBirthDate).map(({ name }) => name),
    people: lookups.map(({ name }) => name),
    parent: place === 'rows' ? undefined : parent?.name,
    marksDeleted: described.fields.some(({ name }) => name === 'IsDeleted'),
  };
};
