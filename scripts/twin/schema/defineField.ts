import type { FieldDefinition, FieldType } from './definitions.ts';
import { defaultLength, defaultPrecision, defaultTraits, humanName } from './typeTraits.ts';

export type FieldInput = { readonly name: string; readonly type: FieldType } & {
  readonly [K in Exclude<keyof FieldDefinition, 'name' | 'type'>]?: FieldDefinition[K];
};

const referenceDefaults = (input: FieldInput): Pick<FieldDefinition, 'deleteRule'> => {
  if (input.type !== 'reference') return { deleteRule: {} };
  const clearable = (input.updateable ?? true) && (input.nillable ?? true);
  return { deleteRule: { '*': clearable ? 'set-null' : 'none' } };
};

/** A whole field definition from what differs from the platform's defaults for its type. */
export const defineField = (input: FieldInput): FieldDefinition => {
  const length = input.length ?? defaultLength(input.type);
  const [precision, scale] = defaultPrecision(input.type);
  const calculated = input.formula !== undefined || input.rollUp !== undefined || input.autoNumberFormat !== undefined;
  return {
    label: humanName(input.name),
    precision,
    scale,
    nillable: input.type !== 'boolean' && input.type !== 'id',
    defaultedOnCreate: input.type === 'boolean' || input.type === 'id' || input.autoNumberFormat !== undefined,
    createable: !calculated && input.type !== 'id' && input.type !== 'address' && input.type !== 'location',
    updateable: !calculated && input.type !== 'id' && input.type !== 'address' && input.type !== 'location',
    ...defaultTraits(input.type, length),
    custom: false,
    unique: false,
    caseSensitive: false,
    externalId: false,
    idLookup: input.type === 'id' || input.type === 'email',
    nameField: false,
    restrictedPicklist: false,
    picklistValues: [],
    referenceTo: [],
    masterDetail: false,
    ...referenceDefaults(input),
    trackHistory: false,
    htmlFormatted: false,
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
  !(systemNames.has(field.name) || field.masterDetail || field.nameField || (!field.nillable && field.type !== 'boolean'));
