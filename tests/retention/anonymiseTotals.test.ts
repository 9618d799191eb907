import { readFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { rehearsalTwin } from '../../scripts/app/rehearsalTwin.ts';
import { lookAtTotals, recountTotals } from '../../scripts/app/anonymisedTotals.ts';
import { connectTwin } from '../../scripts/app/connectTwin.ts';
import { runShow } from '../../scripts/app/planReports.ts';
import type { StatisticTerms } from '../../scripts/model/anonymisation.ts';
import { createSchemaSource } from '../../scripts/org/wholeDescribes.ts';
import { rehearsePlan, type LookAfter } from '../../scripts/plan/rehearse/rehearsePlan.ts';
import { textIn } from '../../scripts/plan/operations/values.ts';
import { apply, applyPorts, approve, makePlan } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';
import { allowHistory } from '../disposal/anonymisedOrg.ts';
import { anonymisingLaw, newId } from './anonymising.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;

const ALLOCATIONS = {
  ...{ key: 'giving', object: 'npsp__Allocation__c', sum: 'npsp__Amount__c', people: 3 },
  via: 'npsp__Opportunity__r.npsp__Primary_Contact__c',
  where: [{ field: 'npsp__Opportunity__r.IsWon', is: 'equal', value: true }],
  by: [
    { path: 'npsp__Opportunity__r.npsp__Primary_Contact__r.MailingPostalCode', hierarchy: 'postcode', from: 'area' },
    { path: 'npsp__Opportunity__r.CloseDate', hierarchy: 'date', from: 'year', firm: true },
    { path: 'npsp__General_Accounting_Unit__r.Name', hierarchy: 'words', from: 'exact', firm: true },
  ],
};

const FUNDS = ['Général', 'Puits'];

/** A donor with one gift a year, its day and amount told by the number. */
const plantDonor = (number: number, over: object, funds: readonly string[]): void => {
  const [id] = at.load('Contact', [
    oldContact(`Donateur${String(number)}`, { MailingPostalCode: '69003', MailingCountry: 'France', ...over }),
  ]);
  for (const [i, year] of ['2011', '2012'].entries()) {
    const [gift] = at.load('Opportunity', [
      {
        ...{ Name: `Don ${String(number)}`, StageName: 'Closed Won', IsWon: true, IsClosed: true },
        ...{
          CloseDate: `${year}-0${String((number % 9) + 1)}-17`,
          Amount: 10.1 + number,
          npsp__Primary_Contact__c: id!,
        },
      },
    ]);
    const fund = funds[(number + i) % funds.length];
    at.load('npsp__Allocation__c', [
      {
        ...{ Id: newId(prefix), npsp__Opportunity__c: gift!, npsp__Amount__c: 10.1 + number },
        npsp__General_Accounting_Unit__c: fund!,
      },
    ]);
  }
};

let prefix = '';
beforeAll(async () => {
  const whole = await openTestOrg();
  await allowHistory(whole);
  at = { ...whole, law: await anonymisingLaw(whole.law, { copies: 'P0D', statistics: [ALLOCATIONS] }) };
  prefix = (await at.admin.describe('npsp__Allocation__c'))?.keyPrefix ?? '';
  const units = await at.admin.create(
    'npsp__General_Accounting_Unit__c',
    FUNDS.map((Name) => ({ Name })),
  );
  const funds = units.map(({ id }) => id ?? '');
  for (let i = 0; i < 12; i += 1) plantDonor(i, { Birthdate: `1961-0${String((i % 9) + 1)}-03` }, funds);
  // one like nobody else
  plantDonor(12, { Birthdate: '1911-03-04', MailingPostalCode: '97133' }, funds);
});
afterAll(() => at.close());
beforeEach(() => {
  home = temporaryVault('anonymise-totals', START);
});

/** Sum and number of allocations by year and fund, as the org tells them. */
const totals = async (): Promise<Readonly<Record<string, string>>> => {
  const found = new Map<string, { sum: number; rows: number }>();
  const soql = `SELECT npsp__Amount__c, npsp__Opportunity__r.CloseDate, npsp__General_Accounting_Unit__r.Name
    FROM npsp__Allocation__c`;
  for await (const row of at.admin.query(soql)) {
    const [gift, unit] = [row['npsp__Opportunity__r'], row['npsp__General_Accounting_Unit__r']] as [object, object];
    const key = `${textIn({ ...gift }, 'CloseDate').slice(0, 4)} ${textIn({ ...unit }, 'Name')}`;
    const known = found.get(key) ?? { sum: 0, rows: 0 };
    found.set(key, { sum: known.sum + Math.round(Number(row['npsp__Amount__c']) * 100), rows: known.rows + 1 });
  }
  return Object.fromEntries([...found].map(([key, { sum, rows }]) => [key, `${String(rows)} ${String(sum)}`]));
};

type Cells = StatisticTerms['cells'];

/** What the header's cells add up to by year and fund. */
const firmTotals = (cells: Cells, when: 'before' | 'after'): Readonly<Record<string, string>> => {
  const found = new Map<string, { sum: number; rows: number }>();
  for (const { values, ...cell } of cells) {
    const own = cell[when];
    if (own === null) continue;
    const key = values.slice(0, 2).join(' ');
    const known = found.get(key) ?? { sum: 0, rows: 0 };
    found.set(key, { sum: known.sum + Math.round(Number(own.sum) * 100), rows: known.rows + own.rows });
  }
  return Object.fromEntries([...found].map(([key, { sum, rows }]) => [key, `${String(rows)} ${String(sum)}`]));
};

const sheetNames = async (path: string): Promise<readonly string[]> => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  return book.worksheets.map(({ name }) => name);
};

