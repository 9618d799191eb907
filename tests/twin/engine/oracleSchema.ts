import type { FieldInput } from '../../../scripts/twin/schema/defineField.ts';
import type { DeleteRule, SchemaRegistry } from '../../../scripts/twin/schema/definitions.ts';
import { emptyRegistry } from '../../../scripts/twin/schema/registry.ts';
import { entity } from './associationSchema.ts';

/** A lookup as the oracle knows it. */
export type OracleLookup = {
  readonly field: string;
  readonly to: readonly string[];
  readonly rule: DeleteRule;
  /** Undelete fills it again when nothing replaced it (the documented list, and custom lookups). */
  readonly restored?: boolean;
  readonly required?: boolean;
  readonly masterDetail?: boolean;
};

export type OracleObject = {
  readonly name: string;
  readonly prefix: string;
  readonly lookups: readonly OracleLookup[];
  readonly mergeable?: boolean;
  readonly undeletable?: false;
  /** A row may exist once per value of these. */
  readonly once?: readonly [string, string];
};

/** Every kind of lookup that a delete, an undelete or a merge treats in its own way. */
export const oracleObjects: readonly OracleObject[] = [
  {
    name: 'Account',
    prefix: '001',
    mergeable: true,
    lookups: [{ field: 'ParentId', to: ['Account'], rule: 'set-null', restored: true }],
  },
  {
    name: 'Contact',
    prefix: '003',
    mergeable: true,
    lookups: [
      { field: 'AccountId', to: ['Account'], rule: 'cascade' },
      { field: 'ReportsToId', to: ['Contact'], rule: 'set-null', restored: true },
    ],
  },
  {
    name: 'Case',
    prefix: '500',
    lookups: [
      { field: 'ContactId', to: ['Contact'], rule: 'restrict' },
      { field: 'AccountId', to: ['Account'], rule: 'restrict' },
    ],
  },
  { name: 'Campaign', prefix: '701', lookups: [] },
  {
    name: 'Opportunity',
    prefix: '006',
    lookups: [
      { field: 'AccountId', to: ['Account'], rule: 'cascade' },
      { field: 'CampaignId', to: ['Campaign'], rule: 'set-null' },
    ],
  },
  {
    name: 'CampaignMember',
    prefix: '00v',
    undeletable: false,
    once: ['CampaignId', 'ContactId'],
    lookups: [
      { field: 'CampaignId', to: ['Campaign'], rule: 'cascade', required: true },
      { field: 'ContactId', to: ['Contact'], rule: 'cascade', required: true },
    ],
  },
  {
    name: 'Task',
    prefix: '00T',
    lookups: [
      { field: 'WhoId', to: ['Contact'], rule: 'cascade' },
      { field: 'WhatId', to: ['Account', 'Opportunity', 'Campaign'], rule: 'cascade' },
    ],
  },
  {
    name: 'Gift__c',
    prefix: 'a00',
    lookups: [
      { field: 'Household__c', to: ['Account'], rule: 'cascade', required: true, masterDetail: true },
      { field: 'Donor__c', to: ['Contact'], rule: 'set-null', restored: true },
    ],
  },
  {
    name: 'Receipt__c',
    prefix: 'a01',
    lookups: [
      { field: 'Gift__c', to: ['Gift__c'], rule: 'cascade', required: true, masterDetail: true },
      { field: 'Campaign__c', to: ['Campaign'], rule: 'cascade', required: true, masterDetail: true },
    ],
  },
];

const fieldOf = (lookup: OracleLookup): FieldInput => ({
  name: lookup.field,
  type: 'reference',
  custom: lookup.field.endsWith('__c'),
  referenceTo: lookup.to,
  relationshipName: lookup.field.replace(/Id$/, '').replace(/__c$/, '__r'),
  deleteRule: { '*': lookup.rule },
  nillable: lookup.required !== true,
  masterDetail: lookup.masterDetail === true,
});

const masterRecord: FieldInput = {
  name: 'MasterRecordId',
  type: 'reference',
  createable: false,
  updateable: false,
  deleteRule: { '*': 'none' },
};

const extra: Readonly<Record<string, readonly FieldInput[]>> = {
  Account: [
    { ...masterRecord, referenceTo: ['Account'] },
    {
      name: 'Total__c',
      type: 'double',
      custom: true,
      precision: 18,
      scale: 0,
      rollUp: {
        childObject: 'Gift__c',
        childField: 'Household__c',
        operation: 'sum',
        summarizedField: 'Amount__c',
        filters: [],
      },
    },
  ],
  Contact: [{ ...masterRecord, referenceTo: ['Contact'] }],
  Opportunity: [{ name: 'IsWon', type: 'boolean' }],
  Gift__c: [{ name: 'Amount__c', type: 'double', custom: true, precision: 18, scale: 0 }],
};

/** The same objects for the engine. */
export const oracleRegistry = (): SchemaRegistry => {
  const registry = emptyRegistry();
  registry.put(entity('User', '005', [{ name: 'Name', type: 'string', nameField: true }]));
  for (const object of oracleObjects) {
    const name: FieldInput = { name: 'Name', type: 'string', length: 80, nameField: true };
    registry.put(
      entity(object.name, object.prefix, [name, ...object.lookups.map(fieldOf), ...(extra[object.name] ?? [])], {
        mergeable: object.mergeable === true,
        undeletable: object.undeletable !== false,
        labelPlural: `${object.name}s`,
      }),
    );
  }
  return registry;
};
