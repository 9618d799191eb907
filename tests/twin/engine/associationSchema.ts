import { defineField, type FieldInput } from '../../../scripts/twin/schema/defineField.ts';
import type { ObjectDefinition, SchemaRegistry } from '../../../scripts/twin/schema/definitions.ts';
import { emptyRegistry } from '../../../scripts/twin/schema/registry.ts';

const user = (name: string): FieldInput => ({
  name,
  type: 'reference',
  referenceTo: ['User'],
  relationshipName: name.slice(0, -2),
  deleteRule: { '*': 'none' },
  createable: false,
  updateable: false,
  nillable: false,
  defaultedOnCreate: true,
});

const systemFields: readonly FieldInput[] = [
  { name: 'IsDeleted', type: 'boolean', createable: false, updateable: false },
  user('CreatedById'),
  {
    name: 'CreatedDate',
    type: 'datetime',
    createable: false,
    updateable: false,
    nillable: false,
    defaultedOnCreate: true,
  },
  user('LastModifiedById'),
  {
    name: 'LastModifiedDate',
    type: 'datetime',
    createable: false,
    updateable: false,
    nillable: false,
    defaultedOnCreate: true,
  },
  {
    name: 'SystemModstamp',
    type: 'datetime',
    createable: false,
    updateable: false,
    nillable: false,
    defaultedOnCreate: true,
  },
];

const owner: FieldInput = {
  name: 'OwnerId',
  type: 'reference',
  referenceTo: ['Group', 'User'],
  relationshipName: 'Owner',
  deleteRule: { '*': 'none' },
  nillable: false,
  defaultedOnCreate: true,
};

export const entity = (
  name: string,
  keyPrefix: string,
  fields: readonly FieldInput[],
  more: Partial<ObjectDefinition> = {},
): ObjectDefinition => ({
  name,
  label: name.replace(/__c$/, ''),
  labelPlural: `${name.replace(/__c$/, '')}s`,
  keyPrefix,
  custom: name.endsWith('__c'),
  customSetting: false,
  customMetadata: false,
  queryable: true,
  createable: true,
  updateable: true,
  deletable: true,
  undeletable: true,
  mergeable: false,
  replicateable: true,
  searchable: true,
  feedEnabled: false,
  sharingModel: 'ReadWrite',
  ...more,
  fields: [{ name: 'Id', type: 'id' as const }, ...fields, ...systemFields].map(defineField),
});

const values = (...names: readonly string[]): NonNullable<FieldInput['picklistValues']> =>
  names.map((value) => ({ value, label: `${value} (label)`, active: true, defaultValue: false }));

const name: FieldInput = { name: 'Name', type: 'string', length: 80, nillable: false, nameField: true };

