import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectTwin } from '../../scripts/app/connectTwin.ts';
import { rehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import type { AnonymisedPerson } from '../../scripts/disposal/anonymisePerson.ts';
import { createSchemaSource } from '../../scripts/org/wholeDescribes.ts';
import { textIn } from '../../scripts/plan/operations/values.ts';
import { rehearsePlan } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { applyPlan } from '../../scripts/plan/apply/applyPlan.ts';
import { applyInput, applyPorts, approve } from '../plan/cycle.ts';
import { recordId } from '../plan/examplePlan.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';
import { standingGuard } from '../soak/mixedPlan.ts';
import { allowHistory, contactToAnonymise, planOf, TEXT } from './anonymisedOrg.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
beforeAll(async () => {
  at = await openTestOrg();
  await allowHistory(at);
});
afterAll(() => at.close());
beforeEach(() => {
  at.setTime(START);
  home = temporaryVault('anonymise', START);
});
afterEach(() => home.remove());

const NEEDLES = ['needle', 'Wielandsheim', '69003', '0611223344', '1961-03-04'] as const;
const COPIED = ['Contact', 'Task', 'Opportunity', 'EmailMessage', 'EmailMessageRelation', 'Note', 'FeedItem'] as const;

const rowsOf = async (object: string, where: string): Promise<readonly object[]> => {
  const described = (await at.admin.describe(object))!;
  const fields = described.fields.filter(
    ({ type, calculated }) => !calculated && !['address', 'location', 'base64', 'complexvalue'].includes(type),
  );
  const soql = `SELECT ${fields.map(({ name }) => name).join(', ')} FROM ${object} WHERE ${where}`;
  const rows: object[] = [];
  for await (const row of at.admin.query(soql, { deletedToo: true })) rows.push(row);
  return rows;
};

let made = 0;
/** Ids with the prefix that the platform knows the object by. */
const own = (prefix: string): { readonly Id: string } => ({ Id: recordId(prefix, (made += 1) + 700_000) });

/** A person about whom everything there is tells something. */
const plant = async (
  name: string,
): Promise<{
  readonly id: string;
  readonly task: string;
  readonly mail: string;
  readonly relation: string;
  readonly gift: string;
  readonly note: string;
  readonly feed: string;
}> => {
  const [id] = at.load('Contact', [
    oldContact(`needle ${name}`, {
      FirstName: 'needle Anne',
      Salutation: 'Ms.',
      Birthdate: '1961-03-04',
      MailingStreet: '3 rue needle',
      MailingCity: 'Wielandsheim',
      MailingPostalCode: '69003',
      MailingCountry: 'France',
      MobilePhone: '0611223344',
      Email: 'needle.anne@courriel.example',
      Description: 'needle aime les chats',
      Title: 'needle maire',
    }),
  ]);
  await at.admin.update('Contact', [{ Id: id!, Email: 'needle.neuf@courriel.example' }]);
  const [task] = at.load('Task', [
    { WhoId: id!, Subject: 'Appel needle', Description: 'needle malade', Status: 'Completed' },
  ]);
  const [mail] = at.load('EmailMessage', [
    {
      ...own('02s'),
      Status: '3',
      Subject: 'Re: needle',
      TextBody: 'Chère needle',
      FromAddress: 'needle.anne@courriel.example',
    },
  ]);
  const [relation] = at.load('EmailMessageRelation', [
    {
      ...own('0CZ'),
      EmailMessageId: mail!,
      RelationId: id!,
      RelationType: 'FromAddress',
      RelationAddress: 'needle.anne@courriel.example',
    },
  ]);
  const [gift] = at.load('Opportunity', [
    {
      ...{ Name: 'needle Anne Don 4/3/2011', StageName: 'Closed Won', IsWon: true, IsClosed: true, Amount: 1234.5 },
      ...{ CloseDate: '2011-03-17', npsp__Primary_Contact__c: id!, Description: 'reçu needle' },
    },
  ]);
  await at.admin.update('Opportunity', [{ Id: gift!, CloseDate: '2011-03-18' }]);
  const [note] = at.load('Note', [{ ...own('002'), ParentId: id!, Title: 'needle', Body: 'needle' }]);
  const [feed] = at.load('FeedItem', [{ ...own('0D5'), ParentId: id!, Body: 'needle a appelé', Type: 'TextPost' }]);
  return { id: id!, task: task!, mail: mail!, relation: relation!, gift: gift!, note: note!, feed: feed! };
};

type Planted = Awaited<ReturnType<typeof plant>>;

const CHOSEN = { Birthdate: '1961-01-01', MailingPostalCode: '69', MailingCountry: 'France', Salutation: 'Ms.' };

const anonymised = (who: Planted): Promise<AnonymisedPerson> =>
  contactToAnonymise(at, who.id, {
    chosen: CHOSEN,
    rows: [
      { object: 'Task', id: who.task },
      { object: 'EmailMessage', id: who.mail, goesWith: [who.relation] },
      { object: 'Note', id: who.note },
      { object: 'FeedItem', id: who.feed },
      { object: 'Opportunity', id: who.gift },
    ],
  });

const everything = async (who: Planted): Promise<string> => {
  const all = [
    ...(await rowsOf('Contact', `Id = '${who.id}'`)),
    ...(await rowsOf('ContactHistory', `ContactId = '${who.id}'`)),
    ...(await rowsOf('OpportunityFieldHistory', `OpportunityId = '${who.gift}'`)),
    ...(await rowsOf('Opportunity', `Id = '${who.gift}'`)),
    ...(await rowsOf('Task', `Id = '${who.task}'`)),
    ...(await rowsOf('EmailMessage', `Id = '${who.mail}'`)),
    ...(await rowsOf('EmailMessageRelation', `RelationId = '${who.id}'`)),
    ...(await rowsOf('Note', `ParentId = '${who.id}'`)),
    // feed items have no recycle bin: deleted ones can still be read by queryAll, which is a finding
    ...(await rowsOf('FeedItem', `ParentId IN ('${who.id}', '${who.gift}') AND IsDeleted = false`)),
  ];
  return JSON.stringify(all).toLowerCase();
};

/** Sum and number of gifts by year. */
const totals = async (): Promise<Readonly<Record<string, string>>> => {
  const years = new Map<string, { sum: number; rows: number }>();
  for await (const row of at.admin.query('SELECT Amount, CloseDate FROM Opportunity WHERE IsWon = true')) {
    const year = textIn(row, 'CloseDate').slice(0, 4);
    const known = years.get(year) ?? { sum: 0, rows: 0 };
    years.set(year, { sum: known.sum + Number(row['Amount']) * 100, rows: known.rows + 1 });
  }
  return Object.fromEntries([...years].map(([year, { sum, rows }]) => [year, `${String(rows)} ${String(sum)}`]));
};

describe('an anonymisation, planned, rehearsed, approved and applied', () => {
  it('RET-07, RET-08: leaves nothing that identifies in records, bin, history, feed and search, and yearly totals as they were', async () => {
    const who = await plant('un');
    const other = await plant('deux');
    const untouched = await everything(other);
    const before = await totals();
    expect(NEEDLES.every((needle) => untouched.includes(needle.toLowerCase()))).toBe(true);
    const done = await anonymised(who);
    expect(done.findings).toEqual([
      { check: 'linkability', code: 'deleted-readable', place: 'FeedItem', count: 1, until: '2026-12-05' },
    ]);
    const path = await planOf(at, home, new Map([[who.id, done]]), COPIED);
    const rehearsed = await rehearsePlan(path, {
      ...{ org: at.admin, vault: home.vault, clock: at.clock, random: applyPorts(at, home).random },
      ...{
        createGuard: standingGuard,
        openRehearsal: rehearsalTwin(createSchemaSource(await connectTwin(at.twin, 'admin'))),
      },
    });
    expect(rehearsed.differences).toEqual([]);
    await approve(at, path);
    const { summary } = await applyPlan(applyInput(at, path), applyPorts(at, home, { createGuard: standingGuard }));
    expect([summary.state, summary.persons]).toEqual(['done', { done: 1, changed: 0, refused: 0, left: 0 }]);
    const left = await everything(who);
    expect(NEEDLES.filter((needle) => left.includes(needle.toLowerCase()))).toEqual([]);
    expect(await at.admin.search('FIND {needle un} IN ALL FIELDS RETURNING Contact, Opportunity')).not.toContainEqual(
      expect.objectContaining({ id: who.id }),
    );
    expect(await rowsOf('Contact', `Id = '${who.id}'`)).toMatchObject([
      {
        LastName: TEXT,
        FirstName: null,
        Birthdate: '1961-01-01',
        MailingPostalCode: '69',
        MailingCity: null,
        Email: null,
      },
    ]);
    expect(await rowsOf('Opportunity', `Id = '${who.gift}'`)).toMatchObject([
      { Amount: 1234.5, StageName: 'Closed Won', CloseDate: '2011-03-01', Description: null },
    ]);
    expect(await everything(other)).toBe(untouched);
    expect(before['2011']).toBe('2 246900');
    expect(await totals()).toEqual(before);
  });

  it('plans nothing for who is anonymised already', async () => {
    const who = await plant('trois');
    const path = await planOf(at, home, new Map([[who.id, await anonymised(who)]]), COPIED);
    await approve(at, path);
    await applyPlan(applyInput(at, path), applyPorts(at, home, { createGuard: standingGuard }));
    const again = await contactToAnonymise(at, who.id, {
      chosen: CHOSEN,
      rows: [{ object: 'Opportunity', id: who.gift }],
    });
    expect(again.operations).toEqual([]);
  });
});
