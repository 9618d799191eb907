import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isStored } from '../engine/tables.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import type { SearchGroup } from './parseSosl.ts';
import { READ_ONCE } from '../schema/readOnce.ts';

const schema = z.strictObject({
  dated: z.iso.date(),
  source: z.url(),
  /** Fields that IN NAME FIELDS searches beside the name field. */
  alsoNameFields: z.record(z.string(), z.array(z.string())),
  /** Of these objects all fields are searched, whatever the group. */
  groupsDoNotApply: z.array(z.string()),
});

const rules = schema.parse(
  JSON.parse(readFileSync(new URL('../../../config/twin/search-fields.json', import.meta.url), 'utf8')),
  READ_ONCE,
);

const textTypes = new Set<FieldDefinition['type']>([
  ...(['string', 'textarea', 'email', 'phone', 'url'] as const),
  ...(['picklist', 'multipicklist', 'combobox'] as const),
]);

const isNameField = (object: ObjectDefinition, field: FieldDefinition): boolean =>
  field.nameField || rules.alsoNameFields[object.name]?.includes(field.name) === true;

/** Whether a search of this group looks into the field; numbers, dates, ids and formulas are never searched. */
export const isSearched = (object: ObjectDefinition, field: FieldDefinition, group: SearchGroup): boolean => {
  if (!textTypes.has(field.type) || !isStored(field)) return false;
  if (group === 'ALL' || rules.groupsDoNotApply.includes(object.name)) return true;
  return group === 'NAME' ? isNameField(object, field) : field.type === (group === 'EMAIL' ? 'email' : 'phone');
};
