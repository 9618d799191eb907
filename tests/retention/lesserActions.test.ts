import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openRehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import type { RecordId } from '../../scripts/kernel/recordId.ts';
import type { Charter } from '../../scripts/model/charter.ts';
import type { OrgRow } from '../../scripts/org/port.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { apply, applyPorts, approve, makePlan } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';

let whole: TestOrg;
let home: ReturnType<typeof temporaryVault>;
beforeAll(async () => {
  whole = await openTestOrg();
});
afterAll(() => whole.close());
beforeEach(() => {
  whole.setTime(START);
  home = temporaryVault('lesser', START);
});
afterEach(async () => {
  for (const object of ['CampaignMember', 'Campaign', 'Contact', 'Account', 'Lead']) {
    const ids: RecordId[] = [];
    for await (const row of whole.admin.query(`SELECT Id FROM ${object}`)) ids.push(row['Id'] as RecordId);
    await whole.admin.delete(ids);
  }
  home.remove();
});

type Rule = Charter['retention'][number];
const withRules = (rules: readonly Rule[], purposes: Partial<Record<string, readonly string[]>> = {}): TestOrg => {
  const { charter } = whole.law;
  const own = charter.purposes.map((one) => {
    const needs = purposes[one.key];
    return needs === undefined ? one : { ...one, needs: [...needs] };
  });
  return { ...whole, law: { ...whole.law, charter: { ...charter, purposes: own, retention: [...rules] } } };
};
const rule = (over: Partial<Rule> & Pick<Rule, 'key' | 'action'>): Rule => ({
  ...{ purpose: 'prospecting', from: 'fr-cnil/prospects', people: 'Contact', where: [] },
  ...over,
});
const contact = async (id: string, fields: string): Promise<OrgRow | undefined> => {
  for await (const row of whole.admin.query(`SELECT ${fields} FROM Contact WHERE Id = '${id}'`)) return row;
  return undefined;
};
/** Plans, rehearses without a difference, approves, applies. */
const carryOut = async (at: TestOrg) => {
  const plan = await makePlan(at, home);
  const { state } = await rehearsePlan(plan.path, { ...applyPorts(at, home), openRehearsal: openRehearsalTwin });
  expect(state.open).toEqual([]);
  await approve(at, plan.path);
  expect((await apply(at, home, plan.path)).summary.state).toBe('done');
  return plan;
};

describe('actions that leave the person where they are', () => {
  it('RET-09: proposes to stop soliciting who left two appeals unanswered, and plans nothing twice', async () => {
    const at = withRules([rule({ key: 'appeals', from: 'fr-cnil/unanswered-appeals', action: 'restrict' })]);
    const [silent, once] = at.load('Contact', [{ LastName: 'Silent' }, { LastName: 'Once' }]);
    const campaigns = at.load('Campaign', [{ Name: 'Printemps' }, { Name: 'Automne' }]);
    const asked = (ContactId: string, at_: number, day: string) => ({
      ...{ ContactId, CampaignId: campaigns[at_]!, HasResponded: false, CreatedDate: `${day}T08:00:00.000Z` },
    });
    at.load('CampaignMember', [
      asked(silent!, 0, '2026-03-01'),
      asked(silent!, 1, '2026-09-01'),
      asked(once!, 0, '2026-03-01'),
    ]);
    const plan = await carryOut(at);
    expect(plan.header.terms).toMatchObject({ steps: 1, irreversible: 0 });
    expect(plan.header.terms.rules[0]?.action).toBe('restrict');
    expect(await contact(silent!, 'HasOptedOutOfEmail, DoNotCall, npsp__Do_Not_Contact__c')).toMatchObject({
      ...{ HasOptedOutOfEmail: true, DoNotCall: true, npsp__Do_Not_Contact__c: true },
    });
    expect(await contact(once!, 'HasOptedOutOfEmail')).toMatchObject({ HasOptedOutOfEmail: false });
    const again = await makePlan(at, home);
    expect([again.header.terms.steps, again.header.terms.reasons.map(({ code }) => code)]).toEqual([
      0,
      expect.arrayContaining(['already-done']),
    ]);
  });

  it('clears what ties the person to others', async () => {
    const at = withRules([rule({ key: 'households', action: 'unlink' })]);
    const [household] = at.load('Account', [{ Name: 'Foyer' }]);
    const [tied] = at.load('Contact', [
      { LastName: 'Tied', AccountId: household!, CreatedDate: '2015-03-01T10:00:00.000Z' },
    ]);
    await carryOut(at);
    expect(await contact(tied!, 'LastName, AccountId')).toMatchObject({ LastName: 'Tied', AccountId: null });
  });

  it('empties what no running purpose needs, and the history of it', async () => {
    const at = withRules(
      [
        rule({ key: 'care', purpose: 'member-management', action: 'purge', duration: { years: 1 } }),
        rule({ key: 'news', action: 'purge', duration: { years: 20 } }),
      ],
      { prospecting: ['user.name', 'user.contact.email'] },
    );
    const [person] = at.load('Contact', [
      {
        ...{ LastName: 'Longue', Email: 'longue@people.example', Description: 'a parlé de sa santé' },
        ...{ MobilePhone: '06 00 00 00 00', CreatedDate: '2015-03-01T10:00:00.000Z' },
      },
    ]);
    const plan = await carryOut(at);
    expect(plan.header.terms.irreversible).toBe(1);
    expect(await contact(person!, 'LastName, Email, MobilePhone, Description')).toMatchObject({
      ...{ LastName: 'Longue', Email: 'longue@people.example', MobilePhone: null, Description: null },
    });
  });
});
