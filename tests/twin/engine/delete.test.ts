import { beforeEach, describe, expect, it } from '@jest/globals';
import { association, type Association } from './association.ts';

const partial = { allOrNone: false };
const day = 86_400_000;

describe('deleting', () => {
  let org: Association;
  beforeEach(() => {
    org = association();
  });
  const remove = (...ids: readonly string[]) => org.engine.delete(org.admin, ids, partial);

  it('takes what cascades along, and undelete brings it all back', () => {
    const [account] = org.insert('Account', { Name: 'Family' });
    const [contact] = org.insert('Contact', { LastName: 'Martin', AccountId: account! });
    org.insert('Gift__c', { Household__c: account!, Amount__c: 3, Donor__c: contact! });
    org.insert('Task', { Subject: 'Call', WhoId: contact! });
    expect(remove(account!)[0]?.success).toBe(true);
    expect(['Account', 'Contact', 'Gift__c', 'Task'].map(org.count)).toEqual([0, 0, 0, 0]);
    expect(
      org.engine.query(org.admin, 'SELECT Id FROM Contact WHERE IsDeleted = true', { includeDeleted: true }).totalSize,
    ).toBe(1);
    expect(org.engine.undelete(org.admin, [account!], partial)[0]?.success).toBe(true);
    expect(['Account', 'Contact', 'Gift__c', 'Task'].map(org.count)).toEqual([1, 1, 1, 1]);
    expect(org.query('SELECT Donor__c FROM Gift__c')).toMatchObject([{ Donor__c: contact }]);
  });

  it('refuses while a restricting child is there, in the recorded words, and changes nothing', () => {
    const [contact] = org.insert('Contact', { Salutation: 'Mr.', FirstName: 'Josh', LastName: 'Davis' });
    org.insert('Case', { ContactId: contact! });
    expect(remove(contact!)[0]?.errors).toEqual([
      {
        statusCode: 'DELETE_FAILED',
        message:
          'Your attempt to delete Mr. Josh Davis could not be completed because it is associated with the following cases.: 00000001\n',
        fields: [],
      },
    ]);
    expect(org.count('Contact')).toBe(1);
  });

  it('refuses an account whose contact is restricted, naming the account', () => {
    const [account] = org.insert('Account', { Name: 'Edge' });
    const [contact] = org.insert('Contact', { LastName: 'Davis', AccountId: account! });
    org.insert('Case', { ContactId: contact! });
    expect(remove(account!)[0]?.errors[0]?.message).toMatch(/^Your attempt to delete Edge could not be completed/);
    expect(org.count('Account')).toBe(1);
  });

  it('refuses an account with closed-won opportunities', () => {
    const [account] = org.insert('Account', { Name: 'Edge Communications' });
    org.insert(
      'Opportunity',
      { Name: 'Edge SLA', StageName: 'Closed Won', AccountId: account! },
      { Name: 'Open', StageName: 'Prospecting', AccountId: account! },
    );
    expect(remove(account!)[0]?.errors[0]?.message).toBe(
      'Your attempt to delete Edge Communications could not be completed because some opportunities in that account were closed won. The opportunities that could not be deleted are shown below.: Edge SLA\n',
    );
  });

  it('empties lookups, and undelete refills custom ones that nothing replaced', () => {
    const [account] = org.insert('Account', { Name: 'Family' });
    const [kept, replaced, other] = org.insert('Contact', { LastName: 'a' }, { LastName: 'b' }, { LastName: 'c' });
    const [first, second] = org.insert(
      'Gift__c',
      { Household__c: account!, Donor__c: kept! },
      { Household__c: account!, Donor__c: replaced! },
    );
    remove(kept!, replaced!);
    expect(org.query('SELECT Donor__c FROM Gift__c WHERE Donor__c != null')).toEqual([]);
    org.engine.update(org.admin, 'Gift__c', [{ Id: second!, Donor__c: other! }], partial);
    org.engine.undelete(org.admin, [kept!, replaced!], partial);
    expect(org.engine.retrieve(org.admin, 'Gift__c', first!, ['Donor__c'])).toMatchObject({ Donor__c: kept });
    expect(org.engine.retrieve(org.admin, 'Gift__c', second!, ['Donor__c'])).toMatchObject({ Donor__c: other });
  });

  it('says that a deleted row is deleted, whatever is asked of it', () => {
    const [id] = org.insert('Account', { Name: 'Gone' });
    remove(id!);
    const deleted = { statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted' };
    expect(remove(id!)[0]?.errors[0]).toMatchObject(deleted);
    expect(org.engine.update(org.admin, 'Account', [{ Id: id!, Name: 'x' }], partial)[0]?.errors[0]).toMatchObject(
      deleted,
    );
    expect(
      org.engine.insert(org.admin, 'Contact', [{ LastName: 'x', AccountId: id! }], partial)[0]?.errors[0],
    ).toMatchObject(deleted);
    expect(() => org.engine.retrieve(org.admin, 'Account', id!)).toThrow(
      expect.objectContaining({ errorCode: 'ENTITY_IS_DELETED', status: 404 }),
    );
  });

  it('leaves nothing of what is emptied from the bin, but remembers that it was deleted', () => {
    const [account] = org.insert('Account', { Name: 'Family' });
    org.insert('Contact', { LastName: 'Martin', AccountId: account! });
    remove(account!);
    expect(org.engine.emptyRecycleBin(org.admin, [account!])[0]?.success).toBe(true);
    expect(org.engine.query(org.admin, 'SELECT COUNT() FROM Contact', { includeDeleted: true }).totalSize).toBe(0);
    expect(org.engine.undelete(org.admin, [account!], partial)[0]?.errors[0]).toMatchObject({
      statusCode: 'UNDELETE_FAILED',
      message: 'Entity is not in the recycle bin',
    });
    expect(org.engine.getDeleted(org.admin, 'Account', '2026-03-10T00:00:00Z', '2026-03-11T00:00:00Z')).toEqual([
      { id: account, deletedDate: '2026-03-10T09:30:00.000Z' },
    ]);
    expect(remove(account!)[0]?.errors[0]?.statusCode).toBe('ENTITY_IS_DELETED');
  });

  it('empties the bin by itself after 15 days', () => {
    const [id] = org.insert('Account', { Name: 'Old' });
    remove(id!);
    org.advance(16 * day);
    expect(org.engine.undelete(org.admin, [id!], partial)[0]?.success).toBe(false);
  });

  it('deletes past the bin only with the permission to', () => {
    const [first] = org.insert('Account', { Name: 'a' });
    expect(() =>
      org.engine.hardDelete(org.colleague({ permissions: ['BulkApiHardDelete'] }), 'Account', [first!]),
    ).toThrow(expect.objectContaining({ errorCode: 'FEATURENOTENABLED' }));
    expect(org.engine.hardDelete(org.admin, 'Account', [first!])[0]?.success).toBe(true);
    expect(org.engine.query(org.admin, 'SELECT COUNT() FROM Account', { includeDeleted: true }).totalSize).toBe(0);
  });

  it('purges history rows at once', () => {
    const [account] = org.insert('Account', { Name: 'a' });
    org.engine.update(org.admin, 'Account', [{ Id: account!, Name: 'b' }], partial);
    const rows = org.query('SELECT Id FROM AccountHistory').map((row) => String(row['Id']));
    expect(remove(...rows).every((result) => result.success)).toBe(true);
    expect(org.engine.query(org.admin, 'SELECT COUNT() FROM AccountHistory', { includeDeleted: true }).totalSize).toBe(
      0,
    );
  });

  it('journals what happened and why, without values', () => {
    const [account] = org.insert('Account', { Name: 'Family' });
    org.insert('Contact', { LastName: 'Martin', AccountId: account! });
    const before = org.engine.journal(0).at(-1)!.sequence;
    remove(account!);
    expect(org.engine.journal(before).map(({ object, change, cause }) => [object, change, cause])).toEqual([
      ['Account', 'delete', 'direct'],
      ['AccountHistory', 'delete', 'cascade'],
      ['Contact', 'delete', 'cascade'],
    ]);
  });
});

describe('merging', () => {
  let org: Association;
  beforeEach(() => {
    org = association();
  });
  const merge = (masterId: string, loserIds: readonly string[], masterFields = {}) =>
    org.engine.merge(org.admin, { object: 'Account', masterId, loserIds, masterFields });

  it('moves children to the master, keeps its own values and sends the losers to the bin', () => {
    const [master, loser] = org.insert('Account', { Name: 'Master', Rating: 'Hot' }, { Name: 'Loser', Rating: 'Cold' });
    const [contact] = org.insert('Contact', { LastName: 'Martin', AccountId: loser! });
    const [gift] = org.insert('Gift__c', { Household__c: loser!, Amount__c: 7, Status__c: 'Posted' });
    expect(merge(master!, [loser!], { Name: 'Merged' })).toMatchObject({
      success: true,
      id: master,
      mergedRecordIds: [loser],
    });
    expect(org.engine.retrieve(org.admin, 'Account', master!)).toMatchObject({
      Name: 'Merged',
      Rating: 'Hot',
      Gifts__c: 7,
    });
    expect(org.query(`SELECT Id FROM Contact WHERE AccountId = '${master!}'`)).toMatchObject([{ Id: contact }]);
    expect(org.query(`SELECT Id FROM Gift__c WHERE Household__c = '${master!}'`)).toMatchObject([{ Id: gift }]);
    const gone = [
      ...org.engine.query(org.admin, `SELECT MasterRecordId, IsDeleted FROM Account WHERE Id = '${loser!}'`, {
        includeDeleted: true,
      }).rows,
    ];
    expect(gone).toMatchObject([{ MasterRecordId: master, IsDeleted: true }]);
  });

  it.each<[string, (ids: readonly string[]) => [string, readonly string[]]]>([
    ['three losers', (ids) => [ids[0]!, ids.slice(1, 4)]],
    ['no loser', (ids) => [ids[0]!, []]],
    ['itself', (ids) => [ids[0]!, [ids[0]!]]],
  ])('refuses to merge with %s', (_what, request) => {
    const ids = org.insert('Account', { Name: 'a' }, { Name: 'b' }, { Name: 'c' }, { Name: 'd' });
    expect(merge(...request(ids))).toMatchObject({ success: false, errors: [{ statusCode: 'MERGE_FAILED' }] });
    expect(org.count('Account')).toBe(4);
  });

  it('refuses a merge that would make the hierarchy turn in a circle, and undoes it whole', () => {
    const [loser] = org.insert('Account', { Name: 'Parent' });
    const [master] = org.insert('Account', { Name: 'Child', ParentId: loser! });
    org.insert('Contact', { LastName: 'x', AccountId: loser! });
    expect(merge(master!, [loser!])).toMatchObject({ success: false });
    expect(org.query(`SELECT Id FROM Contact WHERE AccountId = '${loser!}'`)).toHaveLength(1);
  });

  it('refuses objects that cannot be merged, as a fault of the whole call', () => {
    const [a, b] = org.insert('Secret__c', {}, {});
    expect(() =>
      org.engine.merge(org.admin, { object: 'Secret__c', masterId: a!, loserIds: [b!], masterFields: {} }),
    ).toThrow(expect.objectContaining({ errorCode: 'INVALID_TYPE_FOR_OPERATION' }));
  });
});

describe('files', () => {
  const org = association();
  const [account] = org.insert('Account', { Name: 'Holder' });
  const [version] = org.insert('ContentVersion', {
    PathOnClient: 'Letter.PDF',
    VersionData: Buffer.from('hello').toString('base64'),
    FirstPublishLocationId: account!,
  });
  const documentId = String(org.engine.retrieve(org.admin, 'ContentVersion', version!)['ContentDocumentId']);

  it('come with their document, shared with owner and record', () => {
    expect(org.engine.retrieve(org.admin, 'ContentDocument', documentId)).toMatchObject({
      Title: 'Letter',
      FileExtension: 'pdf',
      ContentSize: 5,
      LatestPublishedVersionId: version,
    });
    const links = org.query(
      `SELECT LinkedEntityId, ShareType FROM ContentDocumentLink WHERE ContentDocumentId = '${documentId}' ORDER BY Id`,
    );
    expect(links).toMatchObject([
      { LinkedEntityId: org.admin.userId, ShareType: 'I' },
      { LinkedEntityId: account, ShareType: 'V' },
    ]);
    expect(Buffer.from(org.engine.readBlob(org.admin, 'ContentVersion', version!, 'VersionData')).toString()).toBe(
      'hello',
    );
  });

  it('are seen through records the user may read, and otherwise not', () => {
    const [secret] = org.insert('Secret__c', {});
    const [hidden] = org.insert('ContentVersion', { PathOnClient: 'x.txt', FirstPublishLocationId: secret! });
    const other = org.colleague({ permissions: ['ModifyAllData', 'QueryAllFiles'] });
    expect(org.query('SELECT Id FROM ContentVersion', other).map((row) => row['Id'])).toEqual([version]);
    expect(org.query('SELECT Id FROM ContentVersion').map((row) => row['Id'])).toEqual([version, hidden]);
    expect(() => org.query('SELECT Id FROM ContentDocumentLink', other)).toThrow(/requires a filter by a single Id/);
  });

  it('get a new latest version, and go with their document', () => {
    const [second] = org.insert('ContentVersion', { PathOnClient: 'Letter2.pdf', ContentDocumentId: documentId });
    expect(
      org.query(
        `SELECT Id, VersionNumber FROM ContentVersion WHERE ContentDocumentId = '${documentId}' AND IsLatest = true`,
      ),
    ).toMatchObject([{ Id: second, VersionNumber: '2' }]);
    expect(org.engine.delete(org.admin, [documentId], partial)[0]?.success).toBe(true);
    expect(org.query(`SELECT Id FROM ContentVersion WHERE ContentDocumentId = '${documentId}'`)).toEqual([]);
    org.engine.undelete(org.admin, [documentId], partial);
    expect(org.query(`SELECT Id FROM ContentDocumentLink WHERE ContentDocumentId = '${documentId}'`)).toHaveLength(2);
    org.engine.delete(org.admin, [documentId], partial);
    org.engine.emptyRecycleBin(org.admin, [documentId]);
    expect(org.store.statement('SELECT COUNT(*) AS n FROM "_blob"').get()).toMatchObject({ n: 0 });
  });
});
