import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition, RecordTypeDefinition } from '../schema/definitions.ts';
import { badPicklistValue } from './coercePicklists.ts';
import { RowProblem } from './problems.ts';
import type { Saving } from './saving.ts';

/** The master record type: no record type at all. */
const master = '012000000000000AAA';

const typeOf = (object: ObjectDefinition, id: FieldValue | undefined): RecordTypeDefinition | undefined =>
  (object.recordTypes ?? []).find((type) => type.id === id);

/**
 * A record type must be an active one of the object.
 * Recorded: INVALID_CROSS_REFERENCE_KEY `Record Type ID: this ID value isn't valid for the user: 012…`, [RecordTypeId].
 */
export const requireRecordType = (saving: Saving, field: FieldDefinition, id: string): void => {
  if (id === master || typeOf(saving.plan.object, id)?.active === true) return;
  throw new RowProblem('INVALID_CROSS_REFERENCE_KEY', `${field.label}: this ID value isn't valid for the user: ${id}`, [
    field.name,
  ]);
};

/** The record type of new rows that name none: the first, as describe answers it. Persons are never made by default. */
export const defaultRecordType = (object: ObjectDefinition): string | undefined => {
  const first = (object.recordTypes ?? []).find((type) => type.person !== true);
  return first?.active === true ? first.id : undefined;
};

/**
 * A restricted picklist takes only the values its record type offers, where the record type says anything about it.
 * Source: https://help.salesforce.com/s/articleView?id=000382757 (bad value for restricted picklist field)
 */
export const requireRecordTypeValues = (
  saving: Saving,
  after: Readonly<Record<string, FieldValue>>,
  changed: (field: string) => boolean,
): void => {
  const { object } = saving.plan;
  const offered = typeOf(object, after['RecordTypeId'])?.picklistValues;
  if (offered === undefined) return;
  for (const [name, values] of Object.entries(offered)) {
    const value = after[name];
    const field = saving.context.registry.field(object.name, name);
    if (typeof value !== 'string' || field?.restrictedPicklist !== true || !changed(field.name)) continue;
    const chosen = field.type === 'multipicklist' ? value.split(';') : [value];
    const refused = chosen.find((one) => !values.includes(one));
    if (refused !== undefined) throw badPicklistValue(field, refused);
  }
};