describe('a plan that anonymises donors', () => {
  it('RET-08: leaves the totals by year and fund equal to the cent, in its header, the rehearsal and the org', async () => {
    const before = await totals();
    const plan = await makePlan(at, home);
    const told = plan.header.terms.anonymisation;
    expect(told?.people).toMatchObject([
      { object: 'Contact', anonymised: 13, pseudonymised: 0, k: 5, kReached: 13, suppressed: 0 },
    ]);
    const [giving] = told?.statistics ?? [];
    expect(giving).toMatchObject({
      ...{ key: 'giving', firm: 2, people: 3, suppressed: { before: 4, after: 0 } },
      ...{ before: { rows: 26, sum: '418.60' }, after: { rows: 26, sum: '418.60' } },
    });
    expect(firmTotals(giving?.cells ?? [], 'before')).toEqual(before);
    expect(firmTotals(giving?.cells ?? [], 'after')).toEqual(before);
    expect(JSON.stringify(plan.header)).not.toMatch(/Donateur\d|97133|1911-03/);
    const shown = await runShow(
      {
        ...{ input: { planPath: plan.path, limit: 0 }, language: 'en', outputDir: home.folder },
        ...{ html: true, xlsx: true, withNames: false },
      },
      { vault: home.vault, now: at.clock.now() },
    );
    const [page = '', book = ''] = shown.files;
    expect(readFileSync(page, 'utf8').replace(/\s+/g, ' ')).toContain('>2011 · Puits · 69</td>');
    expect(await sheetNames(book)).toEqual(expect.arrayContaining(['Anonymisation', 'Totals before and after']));
    const schema = createSchemaSource(await connectTwin(at.twin, 'admin'));
    const openRehearsal = rehearsalTwin(schema);
    const lookAfter = lookAtTotals(at.law, home.vault);
    const rehearsed = await rehearsePlan(plan.path, { ...applyPorts(at, home), openRehearsal, lookAfter });
    expect(rehearsed.differences).toEqual([]);
    // a rehearsal in which an amount comes out otherwise
    const tampered: LookAfter = async (org, opened) => {
      for await (const { Id } of org.query('SELECT Id FROM npsp__Allocation__c LIMIT 1'))
        await org.update('npsp__Allocation__c', [{ Id, npsp__Amount__c: 1 }]);
      return lookAfter(org, opened);
    };
    const other = await rehearsePlan(plan.path, { ...applyPorts(at, home), openRehearsal, lookAfter: tampered });
    expect(other.differences.map(({ object, because }) => [object, because])).toEqual([
      ['npsp__Allocation__c', 'totals'],
    ]);
    await approve(at, plan.path);
    expect((await apply(at, home, plan.path)).summary.state).toBe('done');
    expect(await totals()).toEqual(before);
    const memory = new Map<string, string>();
    const recount = () =>
      recountTotals(
        plan.path,
        { law: at.law, org: at.admin, vault: home.vault },
        { recall: (name) => memory.get(name), remember: (name, value) => void memory.set(name, value) },
      );
    expect(await recount()).toEqual([]);
    memory.clear();
    for await (const { Id } of at.admin.query('SELECT Id FROM npsp__Allocation__c LIMIT 1'))
      await at.admin.update('npsp__Allocation__c', [{ Id, npsp__Amount__c: 1 }]);
    expect(await recount()).toEqual(['giving']);
    // what was counted once is not counted again by whoever ends the run
    home.vault.remove(plan.header.snapshotHolding);
    expect(await recount()).toEqual(['giving']);
  });
});
