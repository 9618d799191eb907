import { defineField } from '../schema/defineField.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import { historyNameOf } from '../schema/historyObject.ts';
import { nextCustomPrefix, nextMetadataPrefix } from '../schema/keyPrefixes.ts';
import { idField, ordinarySystemFields, ownerField, systemField } from '../schema/systemFields.ts';
import { checkElements } from './fieldChecks.ts';
import { ComponentProblem, notEmulatedComponent } from './problem.ts';
import { childOf, flagIn, textIn, type XmlElement } from './xmlTree.ts';

/** What a custom object's name says it is. */
export type ObjectKind = 'object' | 'setting' | 'metadata';

const refusedSuffixes: Readonly<Record<string, string>> = {
  __e: 'platform event',
  __b: 'big object',
  __x: 'external object',
  __kav: 'knowledge article type',
  __dlm: 'data model object',
};

/** The kind of a custom object; undefined for a standard object. */
export const kindOf = (name: string, element: XmlElement): ObjectKind | undefined => {
  for (const [suffix, kind] of Object.entries(refusedSuffixes)) {
    if (name.endsWith(suffix)) throw notEmulatedComponent(`${kind} ${name}`, element);
  }
  if (name.endsWith('__mdt')) return 'metadata';
  if (!name.endsWith('__c')) return undefined;
  return textIn(element, 'customSettingsType') === undefined ? 'object' : 'setting';
};

const requireText = (element: XmlElement, name: string): string => {
  const text = textIn(element, name);
  if (text === undefined) throw new ComponentProblem(`Must specify a non-empty ${name} for the CustomObject`, element);
  return text;
};

const nameFieldOf = (element: XmlElement): FieldDefinition => {
  const source = childOf(element, 'nameField');
  if (source === undefined) throw new ComponentProblem('Must specify a nameField of type Text or AutoNumber', element);
  const common = {
    name: 'Name',
    label: requireText(source, 'label'),
    custom: false,
    nameField: true,
    idLookup: true,
  } as const;
  const track = flagIn(source, 'trackHistory');
  const type = textIn(source, 'type');
  if (type === 'Text') {
    return defineField({ ...common, type: 'string', length: 80, defaultedOnCreate: true, trackHistory: track });
  }
  if (type !== 'AutoNumber') throw new ComponentProblem('Must specify a nameField of type Text or AutoNumber', source);
  const autoNumberFormat = textIn(source, 'displayFormat') ?? '{0}';
  return defineField({ ...common, type: 'string', length: 30, nillable: false, autoNumberFormat });
};

const readOnlyDates = (
  names: readonly (readonly [string, string, 'date' | 'datetime'])[],
): readonly FieldDefinition[] =>
  names.map(([name, label, type]) =>
    defineField({ name, label, type, createable: false, updateable: false, permissionable: false }),
  );

const system = (): readonly FieldDefinition[] =>
  ordinarySystemFields.map((name) => systemField(name)).filter((field) => field !== undefined);

const objectFields = (element: XmlElement, label: string, detail: boolean): readonly FieldDefinition[] => [
  idField(label, 'Record ID'),
  ...(detail ? [] : [ownerField()]),
  nameFieldOf(element),
  ...system(),
  ...readOnlyDates([
    ...(flagIn(element, 'enableActivities') ? ([['LastActivityDate', 'Last Activity Date', 'date']] as const) : []),
    ['LastViewedDate', 'Last Viewed Date', 'datetime'],
    ['LastReferencedDate', 'Last Referenced Date', 'datetime'],
  ]),
];

const settingFields = (element: XmlElement, label: string): readonly FieldDefinition[] => [
  idField(label, 'Record ID'),
  defineField({
    name: 'Name',
    type: 'string',
    length: 80,
    nameField: true,
    defaultedOnCreate: true,
    permissionable: false,
  }),
  ...(textIn(element, 'customSettingsType') === 'Hierarchy'
    ? [
        defineField({
          name: 'SetupOwnerId',
          label: 'Location',
          type: 'reference',
          referenceTo: ['Organization', 'Profile', 'User'],
          relationshipName: 'SetupOwner',
          nillable: false,
          defaultedOnCreate: true,
          permissionable: false,
          deleteRule: { '*': 'cascade' },
        }),
      ]
    : []),
  ...system(),
];

const metadataText = (name: string, length: number): FieldDefinition =>
  defineField({
    name,
    type: 'string',
    length,
    createable: false,
    updateable: false,
    nillable: false,
    permissionable: false,
  });

