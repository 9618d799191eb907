import { beforeEach, describe, expect, it } from '@jest/globals';
import { deployedOrg, type DeployedOrg } from './deployedOrg.ts';

let org: DeployedOrg;
beforeEach(() => {
  org = deployedOrg({ personAccounts: true });
});

const person = (LastName: string, values = {}): string => org.insert('Account', { LastName, ...values })[0] ?? '';
const contactOf = (account: string): string => {
  const id = org.read('Account', account, 'PersonContactId')['PersonContactId'];
  return typeof id === 'string' ? id : '';
};
const merge = (masterId: string, ...loserIds: string[]) =>
  org.engine.merge(org.admin, { object: 'Account', masterId, loserIds, masterFields: {} });

// https://help.salesforce.com/s/articleView?id=sales.account_person_merge.htm
describe('merging person accounts', () => {
  it('leaves one person with both halves, to whom everything of the other now belongs', () => {
    const [master, loser] = [person('Roux', { PersonEmail: 'a@asso.example' }), person('Ménard', { Phone: '1' })];
    const [kept, gone] = [contactOf(master), contactOf(loser)];
    const [task] = org.insert('Task', { Subject: 'Appel', WhoId: gone, WhatId: loser });
    const [gift] = org.insert('Opportunity', {
      Name: 'Don',
      StageName: 'Prospecting',
      CloseDate: '2026-01-01',
      AccountId: loser,
    });
    expect(merge(master, loser)).toMatchObject({ success: true, id: master, mergedRecordIds: [loser] });
    expect(org.read('Account', master, 'Name', 'PersonEmail', 'Phone', 'PersonContactId')).toMatchObject({
      Name: 'Roux',
      PersonEmail: 'a@asso.example',
      Phone: null,
      PersonContactId: kept,
    });
    expect(org.read('Task', task ?? '', 'WhoId', 'WhatId')).toMatchObject({ WhoId: kept, WhatId: master });
    expect(org.read('Opportunity', gift ?? '', 'AccountId')).toMatchObject({ AccountId: master });
    expect(org.query('SELECT Id FROM Account')).toMatchObject([{ Id: master }]);
    expect(org.query('SELECT Id, AccountId FROM Contact')).toMatchObject([{ Id: kept, AccountId: master }]);
  });

  it('sends both halves of the loser to the bin, the account with its master', () => {
    const [master, loser] = [person('Roux'), person('Ménard')];
    const gone = contactOf(loser);
    merge(master, loser);
    const deleted = (soql: string) => [...org.engine.query(org.admin, soql, { includeDeleted: true }).rows];
    expect(deleted(`SELECT IsDeleted, MasterRecordId FROM Account WHERE Id = '${loser}'`)).toMatchObject([
      { IsDeleted: true, MasterRecordId: master },
    ]);
    expect(deleted(`SELECT IsDeleted FROM Contact WHERE Id = '${gone}'`)).toMatchObject([{ IsDeleted: true }]);
  });

  it('refuses a person with a business', () => {
    const master = person('Roux');
    const [business = ''] = org.insert('Account', { Name: 'Verger SA' });
    expect(merge(master, business)).toMatchObject({ success: false, errors: [{ statusCode: 'INVALID_MERGE_RECORD' }] });
    expect(org.query('SELECT Id FROM Account')).toHaveLength(2);
  });
});