const people: readonly ObjectDefinition[] = [
  entity('User', '005', [
    { name: 'Username', type: 'string', length: 80, nillable: false, unique: true },
    { name: 'LastName', type: 'string', length: 80 },
    { ...name, createable: false, updateable: false, nillable: true },
    { name: 'TimeZoneSidKey', type: 'picklist' },
    { name: 'LocaleSidKey', type: 'picklist' },
    { name: 'IsActive', type: 'boolean' },
  ]),
  entity('Group', '00G', [name]),
  entity(
    'Account',
    '001',
    [
      { ...name, length: 255, trackHistory: true },
      {
        name: 'ParentId',
        type: 'reference',
        referenceTo: ['Account'],
        relationshipName: 'Parent',
        childRelationshipName: 'ChildAccounts',
      },
      {
        name: 'MasterRecordId',
        type: 'reference',
        referenceTo: ['Account'],
        relationshipName: 'MasterRecord',
        createable: false,
        updateable: false,
        deleteRule: { '*': 'none' },
      },
      { name: 'BillingStreet', type: 'textarea', length: 255, compoundFieldName: 'BillingAddress' },
      { name: 'BillingCity', type: 'string', length: 40, compoundFieldName: 'BillingAddress' },
      { name: 'BillingAddress', type: 'address', createable: false, updateable: false },
      { name: 'Rating', type: 'picklist', restrictedPicklist: true, picklistValues: values('Hot', 'Warm', 'Cold') },
      { name: 'Description', type: 'textarea', length: 32_000, filterable: false, sortable: false, groupable: false },
      {
        name: 'Gifts__c',
        type: 'double',
        custom: true,
        rollUp: {
          childObject: 'Gift__c',
          childField: 'Household__c',
          operation: 'sum',
          summarizedField: 'Amount__c',
          filters: [{ field: 'Status__c', operation: 'equals', value: 'Posted' }],
        },
        precision: 18,
        scale: 2,
      },
      { name: 'Score__c', type: 'double', custom: true, formula: 'LEN(Name)' },
      owner,
    ],
    { mergeable: true, historyObject: 'AccountHistory' },
  ),
  entity(
    'AccountHistory',
    '017',
    [
      {
        name: 'AccountId',
        type: 'reference',
        referenceTo: ['Account'],
        relationshipName: 'Account',
        childRelationshipName: 'Histories',
        deleteRule: { '*': 'cascade' },
      },
      { name: 'Field', type: 'picklist' },
      { name: 'DataType', type: 'picklist' },
      { name: 'OldValue', type: 'anyType' },
      { name: 'NewValue', type: 'anyType' },
    ],
    { createable: false, updateable: false, undeletable: false, historyOf: 'Account' },
  ),
  entity(
    'Contact',
    '003',
    [
      {
        name: 'AccountId',
        type: 'reference',
        referenceTo: ['Account'],
        relationshipName: 'Account',
        childRelationshipName: 'Contacts',
        deleteRule: { '*': 'cascade' },
      },
      {
        name: 'ReportsToId',
        type: 'reference',
        referenceTo: ['Contact'],
        relationshipName: 'ReportsTo',
        childRelationshipName: 'Reports',
      },
      { name: 'Salutation', type: 'picklist', picklistValues: values('Mr.', 'Ms.'), compoundFieldName: 'Name' },
      { name: 'FirstName', type: 'string', length: 40, compoundFieldName: 'Name' },
      { name: 'LastName', type: 'string', length: 80, nillable: false, compoundFieldName: 'Name' },
      { ...name, length: 121, createable: false, updateable: false },
      { name: 'Email', type: 'email', length: 80 },
      { name: 'Birthdate', type: 'date' },
      { name: 'HasOptedOut', type: 'boolean' },
      { name: 'Interests__c', type: 'multipicklist', custom: true, picklistValues: values('Art', 'Music', 'Sport') },
      { name: 'Key__c', type: 'string', length: 20, custom: true, externalId: true, unique: true, idLookup: true },
      { name: 'Code__c', type: 'string', length: 20, custom: true, externalId: true, idLookup: true },
      owner,
    ],
    { mergeable: true },
  ),
  entity('Lead', '00Q', [name, owner]),
];

const records: readonly ObjectDefinition[] = [
  entity(
    'Case',
    '500',
    [
      {
        name: 'CaseNumber',
        type: 'string',
        autoNumberFormat: '{00000000}',
        nameField: true,
        createable: false,
        updateable: false,
        nillable: false,
      },
      {
        name: 'ContactId',
        type: 'reference',
        referenceTo: ['Contact'],
        relationshipName: 'Contact',
        childRelationshipName: 'Cases',
        deleteRule: { '*': 'restrict' },
      },
      { name: 'Status', type: 'picklist', picklistValues: values('New', 'Closed') },
      { name: 'IsClosed', type: 'boolean', createable: false, updateable: false },
      owner,
    ],
    { label: 'Case', labelPlural: 'Cases' },
  ),
  entity(
    'Opportunity',
    '006',
    [
      name,
      {
        name: 'AccountId',
        type: 'reference',
        referenceTo: ['Account'],
        relationshipName: 'Account',
        childRelationshipName: 'Opportunities',
        deleteRule: { '*': 'cascade' },
      },
      {
        name: 'StageName',
        type: 'picklist',
        nillable: false,
        picklistValues: values('Prospecting', 'Closed Won', 'Closed Lost'),
      },
      { name: 'IsWon', type: 'boolean', createable: false, updateable: false },
      { name: 'IsClosed', type: 'boolean', createable: false, updateable: false },
      { name: 'Amount', type: 'currency', precision: 18, scale: 2 },
      owner,
    ],
    { labelPlural: 'Opportunities' },
  ),
  entity('Task', '00T', [
    { ...name, name: 'Subject', nillable: true },
    {
      name: 'WhoId',
      type: 'reference',
      referenceTo: ['Contact', 'Lead'],
      relationshipName: 'Who',
      childRelationshipName: 'Tasks',
      deleteRule: { '*': 'cascade' },
    },
    owner,
  ]),
  entity(
    'Gift__c',
    'a00',
    [
      { ...name, nillable: true, defaultedOnCreate: true },
      {
        name: 'Household__c',
        type: 'reference',
        custom: true,
        referenceTo: ['Account'],
        relationshipName: 'Household__r',
        childRelationshipName: 'Gifts__r',
        masterDetail: true,
        nillable: false,
        updateable: false,
        deleteRule: { '*': 'cascade' },
      },
      {
        name: 'Donor__c',
        type: 'reference',
        custom: true,
        referenceTo: ['Contact'],
        relationshipName: 'Donor__r',
        childRelationshipName: 'Gifts__r',
      },
      { name: 'Amount__c', type: 'currency', custom: true, precision: 18, scale: 2 },
      { name: 'Status__c', type: 'picklist', custom: true, picklistValues: values('Pledged', 'Posted') },
      { name: 'Given__c', type: 'datetime', custom: true },
    ],
    { labelPlural: 'Gifts' },
  ),
  entity('Secret__c', 'a01', [{ ...name, nillable: true, defaultedOnCreate: true }, owner], {
    sharingModel: 'Private',
  }),
];