const metadataFields = (label: string): readonly FieldDefinition[] => [
  idField(label, 'Record ID'),
  metadataText('DeveloperName', 40),
  { ...metadataText('MasterLabel', 40), nameField: true },
  metadataText('Language', 40),
  { ...metadataText('NamespacePrefix', 15), nillable: true },
  metadataText('Label', 40),
  metadataText('QualifiedApiName', 255),
  ...['SystemModstamp'].map((name) => systemField(name)).filter((field) => field !== undefined),
];

const SHARING = new Set(['Private', 'Read', 'ReadWrite', 'ControlledByParent', 'FullAccess']);

const sharingOf = (element: XmlElement): ObjectDefinition['sharingModel'] => {
  const model = textIn(element, 'sharingModel') ?? 'ReadWrite';
  if (!SHARING.has(model)) {
    throw new ComponentProblem(
      `'${model}' is not a valid value for the enum 'SharingModel'`,
      childOf(element, 'sharingModel'),
    );
  }
  return model as ObjectDefinition['sharingModel'];
};

const noOperations = { createable: false, updateable: false, deletable: false, undeletable: false } as const;
const allOperations = { createable: true, updateable: true, deletable: true, undeletable: true } as const;

const ordinary = (name: string, element: XmlElement, label: string): Partial<ObjectDefinition> => {
  const sharingModel = sharingOf(element);
  return {
    ...allOperations,
    labelPlural: requireText(element, 'pluralLabel'),
    sharingModel,
    searchable: textIn(element, 'enableSearch') !== 'false',
    feedEnabled: flagIn(element, 'enableFeeds'),
    allowsActivities: flagIn(element, 'enableActivities'),
    fields: objectFields(element, label, sharingModel === 'ControlledByParent'),
    ...(flagIn(element, 'enableHistory') ? { historyObject: historyNameOf(name) } : {}),
  };
};

const byKind = (kind: ObjectKind, name: string, element: XmlElement): Partial<ObjectDefinition> => {
  const label = requireText(element, 'label');
  if (kind === 'object') return ordinary(name, element, label);
  const access = { governedBy: 'open', writeNeeds: 'CustomizeApplication' } as const;
  if (kind === 'setting') {
    return { ...allOperations, undeletable: false, customSetting: true, access, fields: settingFields(element, label) };
  }
  return {
    ...noOperations,
    labelPlural: requireText(element, 'pluralLabel'),
    customMetadata: true,
    access,
    fields: metadataFields(label),
  };
};

/**
 * A custom object without its custom fields, from its metadata; key prefix, record types, validation rules and custom
 * fields of the object as it stands are kept.
 */
export const objectFromXml = (
  registry: SchemaRegistry,
  kind: ObjectKind,
  name: string,
  element: XmlElement,
): ObjectDefinition => {
  checkElements('CustomObject', element);
  const standing = registry.object(name);
  const parts = byKind(kind, name, element);
  const description = textIn(element, 'description');
  const label = requireText(element, 'label');
  const fresh = (): string => (kind === 'metadata' ? nextMetadataPrefix(registry) : nextCustomPrefix(registry));
  return {
    name,
    label,
    labelPlural: label,
    keyPrefix: standing?.keyPrefix ?? fresh(),
    custom: true,
    customSetting: false,
    customMetadata: false,
    queryable: true,
    ...noOperations,
    mergeable: false,
    replicateable: kind === 'object',
    searchable: false,
    feedEnabled: false,
    sharingModel: 'FullAccess',
    ...(description === undefined ? {} : { description }),
    ...(standing?.recordTypes === undefined ? {} : { recordTypes: standing.recordTypes }),
    ...(standing?.validationRules === undefined ? {} : { validationRules: standing.validationRules }),
    ...parts,
    fields: [...(parts.fields ?? []), ...(standing?.fields ?? []).filter((field) => field.custom)],
  };
};

/** After its fields are there: sharing and master-detail must agree. */
export const checkSharing = (object: ObjectDefinition, element: XmlElement): void => {
  if (object.customSetting || object.customMetadata) return;
  const detail = object.fields.some((field) => field.masterDetail);
  if (detail && object.sharingModel !== 'ControlledByParent') {
    throw new ComponentProblem(
      `Cannot set sharingModel to ${object.sharingModel} on a CustomObject with a MasterDetail relationship field`,
      childOf(element, 'sharingModel') ?? element,
    );
  }
  if (!detail && object.sharingModel === 'ControlledByParent') {
    throw new ComponentProblem(
      'Cannot set sharingModel to ControlledByParent on a CustomObject without a MasterDetail relationship field',
      childOf(element, 'sharingModel') ?? element,
    );
  }
};
