import { createHash } from 'node:crypto';
import { TwinError } from '../contract.ts';
import type { Access, FieldDefinition, FieldType, ObjectDefinition, SchemaRegistry } from './definitions.ts';
import { renderDescribe, type Rendered } from './describe.ts';
import { soapTypeOf } from './describeField.ts';

const MASTER = '012000000000000AAA';

const dataTypes: Partial<Record<FieldType, string>> = {
  id: 'Reference',
  reference: 'Reference',
  textarea: 'TextArea',
  boolean: 'Boolean',
  int: 'Int',
  long: 'Long',
  double: 'Double',
  currency: 'Currency',
  percent: 'Percent',
  date: 'Date',
  datetime: 'DateTime',
  time: 'Time',
  phone: 'Phone',
  email: 'Email',
  url: 'Url',
  picklist: 'Picklist',
  multipicklist: 'MultiPicklist',
  combobox: 'ComboBox',
  base64: 'Base64',
  address: 'Address',
  location: 'Location',
  encryptedstring: 'EncryptedString',
  anyType: 'AnyType',
  complexvalue: 'ComplexValue',
};

const eTag = (value: Rendered): string => createHash('md5').update(JSON.stringify(value)).digest('hex');

const nameFieldsOf = (object: ObjectDefinition | undefined): readonly string[] => {
  const name = object?.fields.find((field) => field.nameField);
  if (object === undefined || name === undefined) return [];
  const parts = ['FirstName', 'LastName'].flatMap(
    (part) => object.fields.find((field) => field.name === part && field.compoundFieldName === name.name) ?? [],
  );
  return parts.length === 0 ? [name.name] : ['Name', ...parts.map((field) => field.name)];
};

const referenceInfos = (registry: SchemaRegistry, field: FieldDefinition): readonly Rendered[] =>
  field.referenceTo.map((name) => ({ apiName: name, nameFields: nameFieldsOf(registry.object(name)) }));

const isRequired = (field: FieldDefinition): boolean =>
  !field.nillable && field.createable && !field.defaultedOnCreate && field.type !== 'boolean';

const isCompound = (object: ObjectDefinition, field: FieldDefinition): boolean =>
  object.fields.some((other) => other.compoundFieldName === field.name);

const fieldInfo = (registry: SchemaRegistry, object: ObjectDefinition, described: Rendered): Rendered => {
  const field = registry.field(object.name, String(described['name']));
  if (field === undefined) throw new Error(`${object.name}.${String(described['name'])} is not in the schema`);
  const copied = [
    'calculated',
    'compoundFieldName',
    'controllerName',
    'createable',
    'custom',
    'extraTypeInfo',
    'externalId',
    'filterable',
    'filteredLookupInfo',
    'highScaleNumber',
    'htmlFormatted',
    'inlineHelpText',
    'label',
    'length',
    'maskType',
    'nameField',
    'polymorphicForeignKey',
    'precision',
    'referenceTargetField',
    'relationshipName',
    'scale',
    'searchPrefilterable',
    'sortable',
    'unique',
    'updateable',
  ];
  return {
    apiName: field.name,
    ...Object.fromEntries(copied.map((key) => [key, described[key]])),
    compound: isCompound(object, field),
    compoundComponentName: field.compoundFieldName === undefined ? null : field.name,
    controllingFields: [],
    dataType: dataTypes[field.type] ?? 'String',
    defaultValue: described['defaultValue'],
    reference: soapTypeOf(field.type) === 'tns:ID' && field.type === 'reference',
    referenceToInfos: referenceInfos(registry, field),
    required: isRequired(field),
  };
};

const recordTypeInfos = (described: Rendered): Readonly<Record<string, Rendered>> =>
  Object.fromEntries(
    (described['recordTypeInfos'] as readonly Rendered[]).map((info) => [
      String(info['recordTypeId']),
      {
        available: info['available'],
        defaultRecordTypeMapping: info['defaultRecordTypeMapping'],
        master: info['master'],
        name: info['name'],
        recordTypeId: info['recordTypeId'],
      },
    ]),
  );

const childInfo = (child: Rendered): Rendered => ({
  childObjectApiName: child['childSObject'],
  fieldName: child['field'],
  junctionIdListNames: [],
  junctionReferenceTo: [],
  relationshipName: child['relationshipName'],
});

const copiedFlags = [
  'associateEntityType',
  'associateParentEntity',
  'compactLayoutable',
  'createable',
  'custom',
  'deletable',
  'feedEnabled',
  'keyPrefix',
  'label',
  'labelPlural',
  'layoutable',
  'mruEnabled',
  'queryable',
  'searchable',
  'updateable',
] as const;

/**
 * `GET /ui-api/object-info/{object}`: what the user may see of an object, as Lightning data service reads it.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.uiapi.meta/uiapi/ui_api_responses_object_info.htm
 * @throws TwinError NOT_FOUND when the object is absent or hidden from the user.
 */
export const renderObjectInfo = (registry: SchemaRegistry, access: Access, name: string, apiVersion = 66): Rendered => {
  const described = renderDescribe(registry, access, name, apiVersion);
  const object = registry.object(name);
  if (object === undefined) throw new Error(`${name} is not in the schema`);
  const types = described['recordTypeInfos'] as readonly Rendered[];
  const fallback = types.find((type) => type['defaultRecordTypeMapping'] === true)?.['recordTypeId'] ?? MASTER;
  const info = {
    apiName: object.name,
    ...Object.fromEntries(copiedFlags.map((key) => [key, described[key]])),
    childRelationships: (described['childRelationships'] as readonly Rendered[])
      .filter((child) => child['relationshipName'] !== null)
      .map(childInfo),
    defaultRecordTypeId: fallback,
    dependentFields: {},
    fields: Object.fromEntries(
      (described['fields'] as readonly Rendered[]).map((field) => [
        String(field['name']),
        fieldInfo(registry, object, field),
      ]),
    ),
    nameFields: nameFieldsOf(object),
    recordTypeInfos: recordTypeInfos(described),
    searchLayoutable: object.searchable,
    themeInfo: null,
  };
  return { ...info, eTag: eTag(info) };
};

/**
 * `GET /ui-api/object-info/{object}/picklist-values/{recordTypeId}/{field}`: active values. Record types do not
 * narrow them here.
 * @throws TwinError NOT_FOUND when the field is hidden or no picklist.
 */
export const renderPicklistValues = (
  registry: SchemaRegistry,
  access: Access,
  place: { readonly object: string; readonly field: string },
): Rendered => {
  const field = registry.field(place.object, place.field);
  const isPicklist = field?.type === 'picklist' || field?.type === 'multipicklist';
  if (field === undefined || !isPicklist || !access.field(place.object, place.field).read) {
    throw new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
  }
  const values = field.picklistValues
    .filter((entry) => entry.active)
    .map(({ label, value }) => ({ attributes: null, label, validFor: [], value }));
  const chosen = field.picklistValues.find((entry) => entry.defaultValue)?.value;
  const body = {
    controllerValues: {},
    defaultValue: values.find((entry) => entry.value === chosen) ?? null,
    values,
  };
  return { ...body, eTag: eTag(body) };
};
