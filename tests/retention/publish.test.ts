import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Forecast } from '../../scripts/model/forecast.ts';
import type { PlanDecision } from '../../scripts/model/plan.ts';
import { publishForecast } from '../../scripts/retention/publishForecast.ts';
import { publishStandings } from '../../scripts/retention/publishStandings.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';

let at: TestOrg;
beforeAll(async () => {
  at = await openTestOrg();
});
afterAll(() => at.close());

const rowsOf = async (soql: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const rows: Readonly<Record<string, unknown>>[] = [];
  for await (const row of at.admin.query(soql)) rows.push(row);
  return rows;
};

const decision = (subject: string, over: Partial<PlanDecision> = {}): PlanDecision => ({
  ...{ subject, object: 'Contact', rule: 'prospects', verdict: 'kept', until: '2027-03-31', effects: [] },
  reason: { code: 'recent-contact', facts: { date: '2024-03-31', source: 'task' } },
  ...over,
});
const explain = ({ reason }: PlanDecision) => ({ en: `en ${reason.code}`, fr: `fr ${reason.code}` });
const publish = (planDigest: string, decisions: readonly PlanDecision[]) =>
  publishStandings(at.admin, { planDigest, asOf: '2026-11-20', decisions, explain });

const FIELDS =
  'SubjectKey__c, SubjectType__c, Contact__c, Lead__c, Verdict__c, ReasonCode__c, Explanation__c, ExplanationFr__c, UntilDate__c, PlanDigest__c';

describe('why people are kept, published', () => {
  it('is one row a person with the decision in both languages, and a link where there is one', async () => {
    const [kept, due] = at.load('Contact', [oldContact('Kept'), oldContact('Due')]) as [string, string];
    const dueToo = decision(due, { verdict: 'due', until: null, reason: { code: 'no-contact', facts: {} } });
    expect(await publish('a'.repeat(64), [decision(kept), dueToo])).toEqual({ written: 2, removed: 0 });
    const rows = await rowsOf(`SELECT ${FIELDS} FROM GardeStanding__c ORDER BY ReasonCode__c`);
    expect(rows).toMatchObject([
      { SubjectKey__c: due, Contact__c: due, Verdict__c: 'due', UntilDate__c: null, Explanation__c: 'en no-contact' },
      {
        ...{ SubjectKey__c: kept, SubjectType__c: 'Contact', Contact__c: kept, Lead__c: null, Verdict__c: 'kept' },
        ...{ ExplanationFr__c: 'fr recent-contact', UntilDate__c: '2027-03-31', PlanDigest__c: 'a'.repeat(64) },
      },
    ]);
  });

  it('is written again by the next plan, and leaves nothing of people it no longer considers', async () => {
    const [first] = await rowsOf(`SELECT SubjectKey__c FROM GardeStanding__c WHERE Verdict__c = 'kept'`);
    const subject = String(first?.['SubjectKey__c']);
    expect(await publish('b'.repeat(64), [decision(subject, { until: '2028-01-31' })])).toEqual({
      ...{ written: 1, removed: 1 },
    });
    expect(await rowsOf(`SELECT ${FIELDS} FROM GardeStanding__c`)).toMatchObject([
      { SubjectKey__c: subject, UntilDate__c: '2028-01-31', PlanDigest__c: 'b'.repeat(64) },
    ]);
  });

  it('names what to do for who may not write it', async () => {
    const published = publishStandings(at.officer, {
      planDigest: 'c'.repeat(64),
      asOf: '2026-11-20',
      decisions: [],
      explain,
    });
    await expect(published).rejects.toMatchObject({ name: 'StandingsNotPublished' });
  });
});

const counted = (dueNow: number, byMonth: readonly number[]) => ({
  ...{ people: 50, dueNow, byMonth, later: 0, noEnd: 0, notConcerned: 0 },
});
const forecast = (months: readonly string[], dueNow: number, byMonth: readonly number[]): Forecast =>
  ({ asOf: '2026-11-20', complete: true, months, policy: counted(dueNow, byMonth), calls: 1 }) as Forecast;

describe('a forecast, published', () => {
  it('is a figure a month, people due today with the first, and no month of an earlier one stays', async () => {
    await publishForecast(at.admin, forecast(['2026-11', '2026-12'], 5, [1, 7]), START);
    await publishForecast(at.admin, forecast(['2026-12', '2027-01'], 6, [7, 2]), START);
    const rows = await rowsOf(
      "SELECT Key__c, Value__c, IsIncomplete__c FROM GardeFigure__c WHERE Key__c LIKE 'retention-due-%' ORDER BY Key__c",
    );
    expect(rows).toMatchObject([
      { Key__c: 'retention-due-2026-12', Value__c: 13, IsIncomplete__c: false },
      { Key__c: 'retention-due-2027-01', Value__c: 2, IsIncomplete__c: false },
    ]);
  });
});
