import type { FieldDefinition, FieldType } from './definitions.ts';
import { defaultLength, defaultPrecision, defaultTraits, humanName } from './typeTraits.ts';

export type FieldInput = { readonly name: string; readonly type: FieldType } & {
  readonly [K in Exclude<keyof FieldDefinition, 'name' | 'type'>]?: FieldDefinition[K];
};

const referenceDefaults = (input: FieldInput): Pick<FieldDefinition, 'deleteRule'> => {
  if (input.type !== 'reference') return { deleteRule: {} };
  const clearable = (input.nillable ?? true) && ((input.updateable ?? true) || (input.createable ?? true));
  return { deleteRule: { '*': clearable ? 'set-null' : 'none' } };
};

const isComputed = (input: FieldInput): boolean =>
  input.formula !== undefined || input.rollUp !== undefined || input.autoNumberFormat !== undefined;

const isWritable = (input: FieldInput): boolean =>
  !isComputed(input) && input.type !== 'id' && input.type !== 'address' && input.type !== 'location';

const notNull = (type: FieldType): boolean => type === 'boolean' || type === 'id';

const nothingSpecial = {
  custom: false,
  unique: false,
  caseSensitive: false,
  externalId: false,
  nameField: false,
  restrictedPicklist: false,
  picklistValues: [],
  referenceTo: [],
  masterDetail: false,
  trackHistory: false,
  htmlFormatted: false,
} as const;

/** A whole field definition from what differs from the platform's defaults for its type. */
export const defineField = (input: FieldInput): FieldDefinition => {
  const length = input.length ?? defaultLength(input.type);
  const [precision, scale] = defaultPrecision(input.type);
  return {
    ...nothingSpecial,
    label: humanName(input.name),
    precision,
    scale,
    nillable: !notNull(input.type),
    defaultedOnCreate: notNull(input.type) || input.autoNumberFormat !== undefined,
    createable: isWritable(input),
    updateable: isWritable(input),
    ...defaultTraits(input.type, length),
    idLookup: input.type === 'id',
    ...referenceDefaults(input),
    ...input,
    length,
  };
};

const systemNames = new Set([
  'Id',
  'IsDeleted',
  'CreatedById',
  'CreatedDate',
  'LastModifiedById',
  'LastModifiedDate',
  'SystemModstamp',
  'OwnerId',
  'Name',
  'RecordTypeId',
]);

/**
 * Whether field-level security applies: not to system fields, the name, required fields and master-detail fields,
 * which everybody who reads the object reads.
 * Source: https://help.salesforce.com/s/articleView?id=sf.users_profiles_field_perms_profile.htm
 */
export const isPermissionable = (field: FieldDefinition): boolean =>
  field.permissionable ??
  !(
    systemNames.has(field.name) ||
    field.masterDetail ||
    field.nameField ||
    (!field.nillable && field.type !== 'boolean')
  );
