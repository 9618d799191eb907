import type { FieldDefinition, FieldType } from './definitions.ts';
import { isPermissionable } from './defineField.ts';

const soapTypes: Partial<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  long: 'xsd:long',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  time: 'xsd:time',
  base64: 'xsd:base64Binary',
  address: 'urn:address',
  location: 'urn:location',
  anyType: 'xsd:anyType',
  complexvalue: 'urn:RecordTypesSupported',
};

/** The SOAP type of a field's values, as describe and the object-info answer it. */
export const soapTypeOf = (type: FieldType): string => soapTypes[type] ?? 'xsd:string';

const withLength = new Set<FieldType>([
  'string',
  'textarea',
  'email',
  'phone',
  'url',
  'picklist',
  'multipicklist',
  'combobox',
  'encryptedstring',
]);

/** Text counts three bytes per character; ids are ASCII. */
const byteLength = (field: FieldDefinition): number => {
  if (field.byteLength !== undefined) return field.byteLength;
  if (field.type === 'multipicklist') return field.length;
  if (withLength.has(field.type)) return field.length * 3;
  return field.type === 'id' || field.type === 'reference' ? field.length : 0;
};

/** Whether the parent's deletion takes this child along, or is refused because of it: describe answers both flags. */
export const deleteFlags = (
  field: FieldDefinition,
  parent: string,
): { readonly cascadeDelete: boolean; readonly restrictedDelete: boolean } => {
  const rule = field.deleteRule[parent] ?? field.deleteRule['*'] ?? 'none';
  return {
    cascadeDelete: rule === 'cascade',
    restrictedDelete: rule === 'restrict' || (rule === 'cascade' && field.deleteRefusedWhen !== undefined),
  };
};

const picklistValues = (field: FieldDefinition): readonly Readonly<Record<string, unknown>>[] =>
  field.picklistValues.map((entry) => ({
    active: entry.active,
    defaultValue: entry.defaultValue,
    label: entry.label,
    validFor: entry.validFor ?? null,
    value: entry.value,
  }));

const isNumber = (type: FieldType): boolean => type === 'double' || type === 'currency' || type === 'percent';

/** The field's formula, as far as the platform tells of one. */
const toldFormula = (field: FieldDefinition): string | undefined =>
  field.readAlong === true ? undefined : field.formula;

/** Whether describe and FieldDefinition call the field calculated. */
export const calculatedOf = (field: FieldDefinition): boolean =>
  toldFormula(field) !== undefined || field.rollUp !== undefined;

const defaults = (field: FieldDefinition): Readonly<Record<string, unknown>> => {
  if (field.type === 'boolean') return { defaultValue: field.defaultValue ?? false, defaultValueFormula: null };
  const entry = field.picklistValues.find((each) => each.defaultValue);
  const literal = field.defaultValue === undefined ? null : String(field.defaultValue);
  const formula = field.defaultFormula ?? literal;
  return { defaultValue: entry?.value ?? null, defaultValueFormula: formula };
};

const ownFlags = (field: FieldDefinition): Readonly<Record<string, unknown>> => ({
  aggregatable: field.aggregatable,
  aiPredictionField: false,
  autoNumber: field.autoNumberFormat !== undefined,
  byteLength: byteLength(field),
  calculated: calculatedOf(field),
  calculatedFormula: toldFormula(field) ?? null,
  // On the field itself the platform leaves both flags to the parent's childRelationships, master-detail aside.
  cascadeDelete: field.masterDetail,
  caseSensitive: field.caseSensitive,
  compoundFieldName: field.ownCompound === true ? field.name : (field.compoundFieldName ?? null),
  controllerName: field.controllerName ?? null,
  createable: field.createable,
  custom: field.custom,
  ...defaults(field),
  defaultedOnCreate: field.defaultedOnCreate || field.defaultValue !== undefined || field.defaultFormula !== undefined,
  dependentPicklist: field.controllerName !== undefined,
  deprecatedAndHidden: false,
  digits: field.type === 'int' ? field.precision || 8 : 0,
});

const middleFlags = (field: FieldDefinition): Readonly<Record<string, unknown>> => ({
  displayLocationInDecimal: false,
  encrypted: field.type === 'encryptedstring',
  externalId: field.externalId,
  extraTypeInfo: extraTypeInfo(field),
  filterable: field.filterable,
  filteredLookupInfo: null,
  formulaTreatNullNumberAsZero: field.formula !== undefined && field.formulaTreatBlanksAs === 'BlankAsZero',
  groupable: field.groupable,
  highScaleNumber: false,
  htmlFormatted: field.htmlFormatted,
  idLookup: field.idLookup,
  inlineHelpText: field.inlineHelpText ?? null,
  label: field.label,
  length: withLength.has(field.type) || field.type === 'id' || field.type === 'reference' ? field.length : 0,
  mask: null,
  maskType: null,
  name: field.name,
  nameField: field.nameField,
});

const extraTypeInfo = (field: FieldDefinition): string | null => {
  if (field.extraTypeInfo !== undefined) return field.extraTypeInfo;
  if (field.type !== 'textarea') return null;
  if (field.htmlFormatted) return 'richtextarea';
  return 'plaintextarea';
};

const lastFlags = (field: FieldDefinition): Readonly<Record<string, unknown>> => ({
  namePointing: field.referenceTo.length > 1,
  nillable: field.nillable,
  permissionable: isPermissionable(field),
  picklistValues: picklistValues(field),
  polymorphicForeignKey: field.referenceTo.length > 1,
  // Of a multi-select picklist: its visible lines.
  precision: isNumber(field.type) || field.type === 'multipicklist' ? field.precision : 0,
  queryByDistance: field.type === 'address' || field.type === 'location',
  referenceTargetField: null,
  referenceTo: [...field.referenceTo],
  relationshipName: field.relationshipName ?? null,
  relationshipOrder: field.masterDetail ? 0 : null,
  restrictedDelete: false,
  restrictedPicklist: field.restrictedPicklist,
  scale: isNumber(field.type) ? field.scale : 0,
  searchPrefilterable: field.searchPrefilterable ?? (field.type === 'reference' && isPermissionable(field)),
  soapType: soapTypeOf(field.type),
  sortable: field.sortable,
  type: field.type,
  unique: field.unique,
  updateable: field.updateable,
  writeRequiresMasterRead: field.writeRequiresMasterRead ?? false,
});

/**
 * One entry of `fields` in an sObject describe. Keys and their order as recorded from a v52 org
 * (CumulusCI cassettes, BSD-3-Clause).
 */
export const renderField = (
  field: FieldDefinition,
  may: { readonly create: boolean; readonly edit: boolean },
): Readonly<Record<string, unknown>> => ({
  ...ownFlags(field),
  ...middleFlags(field),
  ...lastFlags(field),
  ...field.described,
  createable: field.createable && may.create,
  updateable: field.updateable && may.edit,
});
