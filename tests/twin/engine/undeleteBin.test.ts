import { beforeEach, describe, expect, it } from '@jest/globals';
import { association } from './association.ts';
import { shapeOrg, type ShapeOrg } from './shapeOrg.ts';

let org: ShapeOrg;
beforeEach(() => {
  org = shapeOrg('npsp');
});
const code = (statusCode: string) => expect.objectContaining({ statusCode });
const notInBin = { statusCode: 'UNDELETE_FAILED', message: 'Entity is not in the recycle bin', fields: [] };
const noEntry = { statusCode: 'INVALID_ID_FIELD', message: 'invalid record id; no recycle bin entry found' };
const account = (values = {}) => org.insert('Account', { Name: 'Edge', ...values })[0] ?? '';
const empty = (session: typeof org.admin, ...ids: readonly string[]) =>
  org.engine.emptyRecycleBin(session, ids).map((result) => result.errors[0] ?? 'ok');
const deleted = (object: string) =>
  org.rows(`SELECT Id FROM ${object} WHERE IsDeleted = true`, true).map((row) => row['Id']);

describe('the recycle bin', () => {
  it('answers queryAll, and not query', () => {
    const id = account();
    org.remove(id);
    expect([org.count('Account'), deleted('Account')]).toEqual([0, [id]]);
  });

  it('keeps rows 15 days by the clock', () => {
    const id = account();
    org.remove(id);
    org.advance(15 * 24);
    expect(deleted('Account')).toEqual([id]);
    org.advance(1);
    expect(deleted('Account')).toEqual([]);
    expect(org.undelete(id)).toEqual([notInBin]);
    expect(org.journalSince(0)).toContain('Account purge expiry');
  });

  it('drops the oldest past 25 rows per MB of storage, once they have been there two hours', () => {
    const [old, young] = [account(), account()];
    org.remove(old);
    org.store.database.exec(
      `INSERT INTO "_binned" (id, batch, object, state, deletedDate)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 256000)
       SELECT 'filler' || i, -i, 'Account', 1, '2026-03-10T11:00:00.000Z' FROM n`,
    );
    expect(deleted('Account')).toEqual([old]);
    org.advance(3);
    org.remove(young);
    expect(deleted('Account')).toEqual([young]);
  });

  it('is emptied of one own records; of what others deleted only with Modify All Data', () => {
    const id = account();
    org.remove(id);
    expect(empty(org.other, id)).toEqual([code('INSUFFICIENT_ACCESS_OR_READONLY')]);
    expect(org.engine.undelete(org.other, [id], { allOrNone: false })[0]?.errors[0]).toEqual(
      code('INSUFFICIENT_ACCESS_OR_READONLY'),
    );
    expect(empty(org.admin, id)).toEqual(['ok']);
    expect(deleted('Account')).toEqual([]);
  });

  it('does not take rows that went along, that live, or that are gone', () => {
    const id = account();
    const [contact] = org.insert('Contact', { LastName: 'x', AccountId: id });
    const live = account();
    org.remove(id);
    const missing = expect.objectContaining(noEntry);
    expect(empty(org.admin, contact ?? '', live, id, id)).toEqual([missing, missing, 'ok', missing]);
    expect(deleted('Contact')).toEqual([]);
  });

  it('has no entry for rows of objects that cannot be undeleted', () => {
    const [campaign] = org.insert('Campaign', { Name: 'c' });
    const [contact] = org.insert('Contact', { LastName: 'x' });
    const [member] = org.insert('CampaignMember', { CampaignId: campaign ?? '', ContactId: contact ?? '' });
    expect(org.remove(member ?? '')).toEqual(['ok']);
    expect(org.undelete(member ?? '')).toEqual([notInBin]);
    expect(empty(org.admin, member ?? '')).toEqual([expect.objectContaining(noEntry)]);
  });

  it('is told of by getDeleted with the day of the delete, also once it was emptied', () => {
    const id = account();
    org.remove(id);
    org.advance(24);
    empty(org.admin, id);
    const range = ['2026-03-10T00:00:00Z', '2026-03-11T00:00:00Z'] as const;
    expect(org.engine.getDeleted(org.admin, 'Account', ...range)).toEqual([
      { id, deletedDate: '2026-03-10T09:30:00.000Z' },
    ]);
  });
});

