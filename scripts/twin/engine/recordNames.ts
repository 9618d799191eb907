import type { FieldValue } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { StoredRow } from './rowStore.ts';

/**
 * Order of the parts of a person's name in Latin-script locales; Salutation is never part of Name.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contact.htm
 */
const nameParts = ['FirstName', 'MiddleName', 'LastName', 'Suffix'] as const;

/** The components that make up the object's compound Name; empty when Name is an ordinary field. */
export const nameComponents = (object: ObjectDefinition): readonly string[] => {
  const parts = new Set(object.fields.filter((field) => field.compoundFieldName === 'Name').map((field) => field.name));
  return nameParts.filter((part) => parts.has(part));
};

/** Name as the platform derives it from the values of the parts. */
export const fullName = (words: readonly (FieldValue | undefined)[]): string => {
  let name = '';
  for (const word of words) if (typeof word === 'string') name = name === '' ? word : `${name} ${word}`;
  return name;
};

/** Name as the platform derives it from the parts. */
export const compoundName = (components: readonly string[], row: Readonly<Record<string, FieldValue>>): string =>
  fullName(components.map((part) => row[part]));

/** How the platform names a record in its messages: with salutation where there is one, the id where nothing else is. */
export const displayName = (object: ObjectDefinition, row: StoredRow): string => {
  const field = object.fields.find((candidate) => candidate.nameField);
  const name = field === undefined ? undefined : row[field.name];
  const salutation = nameComponents(object).length > 0 ? row['Salutation'] : undefined;
  const text = typeof name === 'string' && name !== '' ? name : String(row['Id']).slice(0, 15);
  return typeof salutation === 'string' ? `${salutation} ${text}` : text;
};

/** `Account` of Account ID; the ids of custom objects are Record ID. */
export const idLabel = ({ fields }: ObjectDefinition): string =>
  (fields.find(({ name }) => name === 'Id')?.label ?? 'Record ID').replace(/ ID$/, '');
