import { beforeAll, describe, expect, it } from '@jest/globals';
import type { InputRow } from '../../../scripts/twin/contract.ts';
import { association, type Association } from './association.ts';

const partial = { allOrNone: false };

describe('saving rows', () => {
  let org: Association;
  beforeAll(() => {
    org = association();
  });

  const errorOf = (object: string, row: InputRow, session = org.admin) =>
    org.engine.insert(session, object, [row], partial)[0]?.errors[0];

  it('answers field names in canonical case, trims text and fills system fields', () => {
    const [id] = org.insert('account', { name: '  Les Amis  ', RATING: 'hot' });
    expect(org.engine.retrieve(org.admin, 'Account', id!)).toMatchObject({
      attributes: { type: 'Account', url: `/services/data/v66.0/sobjects/Account/${id!}` },
      Id: id,
      Name: 'Les Amis',
      Rating: 'Hot',
      OwnerId: org.admin.userId,
      CreatedDate: '2026-03-10T09:30:00.000Z',
      IsDeleted: false,
    });
  });

  it.each<[string, string, InputRow, string, string, readonly string[]]>([
    [
      'an unknown field',
      'Account',
      { Name: 'x', Foo: 1 },
      'INVALID_FIELD',
      "No such column 'Foo' on sobject of type Account",
      ['Foo'],
    ],
    [
      'a missing required field',
      'Contact',
      { FirstName: 'x' },
      'REQUIRED_FIELD_MISSING',
      'Required fields are missing: [LastName]',
      ['LastName'],
    ],
    [
      'a bad picklist value',
      'Account',
      { Name: 'x', Rating: 'Terrible' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Rating: bad value for restricted picklist field: Terrible',
      ['Rating'],
    ],
    [
      'a text that is too long',
      'Contact',
      { LastName: 'x', Key__c: 'a'.repeat(21) },
      'STRING_TOO_LONG',
      `Key__c: data value too large: ${'a'.repeat(21)} (max length=20)`,
      ['Key__c'],
    ],
    [
      'a number in a text field',
      'Account',
      { Name: 12 },
      'INVALID_TYPE_ON_FIELD_IN_RECORD',
      'Name: value not of required type: 12',
      ['Name'],
    ],
    [
      'a day that does not exist',
      'Contact',
      { LastName: 'x', Birthdate: '2025-02-29' },
      'INVALID_TYPE_ON_FIELD_IN_RECORD',
      'Birthdate: value not of required type: 2025-02-29',
      ['Birthdate'],
    ],
    [
      'an e-mail address that is none',
      'Contact',
      { LastName: 'x', Email: 'a@b' },
      'INVALID_EMAIL_ADDRESS',
      'Email: invalid email address: a@b',
      ['Email'],
    ],
    [
      'a number out of range',
      'Opportunity',
      { Name: 'x', StageName: 'Prospecting', Amount: 1e17 },
      'NUMBER_OUTSIDE_VALID_RANGE',
      'Amount: value outside of valid range on numeric field: 100000000000000000',
      ['Amount'],
    ],
    [
      'a malformed id',
      'Contact',
      { LastName: 'x', AccountId: '001xx' },
      'MALFORMED_ID',
      'Account ID: id value of incorrect type: 001xx',
      ['AccountId'],
    ],
    [
      'an id of no row',
      'Contact',
      { LastName: 'x', AccountId: '001Gd0000zzzzzz' },
      'INVALID_CROSS_REFERENCE_KEY',
      'invalid cross reference id',
      [],
    ],
    [
      'a computed field',
      'Account',
      { Name: 'x', Gifts__c: 4 },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'Unable to create/update fields: Gifts__c. Please check the security settings of this field and verify that it is read/write for your profile or permission set.',
      ['Gifts__c'],
    ],
    [
      'an id on insert',
      'Account',
      { Name: 'x', Id: '001000000000001' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'cannot specify Id in an insert call',
      ['Id'],
    ],
  ])('refuses %s', (_what, object, row, ...error) => {
    const [statusCode, message, fields] = error;
    expect(errorOf(object, row)).toEqual({ statusCode, message, fields });
  });

  it('derives a compound Name, and keeps it in step', () => {
    const [id] = org.insert('Contact', { FirstName: 'Zoé', LastName: 'Ménard' });
    org.engine.update(org.admin, 'Contact', [{ Id: id!, LastName: 'Roux' }], partial);
    expect(org.engine.retrieve(org.admin, 'Contact', id!, ['Name'])).toMatchObject({ Name: 'Zoé Roux' });
  });

  it('numbers on, also past numbers that were loaded and numbers that were rolled back', () => {
    org.engine.adminLoad('Case', [{ CaseNumber: '00000041' }]);
    const results = org.engine.insert(org.admin, 'Case', [{ Status: 'New' }, { ContactId: 'nonsense' }], {
      allOrNone: true,
    });
    expect(results.map((result) => result.errors[0]?.statusCode)).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'MALFORMED_ID',
    ]);
    const [id] = org.insert('Case', { Status: 'Closed' });
    expect(org.engine.retrieve(org.admin, 'Case', id!, ['CaseNumber', 'IsClosed'])).toMatchObject({
      CaseNumber: '00000043',
      IsClosed: true,
    });
  });

  it('refuses a second row with a unique value, in any case, and names the first', () => {
    const [id] = org.insert('Contact', { LastName: 'x', Key__c: 'k-1' });
    expect(errorOf('Contact', { LastName: 'y', Key__c: 'K-1' })).toMatchObject({
      statusCode: 'DUPLICATE_VALUE',
      message: `duplicate value found: Key__c duplicates value on record with id: ${id!.slice(0, 15)}`,
    });
  });

  it('leaves nothing of a request whose rows must all be saved', () => {
    const before = { accounts: org.count('Account'), journal: org.engine.journal(0).length };
    const results = org.engine.insert(org.admin, 'Account', [{ Name: 'a' }, { Rating: 'Hot' }], { allOrNone: true });
    expect(results.map((result) => result.success)).toEqual([false, false]);
    expect({ accounts: org.count('Account'), journal: org.engine.journal(0).length }).toEqual(before);
  });

  it('finds parents by external id, and upserts by it', () => {
    const [contact] = org.insert('Contact', { LastName: 'x', Key__c: 'boss' });
    const upsert = (row: InputRow) =>
      org.engine.upsert(org.admin, 'Contact', [row], { allOrNone: true, externalIdField: 'key__c' })[0];
    const first = upsert({ Key__c: 'kid', LastName: 'Petit', ReportsTo: { Key__c: 'BOSS' } });
    expect(first).toMatchObject({ success: true, created: true });
    const second = upsert({ Key__c: 'KID', LastName: 'Grand' });
    expect(second).toMatchObject({ success: true, created: false, id: first!.id });
    expect(org.engine.retrieve(org.admin, 'Contact', first!.id!, ['LastName', 'ReportsToId'])).toMatchObject({
      LastName: 'Grand',
      ReportsToId: contact,
    });
    expect(upsert({ LastName: 'x', Key__c: 'z', ReportsTo: { Key__c: 'nobody' } })?.errors[0]).toMatchObject({
      statusCode: 'INVALID_FIELD',
      message: 'Foreign key external ID: nobody not found for field Key__c in entity Contact',
    });
  });

  it('refuses an external id that several rows have', () => {
    const ids = org.insert('Contact', { LastName: 'a', Code__c: 'twice' }, { LastName: 'b', Code__c: 'twice' });
    const [result] = org.engine.upsert(org.admin, 'Contact', [{ Code__c: 'twice', LastName: 'c' }], {
      allOrNone: false,
      externalIdField: 'Code__c',
    });
    expect(result?.errors[0]).toMatchObject({ statusCode: 'DUPLICATE_EXTERNAL_ID' });
    expect(org.engine.findByExternalId(org.admin, 'Contact', 'Code__c', 'TWICE')).toEqual(ids);
  });

  it('keeps a history row per changed tracked field', () => {
    const [id] = org.insert('Account', { Name: 'Old' });
    org.engine.update(org.admin, 'Account', [{ Id: id!, Name: 'New', Rating: 'Warm' }], partial);
    expect(
      org.query(`SELECT Field, OldValue, NewValue FROM AccountHistory WHERE AccountId = '${id!}' ORDER BY Id`),
    ).toMatchObject([
      { Field: 'created', OldValue: null },
      { Field: 'Name', OldValue: 'Old', NewValue: 'New' },
    ]);
  });

  it('keeps roll-up summaries in step with inserts, updates, deletes and undeletes of their children', () => {
    const [account] = org.insert('Account', { Name: 'Giving' });
    const total = () => org.engine.retrieve(org.admin, 'Account', account!, ['Gifts__c'])['Gifts__c'];
    const [first, second] = org.insert(
      'Gift__c',
      { Household__c: account!, Amount__c: 0.1, Status__c: 'Posted' },
      { Household__c: account!, Amount__c: 0.2, Status__c: 'Posted' },
      { Household__c: account!, Amount__c: 5, Status__c: 'Pledged' },
    );
    expect(total()).toBe(0.3);
    org.engine.update(org.admin, 'Gift__c', [{ Id: first!, Amount__c: '10' }], partial);
    expect(total()).toBe(10.2);
    org.engine.delete(org.admin, [second!], partial);
    expect(total()).toBe(10);
    org.engine.undelete(org.admin, [second!], partial);
    expect(total()).toBe(10.2);
  });

  it('names a custom record after its id when it was given no name', () => {
    const [id] = org.insert('Secret__c', {});
    expect(org.engine.retrieve(org.admin, 'Secret__c', id!, ['Name'])).toMatchObject({ Name: id!.slice(0, 15) });
  });

  it('refuses the second of two updates of one row in a request', () => {
    const [id] = org.insert('Account', { Name: 'Once' });
    const results = org.engine.update(
      org.admin,
      'Account',
      [
        { Id: id!, Name: 'a' },
        { Id: id!.slice(0, 15), Name: 'b' },
      ],
      partial,
    );
    expect(results.map((result) => [result.id, result.success])).toEqual([
      [id, true],
      [id, false],
    ]);
  });

  it('answers 412 when the row was modified since', () => {
    const [id] = org.insert('Account', { Name: 'Fresh' });
    const update = (ifUnmodifiedSince: string) =>
      org.engine.update(org.admin, 'Account', [{ Id: id!, Rating: 'Cold' }], { allOrNone: true, ifUnmodifiedSince });
    expect(() => update('2026-03-10T09:29:59.000Z')).toThrow(
      expect.objectContaining({ errorCode: 'PRECONDITION_FAILED', status: 412 }),
    );
    expect(update('2026-03-10T09:30:00.000Z')[0]?.success).toBe(true);
  });
});

