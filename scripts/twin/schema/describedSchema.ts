import type { DescribedSchema } from '../contract.ts';
import { defineField } from './defineField.ts';
import type { DeleteRule, FieldDefinition, FieldType, ObjectDefinition, SchemaRegistry } from './definitions.ts';
import { objectFromDescribe, withLookup } from './describedObject.ts';
import type { Told, ToldLookup, ToldLookups } from './describedObject.ts';
import { readWholeDescribe } from './wholeDescribe.ts';

type DescribedObject = DescribedSchema[number];
type DescribedField = DescribedObject['fields'][number];
type DescribedChild = DescribedObject['children'][number] & { readonly relationshipName: string | null };

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
  lookups: ToldLookups,
): FieldDefinition => {
  const base =
    known === undefined || known.formula !== undefined || known.rollUp !== undefined ? plainField(field) : known;
  return withLookup(object, base, lookups);
};

const objectOf = (
  described: DescribedObject,
  known: ObjectDefinition | undefined,
  lookups: ToldLookups,
): ObjectDefinition => {
  const told = described.fields.map((field) =>
    fieldOf(
      described.name,
      field,
      known?.fields.find((one) => one.name.toLowerCase() === field.name.toLowerCase()),
      lookups,
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

const childrenOf = (described: DescribedObject): readonly DescribedChild[] => {
  if (described.whole === undefined) return described.children.map((child) => ({ ...child, relationshipName: null }));
  return readWholeDescribe(described.whole).childRelationships.flatMap(({ childSObject, field, ...flags }) =>
    field === null ? [] : [{ childObject: childSObject, field, ...flags }],
  );
};

/** With both flags a cascade is refused in some states only; which ones, the bundled schema knows for what it has. */
const toldRule = (child: DescribedChild, known: FieldDefinition | undefined): DeleteRule | 'neither' => {
  if (child.cascadeDelete && (!child.restrictedDelete || known?.deleteRefusedWhen !== undefined)) return 'cascade';
  return child.restrictedDelete ? 'restrict' : 'neither';
};

const gather = (registry: SchemaRegistry, schema: Iterable<DescribedObject>): Told => {
  const lookups = new Map<string, ToldLookup>();
  const histories = new Map<string, string>();
  const parents = new Set<string>();
  for (const parent of schema) {
    if (parent.whole !== undefined) parents.add(parent.name.toLowerCase());
    const { associateEntityType: kind, associateParentEntity: of } = parent.whole ?? {};
    if (kind === 'History' && typeof of === 'string') histories.set(of.toLowerCase(), parent.name);
    for (const child of childrenOf(parent)) {
      const key = `${child.childObject}.${child.field}`.toLowerCase();
      const rule = toldRule(child, registry.field(child.childObject, child.field));
      const before = lookups.get(key);
      lookups.set(key, {
        rules: { ...before?.rules, [parent.name]: rule },
        relationshipName: before?.relationshipName ?? child.relationshipName,
      });
    }
  }
  return { lookups, histories, parents };
};

/** Lookups of the shape's own objects follow what the org's parents say of them. */
const retold = (object: ObjectDefinition, lookups: ToldLookups): ObjectDefinition => {
  const fields = object.fields.map((field) => withLookup(object.name, field, lookups));
  return fields.every((field, index) => field === object.fields[index]) ? object : { ...object, fields };
};

/**
 * Lays an org's own describes over a shape: its objects, its fields, and what its delete flags say, which differ by
 * edition and feature. Objects of the shape that the org did not describe stay as they are. `schema` is read twice, so
 * that one too large for memory may come from a store.
 */
export const layDescribes = (registry: SchemaRegistry, schema: Iterable<DescribedObject>): void => {
  const told = gather(registry, schema);
  const objects: ObjectDefinition[] = [];
  const seen = new Set<string>();
  for (const described of schema) {
    const known = registry.object(described.name);
    seen.add(described.name.toLowerCase());
    objects.push(
      described.whole === undefined
        ? objectOf(described, known, told.lookups)
        : objectFromDescribe(described.whole, known, told),
    );
  }
  for (const object of registry.objects()) {
    if (!seen.has(object.name.toLowerCase())) objects.push(retold(object, told.lookups));
  }
  for (const object of objects) registry.put(object);
};