describe('undelete', () => {
  it('fills parent account, parent case, reports-to and custom lookups again, and no other standard lookup', () => {
    const parent = account();
    const child = account({ ParentId: parent });
    const [boss] = org.insert('Contact', { LastName: 'Boss' });
    const [person] = org.insert('Contact', { LastName: 'Person', ReportsToId: boss ?? '' });
    const [campaign] = org.insert('Campaign', { Name: 'c' });
    const opportunity = { Name: 'o', StageName: 'Prospecting', CloseDate: '2026-01-01', CampaignId: campaign ?? '' };
    const [gift] = org.insert('Opportunity', { ...opportunity, npsp__Primary_Contact__c: boss ?? '' });
    expect(org.remove(parent, boss ?? '', campaign ?? '')).toEqual(['ok', 'ok', 'ok']);
    expect(org.undelete(parent, boss ?? '', campaign ?? '')).toEqual(['ok', 'ok', 'ok']);
    expect(org.rows(`SELECT ParentId FROM Account WHERE Id = '${child}'`)).toMatchObject([{ ParentId: parent }]);
    expect(org.rows(`SELECT ReportsToId FROM Contact WHERE Id = '${person ?? ''}'`)).toMatchObject([
      { ReportsToId: boss },
    ]);
    expect(
      org.rows(`SELECT CampaignId, npsp__Primary_Contact__c FROM Opportunity WHERE Id = '${gift ?? ''}'`),
    ).toMatchObject([{ CampaignId: null, npsp__Primary_Contact__c: boss }]);
    expect(org.journalSince(0)).toContain('Contact update restore ReportsToId');
  });

  it('leaves alone what was filled meanwhile', () => {
    const [parent, other] = [account(), account()];
    const child = account({ ParentId: parent });
    org.remove(parent);
    org.engine.update(org.admin, 'Account', [{ Id: child, ParentId: other }], { allOrNone: true });
    org.undelete(parent);
    expect(org.rows(`SELECT ParentId FROM Account WHERE Id = '${child}'`)).toMatchObject([{ ParentId: other }]);
  });

  it('cannot bring back a detail whose master was deleted after it, nor a row alone that went along', () => {
    const [opportunity] = org.insert('Opportunity', { Name: 'o', StageName: 'Prospecting', CloseDate: '2026-01-01' });
    const [payment, second] = org.insert(
      'npe01__OppPayment__c',
      { npe01__Opportunity__c: opportunity ?? '' },
      { npe01__Opportunity__c: opportunity ?? '' },
    );
    expect(org.remove(payment ?? '', opportunity ?? '')).toEqual(['ok', 'ok']);
    expect(org.undelete(payment ?? '', second ?? '')).toEqual([notInBin, notInBin]);
    expect(org.undelete(opportunity ?? '')).toEqual(['ok']);
    expect(org.rows('SELECT Id FROM npe01__OppPayment__c')).toMatchObject([{ Id: second }]);
    expect(deleted('npe01__OppPayment__c')).toEqual([payment]);
  });

  it('is refused where a unique value was given to another row meanwhile, and changes nothing', () => {
    const small = association();
    const [first] = small.insert('Contact', { LastName: 'a', Key__c: 'k1' });
    small.engine.delete(small.admin, [first ?? ''], { allOrNone: true });
    small.insert('Contact', { LastName: 'b', Key__c: 'k1' });
    const [result] = small.engine.undelete(small.admin, [first ?? ''], { allOrNone: false });
    expect(result?.errors).toEqual([code('DUPLICATE_VALUE')]);
    expect(small.query('SELECT LastName FROM Contact')).toMatchObject([{ LastName: 'b' }]);
  });
});
