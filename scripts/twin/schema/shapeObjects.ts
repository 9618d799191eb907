import { toId18 } from '../engine/ids.ts';
import { defineField, type FieldInput } from './defineField.ts';
import type {
  AccessRule,
  DeleteRule,
  FieldDefinition,
  ObjectDefinition,
  PicklistEntry,
  RecordTypeDefinition,
} from './definitions.ts';
import type { ShapeField, ShapeFile, ShapeObject, ShapeValue } from './shapeFile.ts';
import { idField, ordinarySystemFields, ownerField, systemField } from './systemFields.ts';
import { adjustTraits, defaultLength, defaultTraits } from './typeTraits.ts';

const entryOf = (value: ShapeValue): PicklistEntry =>
  typeof value === 'string'
    ? { value, label: value, active: true, defaultValue: false }
    : { value: value[0], label: value[1], active: true, defaultValue: value[2] === true };

const entriesOf = (shape: ShapeFile, values: ShapeField['values']): readonly PicklistEntry[] => {
  if (values === undefined) return [];
  if (typeof values !== 'string') return values.map(entryOf);
  const shared = shape.picklists[values.slice(1)];
  if (shared === undefined) throw new Error(`the shape has no picklist ${values}`);
  return shared.map(entryOf);
};

const deleteRules = (del: ShapeField['del']): Record<string, DeleteRule> | undefined => {
  if (del === undefined) return undefined;
  return typeof del === 'string' ? { '*': del } : { '*': 'set-null', ...del };
};

/** `Parent__c` → `Parent__r`, `AccountId` → `Account`. */
const relationshipOf = (name: string): string =>
  name.endsWith('__c') ? `${name.slice(0, -1)}r` : name.replace(/Id$/, '');

/** Null: the parent's describe does not name it. */
const childParts = (child: ShapeField['child']): Partial<FieldInput> => {
  if (child === undefined) return {};
  return child === null ? { notDescribedAsChild: true } : { childRelationshipName: child };
};

const referenceParts = (name: string, field: ShapeField): Partial<FieldInput> => {
  if (field.type !== 'reference') return field.rel == null ? {} : { relationshipName: field.rel };
  const rules = deleteRules(field.del);
  return {
    referenceTo: typeof field.ref === 'string' ? [field.ref] : (field.ref ?? []),
    ...(field.rel === null ? {} : { relationshipName: field.rel ?? relationshipOf(name) }),
    ...childParts(field.child),
    ...(rules === undefined ? {} : { deleteRule: rules }),
    ...(field.joins === undefined ? {} : { joins: field.joins }),
    ...(field.refusedWhen === undefined ? {} : { deleteRefusedWhen: field.refusedWhen }),
    masterDetail: field.md ?? false,
  };
};

const numberParts = (field: ShapeField): Partial<FieldInput> => {
  const [precision, scale] = (field.num ?? '').split(',').map(Number);
  return field.num === undefined ? {} : { precision: precision ?? 0, scale: scale ?? 0 };
};

const writeParts = (field: ShapeField): Partial<FieldInput> => ({
  ...(field.ro ? { createable: false, updateable: false } : {}),
  ...(field.create === undefined ? {} : { createable: false }),
  ...(field.update === undefined ? {} : { updateable: false }),
  ...(field.req ? { nillable: false } : {}),
  ...(field.fill ? { defaultedOnCreate: true } : {}),
  ...(field.dflt === undefined ? {} : { defaultValue: field.dflt }),
});

const keyParts = (field: ShapeField): Partial<FieldInput> => ({
  ...(field.lookup ? { idLookup: true } : {}),
  ...(field.uniq ? { unique: true } : {}),
  ...(field.ext ? { externalId: true, idLookup: true } : {}),
  ...(field.cs ? { caseSensitive: true } : {}),
  ...(field.name ? { nameField: true } : {}),
  ...(field.auto === undefined ? {} : { autoNumberFormat: field.auto }),
});

const describeParts = (name: string, field: ShapeField): Partial<FieldInput> => ({
  ...(field.spf === undefined ? {} : { searchPrefilterable: true }),
  ...(field.bytes === undefined ? {} : { byteLength: field.bytes }),
  ...(field.of === undefined ? {} : field.of === name ? { ownCompound: true } : { compoundFieldName: field.of }),
});

const textParts = (field: ShapeField): Partial<FieldInput> => ({
  ...(field.label === undefined ? {} : { label: field.label }),
  ...(field.len === undefined ? {} : { length: field.len }),
  ...(field.extra === undefined ? {} : { extraTypeInfo: field.extra }),
  ...(field.formula === undefined
    ? {}
    : { formula: field.formula, formulaTreatBlanksAs: field.zero === true ? 'BlankAsZero' : 'BlankAsBlank' }),
  ...(field.reads === undefined ? {} : { formula: field.reads, formulaTreatBlanksAs: 'BlankAsBlank', readAlong: true }),
  ...(field.help === undefined ? {} : { inlineHelpText: field.help }),
  ...(field.pm === undefined ? {} : { permissionable: field.pm }),
  ...(field.html ? { htmlFormatted: true } : {}),
});

