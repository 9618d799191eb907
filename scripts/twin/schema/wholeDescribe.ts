import { z } from 'zod';

const flag = z.boolean().default(false);
const text = z.string().nullable().default(null);
const count = z.number().nullable().default(0);

const picklistEntry = z.object({
  value: z.string(),
  label: z.string().nullable().default(null),
  active: flag,
  defaultValue: flag,
  validFor: text,
});

const field = z.object({
  name: z.string(),
  label: z.string().default(''),
  type: z.string(),
  length: count,
  precision: count,
  scale: count,
  digits: count,
  nillable: flag,
  defaultedOnCreate: flag,
  defaultValue: z.union([z.string(), z.number(), z.boolean()]).nullable().default(null),
  defaultValueFormula: z.union([z.string(), z.number(), z.boolean()]).nullable().default(null),
  createable: flag,
  updateable: flag,
  filterable: flag,
  sortable: flag,
  groupable: flag,
  aggregatable: flag,
  custom: flag,
  unique: flag,
  caseSensitive: flag,
  externalId: flag,
  idLookup: flag,
  nameField: flag,
  autoNumber: flag,
  restrictedPicklist: flag,
  dependentPicklist: flag,
  controllerName: text,
  picklistValues: z.array(picklistEntry).nullable().default([]),
  referenceTo: z.array(z.string()).nullable().default([]),
  relationshipName: text,
  relationshipOrder: z.number().nullable().default(null),
  compoundFieldName: text,
  calculated: flag,
  calculatedFormula: text,
  formulaTreatNullNumberAsZero: flag,
  htmlFormatted: flag,
  inlineHelpText: text,
  extraTypeInfo: text,
  permissionable: z.boolean().default(true),
  writeRequiresMasterRead: flag,
});

const child = z.object({
  childSObject: z.string(),
  field: z.string().nullable(),
  relationshipName: text,
  cascadeDelete: flag,
  restrictedDelete: flag,
});

const recordType = z.object({
  recordTypeId: z.string(),
  developerName: z.string(),
  name: z.string(),
  active: flag,
  master: flag,
});

const object = z.object({
  name: z.string(),
  label: z.string().default(''),
  labelPlural: z.string().default(''),
  keyPrefix: text,
  custom: flag,
  customSetting: flag,
  queryable: flag,
  createable: flag,
  updateable: flag,
  deletable: flag,
  undeletable: flag,
  mergeable: flag,
  replicateable: flag,
  searchable: flag,
  feedEnabled: flag,
  associateEntityType: text,
  associateParentEntity: text,
  recordTypeInfos: z.array(recordType).default([]),
  fields: z.array(field),
  childRelationships: z.array(child).default([]),
});

export type WholeDescribe = z.infer<typeof object>;
export type WholeField = WholeDescribe['fields'][number];

/**
 * An sObject describe as the platform answers it.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_describesobjects_describesobjectresult.htm
 * @throws Error naming the object and the first wrong property.
 */
export const readWholeDescribe = (answer: unknown): WholeDescribe => {
  const read = object.safeParse(answer);
  if (read.success) return read.data;
  const name = z.object({ name: z.string() }).safeParse(answer).data?.name ?? '?';
  throw new Error(`describe of ${name}: ${z.prettifyError(read.error)}`);
};
