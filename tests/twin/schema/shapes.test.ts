import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createRegistry, shapePackages } from '../../../scripts/twin/schema/createRegistry.ts';
import type { ObjectDefinition, SchemaRegistry } from '../../../scripts/twin/schema/definitions.ts';
import { checkShape } from '../../../scripts/twin/schema/shapeFile.ts';

const shapes = { bare: createRegistry('bare'), npsp: createRegistry('npsp') } as const;

const rule = (registry: SchemaRegistry, parent: string, path: string): string | undefined => {
  const [object, field] = path.split('.');
  return registry.children(parent).find((child) => child.childObject === object && child.field === field)?.deleteRule;
};

const duplicates = (values: readonly string[]): readonly string[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

describe('shape files', () => {
  const file = (name: string): unknown =>
    JSON.parse(readFileSync(new URL(`../../../config/shapes/${name}.json`, import.meta.url), 'utf8'));

  it.each(Object.keys(shapes))('%s is written in the notation', (name) => {
    expect(checkShape(file(name))).toBe('');
  });

  it('that are broken have every problem named with its path', () => {
    const problems = checkShape({ format: 1, about: '', apiVersion: 66, picklists: {}, objects: { A: { fields: 1 } } });
    expect(problems).toContain('objects.A.fields');
  });
});

describe.each(Object.entries(shapes))('the shape %s', (_name, registry) => {
  const objects = registry.objects();
  const named = (object: ObjectDefinition, field: string): string => `${object.name}.${field}`;

  it('refers only to objects it has', () => {
    const dangling = objects.flatMap((object) =>
      object.fields.flatMap((field) =>
        field.referenceTo
          .filter((target) => registry.object(target) === undefined)
          .map(() => named(object, field.name)),
      ),
    );
    expect(dangling).toEqual([]);
  });

  it('has no two fields, prefixes or child relationships of one name', () => {
    for (const object of objects) {
      expect([object.name, duplicates(object.fields.map((field) => field.name.toLowerCase()))]).toEqual([
        object.name,
        [],
      ]);
      const relationships = registry.children(object.name).flatMap((child) => child.relationshipName ?? []);
      expect([object.name, duplicates(relationships)]).toEqual([object.name, []]);
    }
    const prefixes = objects
      .filter((object) => object.historyOf === undefined)
      .flatMap((object) => object.keyPrefix ?? []);
    expect(duplicates(prefixes)).toEqual([]);
  });

  it('gives every reference a target and every component its compound', () => {
    for (const object of objects) {
      for (const field of object.fields) {
        if (field.type === 'reference')
          expect([named(object, field.name), field.referenceTo.length > 0]).toEqual([named(object, field.name), true]);
        if (field.compoundFieldName !== undefined) {
          expect([
            named(object, field.name),
            registry.field(object.name, field.compoundFieldName) !== undefined,
          ]).toEqual([named(object, field.name), true]);
        }
      }
    }
  });

  it('names at most one field as the record name', () => {
    const several = objects.filter((object) => object.fields.filter((field) => field.nameField).length > 1);
    expect(several.map((object) => object.name)).toEqual([]);
  });

  it('rolls up only existing fields of details', () => {
    const rollUps = objects.flatMap((object) => object.fields.flatMap((field) => field.rollUp ?? []));
    const missing = rollUps.flatMap((rollUp) =>
      [rollUp.childField, rollUp.summarizedField, ...rollUp.filters.map((filter) => filter.field)]
        .filter((name) => name !== undefined)
        .filter((name) => registry.field(rollUp.childObject, name) === undefined),
    );
    expect(missing).toEqual([]);
    expect(rollUps.every((rollUp) => registry.field(rollUp.childObject, rollUp.childField)?.masterDetail)).toBe(true);
  });
});

describe('delete rules of the shapes', () => {
  // As describes of real orgs answer them (docs/twin/schema.md names the sources).
  it.each([
    ['Contact', 'Case.ContactId', 'restrict'],
    ['Contact', 'AuthorizationFormConsent.ConsentGiverId', 'restrict'],
    ['Contact', 'Order.BillToContactId', 'restrict'],
    ['Contact', 'CampaignMember.ContactId', 'cascade'],
    ['Contact', 'OpportunityContactRole.ContactId', 'cascade'],
    ['Contact', 'Task.WhoId', 'cascade'],
    ['Contact', 'Opportunity.ContactId', 'set-null'],
    ['Account', 'Contact.AccountId', 'cascade'],
    ['Account', 'Case.AccountId', 'restrict'],
    ['Account', 'Contract.AccountId', 'cascade'],
    ['Account', 'Account.ParentId', 'set-null'],
    ['Individual', 'Contact.IndividualId', 'restrict'],
    ['Individual', 'Lead.IndividualId', 'restrict'],
    ['Individual', 'PartyConsent.PartyId', 'restrict'],
    ['Individual', 'ContactPointTypeConsent.PartyId', 'restrict'],
    ['Individual', 'ContactPointEmail.ParentId', 'cascade'],
    ['ContactPointEmail', 'ContactPointConsent.ContactPointId', 'restrict'],
    ['ContentDocument', 'ContentVersion.ContentDocumentId', 'cascade'],
    ['ContentDocument', 'AuthorizationFormText.ContentDocumentId', 'restrict'],
    ['Lead', 'CampaignMember.LeadId', 'cascade'],
    ['Campaign', 'Opportunity.CampaignId', 'set-null'],
    ['User', 'Contact.CreatedById', 'none'],
  ])('of %s for %s is %s', (parent, path, expected) => {
    expect(rule(shapes.bare, parent, path)).toBe(expected);
  });

  it.each([
    ['Contact', 'npe4__Relationship__c.npe4__Contact__c', 'cascade'],
    ['Contact', 'npe5__Affiliation__c.npe5__Contact__c', 'cascade'],
    ['Contact', 'npe03__Recurring_Donation__c.npe03__Contact__c', 'set-null'],
    ['Account', 'npsp__Account_Soft_Credit__c.npsp__Account__c', 'restrict'],
    ['npsp__General_Accounting_Unit__c', 'npsp__Allocation__c.npsp__General_Accounting_Unit__c', 'restrict'],
    ['Opportunity', 'npe01__OppPayment__c.npe01__Opportunity__c', 'cascade'],
    ['Contact', 'Legal_Hold__c.Contact__c', 'set-null'],
  ])('of %s for %s is %s in npsp', (parent, path, expected) => {
    expect(rule(shapes.npsp, parent, path)).toBe(expected);
  });

  it('keep a cascade that activated contracts refuse', () => {
    expect(shapes.bare.field('Contract', 'AccountId')?.deleteRefusedWhen).toEqual({
      field: 'StatusCode',
      values: ['Activated'],
    });
  });
});

describe('the files of the shapes', () => {
  it('stay compact', () => {
    const size = (name: string): number =>
      statSync(new URL(`../../../config/shapes/${name}.json`, import.meta.url)).size;
    expect(size('bare')).toBeLessThan(350_000);
    expect(size('npsp')).toBeLessThan(250_000);
  });

  it('name the packages of npsp and none of bare', () => {
    expect(shapePackages('bare')).toEqual([]);
    expect(shapePackages('npsp').map((each) => each.namespace)).toEqual([
      'npe01',
      'npo02',
      'npe03',
      'npe4',
      'npe5',
      'npsp',
    ]);
  });
});
