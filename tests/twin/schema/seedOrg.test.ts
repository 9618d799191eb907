import { describe, expect, it } from '@jest/globals';
import { freshOrg } from './freshOrg.ts';

const org = freshOrg('npsp');

const row = (object: string, field: string, value: string) => org.store.find(object, field, value)[0];

describe('a fresh org', () => {
  it('looks like production: no sandbox, no trial, consent management on', () => {
    expect(org.store.readRow('Organization', org.seeded.orgId)).toMatchObject({
      IsSandbox: false,
      TrialExpirationDate: null,
      NamespacePrefix: null,
      OrganizationType: 'Enterprise Edition',
      PreferencesConsentManagementEnabled: true,
    });
  });

  it('has its fixture users on a reserved domain, each active with a profile', () => {
    expect(Object.keys(org.seeded.users)).toEqual([
      'admin',
      'officer',
      'loader',
      'noSpecialField',
      'noFiles',
      'hiddenHold',
    ]);
    for (const { username, userId } of Object.values(org.seeded.users)) {
      expect(username).toMatch(/\.example$/);
      const user = org.store.readRow('User', userId);
      expect(user?.['IsActive']).toBe(true);
      expect(org.store.readRow('Profile', String(user?.['ProfileId']))).toBeDefined();
    }
  });

  it('keeps the dangerous permissions from the administrator', () => {
    const admin = org.access('admin');
    expect(['ModifyAllData', 'ViewSetup', 'QueryAllFiles'].map((name) => admin.has(name))).toEqual([true, true, true]);
    expect(['BulkApiHardDelete', 'CreateAuditFields', 'DeleteFieldHistory'].map((name) => admin.has(name))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('gives each completeness fixture its one blind spot', () => {
    expect(org.access('noSpecialField').field('Contact', 'Religion__c').read).toBe(false);
    expect(org.access('noSpecialField').object('Legal_Hold__c').read).toBe(true);
    expect(org.access('noFiles').has('QueryAllFiles')).toBe(false);
    expect(org.access('noFiles').field('Contact', 'Religion__c').read).toBe(true);
    expect(org.access('hiddenHold').object('Legal_Hold__c').read).toBe(false);
    expect(org.access('hiddenHold').object('Contact')).toMatchObject({ viewAll: true, modifyAll: true });
    expect(org.access('loader').has('CreateAuditFields')).toBe(true);
  });

  it('has one permission set per profile, named as one', () => {
    for (const profile of org.store.iterate('Profile')) {
      const own = org.store.find('PermissionSet', 'ProfileId', profile['Id'] ?? null);
      expect(own.map((set) => [set['IsOwnedByProfile'], set['Type']])).toEqual([[true, 'Profile']]);
    }
  });

  it('keeps field permissions of compounds, never of their parts', () => {
    expect(row('FieldPermissions', 'Field', 'Contact.MailingAddress')).toBeDefined();
    expect(row('FieldPermissions', 'Field', 'Contact.MailingCity')).toBeUndefined();
    expect(row('FieldPermissions', 'Field', 'Contact.LastName')).toBeUndefined();
  });

  it('lists the installed packages both ways', () => {
    expect(org.store.count('PackageLicense')).toBe(6);
    const installed = [...org.store.iterate('InstalledSubscriberPackage')].map((each) => {
      const packaged = org.store.readRow('SubscriberPackage', String(each['SubscriberPackageId']));
      return packaged?.['NamespacePrefix'];
    });
    expect(installed).toContain('npsp');
    expect(freshOrg('bare').store.count('PackageLicense')).toBe(0);
  });

  it('takes another name for the organisation', () => {
    expect(org.store.readRow('Organization', org.seeded.orgId)?.['Name']).toContain('exemple');
  });
});
