import type { FieldType } from '../schema/definitions.ts';

/** FieldType of the metadata API → describe type, for what the twin takes. Formulas use the type of their result. */
const describeTypes: Readonly<Record<string, FieldType>> = {
  AutoNumber: 'string',
  Checkbox: 'boolean',
  Currency: 'currency',
  Date: 'date',
  DateTime: 'datetime',
  Email: 'email',
  EncryptedText: 'encryptedstring',
  Hierarchy: 'reference',
  Html: 'textarea',
  Location: 'location',
  LongTextArea: 'textarea',
  Lookup: 'reference',
  MasterDetail: 'reference',
  MetadataRelationship: 'reference',
  MultiselectPicklist: 'multipicklist',
  Number: 'double',
  Percent: 'percent',
  Phone: 'phone',
  Picklist: 'picklist',
  Summary: 'double',
  Text: 'string',
  TextArea: 'textarea',
  Time: 'time',
  Url: 'url',
};

const others = new Set([
  'Address',
  'Array',
  'CustomDataType',
  'ExternalLookup',
  'File',
  'IndirectLookup',
  'Integer',
  'Long',
]);

export const describeTypeOf = (metadataType: string): FieldType | undefined => describeTypes[metadataType];

/** Types of the platform that the twin does not take. */
export const isRefusedType = (metadataType: string): boolean => others.has(metadataType);

/** The metadata type of a described custom field, to give it back. */
export const metadataTypeOf = (field: {
  readonly type: FieldType;
  readonly length: number;
  readonly htmlFormatted: boolean;
  readonly masterDetail: boolean;
  readonly autoNumberFormat?: string;
  readonly rollUp?: unknown;
}): string => {
  if (field.autoNumberFormat !== undefined) return 'AutoNumber';
  if (field.rollUp !== undefined) return 'Summary';
  if (field.type === 'reference') return field.masterDetail ? 'MasterDetail' : 'Lookup';
  if (field.type === 'textarea') return textAreaType(field);
  const found = Object.entries(describeTypes).find(([name, type]) => type === field.type && name !== 'AutoNumber');
  return found?.[0] === 'Summary' ? 'Number' : (found?.[0] ?? 'Text');
};

const textAreaType = (field: { readonly length: number; readonly htmlFormatted: boolean }): string => {
  if (field.htmlFormatted) return 'Html';
  return field.length > 255 ? 'LongTextArea' : 'TextArea';
};