const files: readonly ObjectDefinition[] = [
  entity(
    'ContentDocument',
    '069',
    [
      { ...name, name: 'Title', length: 255 },
      {
        name: 'LatestPublishedVersionId',
        type: 'reference',
        referenceTo: ['ContentVersion'],
        relationshipName: 'LatestPublishedVersion',
        deleteRule: { '*': 'none' },
      },
      { name: 'FileExtension', type: 'string', length: 40 },
      { name: 'ContentSize', type: 'int' },
      owner,
    ],
    { createable: false },
  ),
  entity(
    'ContentVersion',
    '068',
    [
      {
        name: 'ContentDocumentId',
        type: 'reference',
        referenceTo: ['ContentDocument'],
        relationshipName: 'ContentDocument',
        childRelationshipName: 'ContentVersions',
        deleteRule: { '*': 'cascade' },
      },
      { ...name, name: 'Title', length: 255, nillable: true },
      { name: 'PathOnClient', type: 'string', length: 500 },
      { name: 'FileExtension', type: 'string', length: 40 },
      { name: 'VersionData', type: 'base64' },
      { name: 'VersionNumber', type: 'string', length: 20 },
      { name: 'IsLatest', type: 'boolean', createable: false, updateable: false },
      { name: 'ContentSize', type: 'int' },
      { name: 'Checksum', type: 'string', length: 50 },
      {
        name: 'FirstPublishLocationId',
        type: 'reference',
        referenceTo: ['Account', 'Contact', 'User', 'Secret__c'],
        relationshipName: 'FirstPublishLocation',
        deleteRule: { '*': 'none' },
      },
      owner,
    ],
    { deletable: false },
  ),
  entity(
    'ContentDocumentLink',
    '06A',
    [
      {
        name: 'ContentDocumentId',
        type: 'reference',
        referenceTo: ['ContentDocument'],
        relationshipName: 'ContentDocument',
        childRelationshipName: 'ContentDocumentLinks',
        nillable: false,
        deleteRule: { '*': 'cascade' },
      },
      {
        name: 'LinkedEntityId',
        type: 'reference',
        referenceTo: ['Account', 'Contact', 'User', 'Secret__c'],
        relationshipName: 'LinkedEntity',
        childRelationshipName: 'ContentDocumentLinks',
        nillable: false,
        deleteRule: { '*': 'cascade' },
      },
      { name: 'ShareType', type: 'picklist' },
      { name: 'Visibility', type: 'picklist' },
    ],
    { undeletable: false },
  ),
];

/** A small invented schema with every kind of relationship the engine knows. */
export const registryOf = (): SchemaRegistry => {
  const registry = emptyRegistry();
  for (const object of [...people, ...records, ...files]) registry.put(object);
  return registry;
};