describe('what a user may not do', () => {
  const org = association();
  const [account] = org.insert('Account', { Name: 'Shared' });

  it('hides an object and a field entirely', () => {
    const hidden = org.colleague({ objects: ['Case'], fields: ['Contact.Email'] });
    expect(() => org.engine.insert(hidden, 'Case', [{}], partial)).toThrow(
      expect.objectContaining({ errorCode: 'INVALID_TYPE' }),
    );
    expect(
      org.engine.insert(hidden, 'Contact', [{ LastName: 'x', Email: 'a@b.example' }], partial)[0]?.errors[0],
    ).toMatchObject({
      statusCode: 'INVALID_FIELD',
      message: "No such column 'Email' on sobject of type Contact",
    });
    expect(org.engine.canonicalObject(hidden, 'case')).toBeUndefined();
    expect(org.engine.canonicalObject(hidden, 'contact')).toBe('Contact');
  });

  it('refuses to write a field that is read-only for the user', () => {
    const reader = org.colleague({ readOnlyFields: ['Account.Name'] });
    expect(org.engine.update(reader, 'Account', [{ Id: account!, Name: 'Mine' }], partial)[0]?.errors[0]).toMatchObject(
      {
        statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      },
    );
  });

  it('sets audit fields on insert only with the permission to', () => {
    const row = { Name: 'Old', CreatedDate: '2001-02-03T04:05:06+02:00' };
    const [id] = org.ids(org.engine.insert(org.colleague({}), 'Account', [row], partial));
    expect(org.engine.retrieve(org.admin, 'Account', id!, ['CreatedDate'])).toMatchObject({
      CreatedDate: '2001-02-03T02:05:06.000Z',
    });
    const refused = org.engine.insert(org.colleague({ permissions: ['CreateAuditFields'] }), 'Account', [row], partial);
    expect(refused[0]?.errors[0]?.statusCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
  });

  it('keeps rows of a private object from everybody but their owner', () => {
    const other = org.colleague({ permissions: ['ModifyAllData'] });
    const [mine] = org.insert('Secret__c', { Name: 'mine' });
    const [theirs] = org.ids(org.engine.insert(other, 'Secret__c', [{ Name: 'theirs' }], partial));
    expect(org.query('SELECT Id FROM Secret__c', other).map((row) => row['Id'])).toEqual([theirs]);
    expect(org.query('SELECT Id FROM Secret__c')).toHaveLength(2);
    expect(org.engine.update(other, 'Secret__c', [{ Id: mine!, Name: 'x' }], partial)[0]?.errors[0]?.statusCode).toBe(
      'INVALID_CROSS_REFERENCE_KEY',
    );
    expect(() => org.engine.retrieve(other, 'Secret__c', mine!)).toThrow(expect.objectContaining({ status: 404 }));
  });
});
