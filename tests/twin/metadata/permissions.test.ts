import { beforeAll, describe, expect, it } from '@jest/globals';
import type { MetadataFile } from '../../../scripts/twin/contract.ts';
import { computeAccess } from '../../../scripts/twin/schema/access.ts';
import { NOW } from '../schema/freshOrg.ts';
import { field, file, giftPackage, manifest, object, problems, testOrg, xml } from './packages.ts';

const org = testOrg();
beforeAll(() => {
  org.deploy(
    giftPackage(field('Amount__c', 'Date') + field('Key__c', 'Text', '<length>9</length><required>true</required>')),
  );
});

const setFiles = (name: string, body: string, label = `<label>${name}</label>`): readonly MetadataFile[] => [
  manifest({ PermissionSet: [name] }),
  file(`permissionsets/${name}.permissionset`, xml('PermissionSet', `${label}${body}`)),
];

const fieldPermission = (path: string, editable = false): string =>
  `<fieldPermissions><editable>${editable}</editable><field>${path}</field><readable>true</readable></fieldPermissions>`;

const objectPermission = (name: string, ...rights: readonly string[]): string =>
  `<objectPermissions>${rights.map((right) => `<${right}>true</${right}>`).join('')}<object>${name}</object></objectPermissions>`;

const userPermission = (name: string): string =>
  `<userPermissions><enabled>true</enabled><name>${name}</name></userPermissions>`;

describe('deploying a permission set', () => {
  it('grants objects, fields and system permissions to whom it is assigned', () => {
    const outcome = org.deploy(
      setFiles(
        'Gifts',
        objectPermission('Gift__c', 'allowRead', 'allowEdit') +
          fieldPermission('Gift__c.Amount__c', true) +
          fieldPermission('Contact.MailingAddress') +
          userPermission('BulkApiHardDelete'),
      ),
    );
    expect(problems(outcome)).toEqual([]);
    const set = org.store.find('PermissionSet', 'Name', 'Gifts')[0];
    const officer = org.userId('officer');
    org.store.insertRaw('PermissionSetAssignment', { AssigneeId: officer, PermissionSetId: set?.['Id'] ?? null });
    const access = computeAccess(org.registry, org.store, officer, NOW);
    expect(access.object('Gift__c')).toMatchObject({ read: true, edit: true, create: false, delete: false });
    expect(access.field('Gift__c', 'Amount__c')).toEqual({ read: true, edit: true });
    expect(access.has('BulkApiHardDelete')).toBe(true);
  });

  it('replaces what it granted before', () => {
    expect(problems(org.deploy(setFiles('Gifts', objectPermission('Gift__c', 'allowRead'))))).toEqual([]);
    const access = org.access('officer');
    expect(access.object('Gift__c')).toMatchObject({ read: true, edit: false });
    expect(access.field('Gift__c', 'Amount__c').read).toBe(false);
    expect(access.has('BulkApiHardDelete')).toBe(false);
    expect(org.store.find('PermissionSet', 'Name', 'Gifts')).toHaveLength(1);
  });

  it.each([
    ['an absent field', fieldPermission('Gift__c.No__c'), 'In field: field - no CustomField named Gift__c.No__c found'],
    ['a required field', fieldPermission('Gift__c.Key__c'), 'You cannot deploy to a required field: Gift__c.Key__c'],
    [
      'a required standard field',
      fieldPermission('Contact.LastName'),
      'You cannot deploy to a required field: Contact.LastName',
    ],
    ['an absent object', objectPermission('Giraffe__c', 'allowRead'), 'no CustomObject named Giraffe__c found'],
    [
      'edit without read',
      objectPermission('Gift__c', 'allowEdit'),
      'Permission Edit Gift__c depends on permission(s): Read Gift__c',
    ],
    ['an unknown user permission', userPermission('FlyToTheMoon'), 'Unknown user permission: FlyToTheMoon'],
    [
      'an absent tab',
      '<tabSettings><tab>Giraffe__c</tab><visibility>Visible</visibility></tabSettings>',
      'In field: tab - no CustomTab named Giraffe__c found',
    ],
    [
      'an absent application',
      '<applicationVisibilities><application>Zoo</application><visible>true</visible></applicationVisibilities>',
      'In field: application - no CustomApplication named Zoo found',
    ],
    [
      'an absent class',
      '<classAccesses><apexClass>Zoo</apexClass><enabled>true</enabled></classAccesses>',
      'In field: apexClass - no ApexClass named Zoo found',
    ],
    ['an unknown element', '<giraffes>2</giraffes>', 'giraffes invalid at this location in type PermissionSet'],
  ])('refuses %s, and keeps the set as it was', (_what, body, problem) => {
    const outcome = org.deploy(setFiles('Gifts', body));
    expect(problems(outcome).join()).toContain(problem);
    expect(outcome.failures[0]?.line).toBeGreaterThan(1);
    expect(org.access('officer').object('Gift__c').read).toBe(true);
  });

  it('asks a label of it', () => {
    expect(problems(org.deploy(setFiles('Gifts', '', ''))).join()).toContain('Required field is missing: label');
  });

  it('keeps permissions of the platform that it does not model', () => {
    expect(problems(org.deploy(setFiles('Odd', userPermission('ManageTranslation'))))).toEqual([]);
  });
});

describe('deploying a profile', () => {
  it('changes what it names and leaves the rest', () => {
    const name = 'Minimum Access - API Only Integrations';
    const body =
      objectPermission('Contact', 'allowRead') + fieldPermission('Contact.Email') + userPermission('RunReports');
    const outcome = org.deploy([
      manifest({ Profile: [name] }),
      file(`profiles/${encodeURIComponent(name)}.profile`, xml('Profile', body)),
    ]);
    expect(problems(outcome)).toEqual([]);
    const profile = org.store.find('Profile', 'Name', name)[0];
    const user = org.store.insertRaw('User', {
      Username: 'robot@x.example',
      ProfileId: profile?.['Id'] ?? null,
      IsActive: true,
    });
    const access = computeAccess(org.registry, org.store, user, NOW);
    expect(access.field('Contact', 'Email').read).toBe(true);
    expect(['RunReports', 'ApiEnabled', 'ViewSetup'].map((each) => access.has(each))).toEqual([true, true, false]);
  });

  it('does not make profiles', () => {
    const outcome = org.deploy([
      manifest({ Profile: ['New'] }),
      file('profiles/New.profile', xml('Profile', '<custom>true</custom>')),
    ]);
    expect(problems(outcome)).toEqual(['Profile New: NOT_EMULATED: creation of profile New']);
  });
});

describe('retrieving permissions', () => {
  it('answers what the rows say now, also after changes by hand', () => {
    org.deploy([
      manifest({ CustomObject: ['Coin__c'], PermissionSet: ['Coins'] }),
      file('objects/Coin__c.object', object(field('Side__c', 'Text', '<length>5</length>'))),
      file(
        'permissionsets/Coins.permissionset',
        xml(
          'PermissionSet',
          `<label>Coins</label>${objectPermission('Coin__c', 'allowRead')}${fieldPermission('Coin__c.Side__c')}`,
        ),
      ),
    ]);
    const row = org.store.find('FieldPermissions', 'Field', 'Coin__c.Side__c')[0];
    org.store.updateRaw('FieldPermissions', String(row?.['Id']), { PermissionsEdit: true });
    const { files } = org.metadata.retrieve([{ name: 'PermissionSet', members: ['Coins'] }]);
    expect(Buffer.from(files[0]?.content ?? []).toString()).toContain(
      '<editable>true</editable>\n        <field>Coin__c.Side__c</field>',
    );
  });
});
