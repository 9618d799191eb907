import type { DescribedSchema } from '../contract.ts';
import { defineField } from './defineField.ts';
import type { DeleteRule, FieldDefinition, FieldType, ObjectDefinition, SchemaRegistry } from './definitions.ts';

type DescribedObject = DescribedSchema[number];
type DescribedField = DescribedObject['fields'][number];
type Rules = ReadonlyMap<string, Readonly<Record<string, DeleteRule>>>;

const ruleOf = (child: DescribedObject['children'][number]): DeleteRule => {
  if (child.restrictedDelete) return 'restrict';
  return child.cascadeDelete ? 'cascade' : 'set-null';
};

/** What each parent's describe says of the lookups that point to it: `Child.Field` → rule per parent. */
const rulesIn = (schema: DescribedSchema): Rules => {
  const rules = new Map<string, Record<string, DeleteRule>>();
  for (const parent of schema)
    for (const child of parent.children) {
      const key = `${child.childObject}.${child.field}`;
      rules.set(key, { ...rules.get(key), [parent.name]: ruleOf(child) });
    }
  return rules;
};

/** Formulas come as the values they had: the twin computes none, and a rehearsal must not change them. */
const plainField = (field: DescribedField): FieldDefinition =>
  defineField({
    name: field.name,
    label: field.label,
    type: field.type as FieldType,
    length: field.length,
    nillable: field.nillable,
    createable: field.createable,
    updateable: field.updateable,
    custom: field.custom,
    nameField: field.nameField,
    unique: field.unique,
    externalId: field.externalId,
    referenceTo: field.referenceTo,
    ...(field.relationshipName === null ? {} : { relationshipName: field.relationshipName }),
    ...(field.compoundFieldName === null ? {} : { compoundFieldName: field.compoundFieldName }),
  });

const fieldOf = (
  object: string,
  field: DescribedField,
  known: FieldDefinition | undefined,
  rules: Rules,
): FieldDefinition => {
  const base =
    known === undefined || known.formula !== undefined || known.rollUp !== undefined ? plainField(field) : known;
  const told = rules.get(`${object}.${field.name}`);
  return told === undefined ? base : { ...base, deleteRule: { ...base.deleteRule, ...told } };
};

const objectOf = (described: DescribedObject, known: ObjectDefinition | undefined, rules: Rules): ObjectDefinition => {
  const told = described.fields.map((field) =>
    fieldOf(
      described.name,
      field,
      known?.fields.find((one) => one.name.toLowerCase() === field.name.toLowerCase()),
      rules,
    ),
  );
  const names = new Set(told.map((field) => field.name.toLowerCase()));
  const kept = (known?.fields ?? []).filter((field) => !names.has(field.name.toLowerCase()));
  const { name, label, labelPlural, keyPrefix, custom, queryable, createable, updateable, deletable } = described;
  return {
    customSetting: false,
    customMetadata: false,
    replicateable: true,
    searchable: true,
    feedEnabled: false,
    sharingModel: 'ReadWrite',
    ...known,
    ...{ name, label, labelPlural, keyPrefix, custom, queryable, createable, updateable, deletable },
    undeletable: described.undeletable,
    mergeable: described.mergeable,
    fields: [...told, ...kept],
  };
};

/**
 * Lays an org's own describes over a shape: its objects, its fields, and what its delete flags say, which differ by
 * edition and feature. Objects of the shape that the org did not describe stay as they are.
 */
export const layDescribes = (registry: SchemaRegistry, schema: DescribedSchema): void => {
  const rules = rulesIn(schema);
  for (const described of schema) registry.put(objectOf(described, registry.object(described.name), rules));
};
