import { describe, expect, it } from '@jest/globals';
import { computeAccess } from '../../../scripts/twin/schema/access.ts';
import { freshOrg, NOW } from './freshOrg.ts';

const org = freshOrg('npsp');

const newSet = (name: string, columns: Record<string, boolean> = {}): string =>
  org.store.insertRaw('PermissionSet', { Name: name, Label: name, IsOwnedByProfile: false, ...columns });

const grantField = (set: string, field: string, edit = false): void => {
  org.store.insertRaw('FieldPermissions', {
    ParentId: set,
    SobjectType: field.split('.')[0] ?? '',
    Field: field,
    PermissionsRead: true,
    PermissionsEdit: edit,
  });
};

const newUser = (name: string, sets: readonly string[]): string => {
  const profile = org.store.find('Profile', 'Name', 'Minimum Access - API Only Integrations')[0]?.['Id'] ?? null;
  const id = org.store.insertRaw('User', { Username: `${name}@x.example`, ProfileId: profile, IsActive: true });
  for (const set of sets) org.store.insertRaw('PermissionSetAssignment', { AssigneeId: id, PermissionSetId: set });
  return id;
};

const accessOf = (id: string, now = NOW) => computeAccess(org.registry, org.store, id, now);

describe('what a user may do', () => {
  it('is the union of the profile and every assigned set', () => {
    const read = newSet('ReadContacts');
    org.store.insertRaw('ObjectPermissions', { ParentId: read, SobjectType: 'Contact', PermissionsRead: true });
    grantField(read, 'Contact.Email');
    const edit = newSet('EditPhones');
    org.store.insertRaw('ObjectPermissions', {
      ParentId: edit,
      SobjectType: 'Contact',
      PermissionsRead: true,
      PermissionsEdit: true,
    });
    grantField(edit, 'Contact.Phone', true);
    const access = accessOf(newUser('union', [read, edit]));
    expect(access.object('contact')).toMatchObject({ read: true, edit: true, create: false, viewAll: false });
    expect(access.field('Contact', 'Email')).toEqual({ read: true, edit: false });
    expect(access.field('Contact', 'Phone')).toEqual({ read: true, edit: true });
    expect(access.field('Contact', 'MobilePhone')).toEqual({ read: false, edit: false });
    expect(access.has('ApiEnabled')).toBe(true);
  });

  it('opens every object with View All Data, but no field', () => {
    const access = accessOf(newUser('viewer', [newSet('ViewAll', { PermissionsViewAllData: true })]));
    expect(access.object('Legal_Hold__c')).toEqual({
      read: true,
      create: false,
      edit: false,
      delete: false,
      viewAll: true,
      modifyAll: false,
    });
    expect(access.field('Contact', 'Religion__c')).toEqual({ read: false, edit: false });
    expect(access.field('Contact', 'LastName').read).toBe(true);
  });

  it('reads required, system and master-detail fields with the object', () => {
    const access = accessOf(newUser('modifier', [newSet('ModifyAll', { PermissionsModifyAllData: true })]));
    for (const path of [
      'Contact.Id',
      'Contact.OwnerId',
      'Lead.Company',
      'npe01__OppPayment__c.npe01__Opportunity__c',
    ]) {
      const [object = '', field = ''] = path.split('.');
      expect([path, access.field(object, field).read]).toEqual([path, true]);
    }
  });

  it('gives the parts of an address the security of the address', () => {
    const set = newSet('Addresses', { PermissionsViewAllData: true });
    grantField(set, 'Contact.MailingAddress');
    const access = accessOf(newUser('addresses', [set]));
    expect(access.field('Contact', 'MailingCity').read).toBe(true);
    expect(access.field('Contact', 'OtherCity').read).toBe(false);
  });

  it('sees every field of an object with View All Fields', () => {
    const set = newSet('AllFields');
    org.store.insertRaw('ObjectPermissions', {
      ParentId: set,
      SobjectType: 'Contact',
      PermissionsRead: true,
      PermissionsViewAllFields: true,
    });
    const access = accessOf(newUser('fields', [set]));
    expect(access.field('Contact', 'Religion__c')).toEqual({ read: true, edit: false });
  });

  it('forgets an assignment past its expiry, and one that was revoked', () => {
    const set = newSet('Temporary', { PermissionsViewAllData: true });
    const user = newUser('temporary', []);
    const expires = new Date(NOW + 60_000).toISOString();
    org.store.insertRaw('PermissionSetAssignment', { AssigneeId: user, PermissionSetId: set, ExpirationDate: expires });
    expect(accessOf(user).has('ViewAllData')).toBe(true);
    expect(accessOf(user, NOW + 60_001).has('ViewAllData')).toBe(false);
    const revoked = newUser('revoked', []);
    org.store.insertRaw('PermissionSetAssignment', { AssigneeId: revoked, PermissionSetId: set, IsRevoked: true });
    expect(accessOf(revoked).has('ViewAllData')).toBe(false);
  });

  it('reaches the sets of an assigned group', () => {
    const set = newSet('InGroup', { PermissionsViewSetup: true });
    const group = org.store.insertRaw('PermissionSetGroup', { DeveloperName: 'G', MasterLabel: 'G' });
    org.store.insertRaw('PermissionSetGroupComponent', { PermissionSetGroupId: group, PermissionSetId: set });
    const user = newUser('grouped', []);
    org.store.insertRaw('PermissionSetAssignment', { AssigneeId: user, PermissionSetGroupId: group });
    expect(accessOf(user).has('ViewSetup')).toBe(true);
  });

  it('follows the parent for parts, and needs its own permission to delete history', () => {
    const officer = org.access('officer');
    expect(officer.object('CampaignMember')).toEqual(officer.object('Campaign'));
    expect(officer.object('ContactHistory')).toMatchObject({ read: true, edit: false, delete: false });
    const set = newSet('PurgeHistory', { PermissionsViewAllData: true, PermissionsDeleteFieldHistory: true });
    expect(accessOf(newUser('purger', [set])).object('ContactHistory').delete).toBe(true);
  });

  it('asks set-up permissions for set-up objects', () => {
    expect(org.access('officer').object('SetupAuditTrail').read).toBe(false);
    expect(org.access('admin').object('SetupAuditTrail').read).toBe(true);
    expect(org.access('officer').object('PermissionSetAssignment')).toMatchObject({ read: true, create: false });
    expect(org.access('admin').object('PermissionSetAssignment').create).toBe(true);
  });

  it('is nothing at all for an unknown user or object', () => {
    const nobody = accessOf('005000000000000AAA');
    expect(nobody.object('Contact').read).toBe(false);
    expect(nobody.field('Contact', 'Id').read).toBe(false);
    expect(org.access('admin').object('Nothing__c').read).toBe(false);
  });
});