const rollUpParts = (field: ShapeField): Partial<FieldInput> => {
  if (field.rollUp === undefined) return {};
  const { summarizedField, ...rest } = field.rollUp;
  return { rollUp: summarizedField === undefined ? rest : { ...rest, summarizedField } };
};

/** A field definition from its compact form. */
export const fieldFromShape = (shape: ShapeFile, name: string, field: ShapeField): FieldDefinition => {
  const type = field.type ?? 'string';
  const traits = defaultTraits(type, field.len ?? defaultLength(type));
  return defineField({
    name,
    type,
    custom: name.endsWith('__c') || name.endsWith('__s'),
    ...textParts(field),
    ...describeParts(name, field),
    ...numberParts(field),
    ...writeParts(field),
    ...keyParts(field),
    ...referenceParts(name, field),
    ...rollUpParts(field),
    ...adjustTraits(traits, field.on ?? '', field.off ?? ''),
    picklistValues: entriesOf(shape, field.values),
    restrictedPicklist: field.restricted ?? false,
  });
};

const accessOf = (access: ShapeObject['access']): AccessRule | undefined => {
  if (access === undefined) return undefined;
  if ('parent' in access) return { governedBy: { parent: access.parent } };
  return {
    governedBy: 'open',
    ...(access.read === undefined ? {} : { readNeeds: access.read }),
    ...(access.write === undefined ? {} : { writeNeeds: access.write }),
  };
};

const operations = (ops: string) => ({
  createable: ops.startsWith('c'),
  updateable: ops.charAt(1) === 'u',
  deletable: ops.charAt(2) === 'd',
  undeletable: ops.charAt(3) === 'u',
  mergeable: ops.charAt(4) === 'm',
  queryable: ops.charAt(5) === 'q',
  replicateable: ops.charAt(6) === 'r',
  searchable: ops.charAt(7) === 's',
  feedEnabled: ops.charAt(8) === 'f',
});

/** Record types of shapes have fixed ids, so that demo data and tests can name them. */
export const recordTypesOf = (object: string, source: ShapeObject): readonly RecordTypeDefinition[] =>
  Object.entries(source.recordTypes ?? {}).map(([developerName, type], index) => ({
    id:
      toId18(`012Gs0${object.replace(/\W|_/g, '').slice(0, 6).padEnd(6, '0')}0${String(index + 1).padStart(2, '0')}`) ??
      '',
    developerName,
    label: type.label,
    active: true,
    ...(type.description === undefined ? {} : { description: type.description }),
  }));

const objectFields = (
  shape: ShapeFile,
  name: string,
  source: ShapeObject,
  label: string,
): readonly FieldDefinition[] => {
  const own = Object.entries(source.fields).map(([field, body]) => fieldFromShape(shape, field, body));
  const system = source.sys === undefined || source.sys === 'full' ? ordinarySystemFields : source.sys;
  const detail = own.some((field) => field.masterDetail);
  const custom = name.endsWith('__c');
  return [
    idField(label, source.idLabel ?? (custom ? 'Record ID' : undefined)),
    ...(custom && !detail && !own.some((field) => field.name === 'OwnerId') ? [ownerField()] : []),
    ...system.map((field) => systemField(field)).filter((field) => field !== undefined),
    ...own,
  ];
};

const describedParts = (source: ShapeObject): Partial<ObjectDefinition> => ({
  ...(source.scopes === undefined ? {} : { scopes: source.scopes }),
  ...(source.deepClone === undefined ? {} : { deepCloneable: true }),
  ...(source.layouts === undefined ? {} : { layoutable: true }),
  ...(source.retrieve === undefined ? {} : { retrieveable: false }),
  ...(source.mru === undefined ? {} : { mruEnabled: source.mru }),
});

const optionalParts = (name: string, source: ShapeObject): Partial<ObjectDefinition> => {
  const access = accessOf(source.access);
  return {
    ...(source.prefixSource === undefined ? {} : { keyPrefixInvented: true }),
    ...(source.history === undefined ? {} : { historyObject: source.history }),
    ...(source.historyOf === undefined ? {} : { historyOf: source.historyOf }),
    ...(source.tooling === undefined ? {} : { tooling: true }),
    ...(source.activities === undefined ? {} : { allowsActivities: true }),
    ...(access === undefined ? {} : { access }),
    ...describedParts(source),
    ...(source.recordTypes === undefined ? {} : { recordTypes: recordTypesOf(name, source) }),
  };
};

/** An object definition from its compact form. */
export const objectFromShape = (shape: ShapeFile, name: string, source: ShapeObject): ObjectDefinition => {
  const label = source.label ?? name;
  const custom = name.endsWith('__c');
  return {
    name,
    label,
    labelPlural: source.plural ?? `${label}s`,
    keyPrefix: source.prefix ?? null,
    custom,
    customSetting: false,
    customMetadata: false,
    ...operations(source.ops ?? 'cudu-qrs-'),
    sharingModel: source.sharing ?? (custom ? 'ReadWrite' : 'FullAccess'),
    ...optionalParts(name, source),
    fields: objectFields(shape, name, source, label),
  };
};
