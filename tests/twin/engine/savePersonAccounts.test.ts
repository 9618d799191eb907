import { beforeAll, describe, expect, it } from '@jest/globals';
import { field } from '../metadata/packages.ts';
import { deployedOrg, onObject, type DeployedOrg } from './deployedOrg.ts';

describe('person accounts', () => {
  let org: DeployedOrg;
  let account = '';
  let contact = '';
  beforeAll(() => {
    org = deployedOrg({ personAccounts: true });
    org.deploy(...onObject('Contact', field('Level__c', 'Text', '<length>20</length>'), 'Level__c'));
    [account = ''] = org.insert('Account', {
      Salutation: 'Ms.',
      FirstName: 'Zoé',
      LastName: 'Ménard',
      PersonEmail: 'zoe@asso.example',
      Phone: '+33 1 00 00 00 01',
      Level__pc: 'gold',
    });
    contact = String(org.read('Account', account, 'PersonContactId')['PersonContactId']);
  });

  it('are an account and a contact, in step from the start', () => {
    expect(org.read('Account', account, 'Name', 'IsPersonAccount', 'RecordTypeId')).toMatchObject({
      Name: 'Zoé Ménard',
      IsPersonAccount: true,
      RecordTypeId: org.query('SELECT Id FROM RecordType WHERE IsPersonType = true')[0]?.['Id'],
    });
    expect(
      org.query(`SELECT Id, Name, Email, Level__c, Phone, IsPersonAccount, Account.PersonEmail FROM Contact`),
    ).toMatchObject([
      {
        Id: contact,
        Name: 'Zoé Ménard',
        Email: 'zoe@asso.example',
        Level__c: 'gold',
        Phone: '+33 1 00 00 00 01',
        IsPersonAccount: true,
        Account: { PersonEmail: 'zoe@asso.example' },
      },
    ]);
  });

  it('carry changes over both ways', () => {
    expect(org.tryUpdate('Account', { Id: account, LastName: 'Roux', PersonMailingCity: 'Lyon' })).toBeUndefined();
    expect(org.read('Contact', contact, 'Name', 'MailingCity')).toMatchObject({
      Name: 'Zoé Roux',
      MailingCity: 'Lyon',
    });
    expect(org.tryUpdate('Contact', { Id: contact, FirstName: 'Léa', Level__c: null })).toBeUndefined();
    expect(org.read('Account', account, 'Name', 'FirstName', 'Level__pc')).toMatchObject({
      Name: 'Léa Roux',
      FirstName: 'Léa',
      Level__pc: null,
    });
  });

  it('have no name of their own to write, and businesses none of a person', () => {
    const bad = (name: string) => ({
      statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      message: `Account: bad field names on insert/update call: ${name}`,
      fields: [name],
    });
    expect(org.tryUpdate('Account', { Id: account, Name: 'Someone' })).toEqual(bad('Name'));
    const [business = ''] = org.insert('Account', { Name: 'Les Amis' });
    expect(org.tryUpdate('Account', { Id: business, PersonEmail: 'a@asso.example' })).toEqual(bad('PersonEmail'));
    expect(org.read('Account', business, 'Name', 'IsPersonAccount', 'PersonContactId')).toMatchObject({
      Name: 'Les Amis',
      IsPersonAccount: false,
      PersonContactId: null,
    });
  });

  it('need a last name, and businesses a name', () => {
    expect(org.tryInsert('Account', {})?.errors).toMatchObject([{ message: 'Required fields are missing: [Name]' }]);
    const [type] = org.query('SELECT Id FROM RecordType WHERE IsPersonType = true');
    const errors = org.tryInsert('Account', { RecordTypeId: String(type?.['Id']), FirstName: 'x' })?.errors;
    expect(errors).toMatchObject([{ message: 'Required fields are missing: [LastName]' }]);
  });

  it('keep their contact where it is', () => {
    const [business = ''] = org.insert('Account', { Name: 'Les Autres' });
    expect(org.tryUpdate('Contact', { Id: contact, AccountId: business })).toMatchObject({
      statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
    });
    expect(org.tryInsert('Contact', { LastName: 'x', AccountId: account })?.errors[0]?.fields).toEqual(['AccountId']);
  });

  it('are refused by name when they would become businesses', () => {
    const business = org.registry.object('Account')?.recordTypes?.find((type) => type.person !== true)?.id;
    expect(org.tryUpdate('Account', { Id: account, RecordTypeId: business ?? null })?.statusCode).toBe('NOT_EMULATED');
  });

  it('take their contact along when they are deleted', () => {
    const [other = ''] = org.insert('Account', { LastName: 'Bref' });
    const id = String(org.read('Account', other, 'PersonContactId')['PersonContactId']);
    expect(org.engine.delete(org.admin, [other], { allOrNone: true })[0]?.success).toBe(true);
    expect(org.query(`SELECT Id FROM Contact WHERE Id = '${id}'`)).toEqual([]);
  });
});
