import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadLaw } from '../../scripts/app/loadLaw.ts';
import { textsFor } from '../../scripts/reports/texts.ts';
import { forecastHtml } from '../../scripts/reports/forecastHtml.ts';
import { forecastRetention } from '../../scripts/retention/forecast.ts';
import type { Forecast } from '../../scripts/model/forecast.ts';
import { makePlan } from '../plan/cycle.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let forecast: Forecast;
const ports = () => ({ org: at.admin, vault: home.vault, clock: at.clock });
const lastDay = (date: string): string => `${date}T10:00:00.000Z`;

beforeAll(async () => {
  at = await openTestOrg();
  home = temporaryVault('forecast', START);
  at.load('Contact', [
    oldContact('Longgone'),
    oldContact('Forgotten'),
    { LastName: 'January', CreatedDate: lastDay('2024-01-15') },
    { LastName: 'March', CreatedDate: lastDay('2024-03-15') },
    { LastName: 'Faraway', CreatedDate: lastDay('2026-11-01') },
  ]);
  const variant = {
    ...at.law,
    charter: {
      ...at.law.charter,
      retention: at.law.charter.retention.map((rule) => ({ ...rule, duration: { years: 2 } })),
    },
  };
  forecast = await forecastRetention({ policy: at.law, variant, months: 12 }, ports());
});
afterAll(async () => {
  home.remove();
  await at.close();
});

describe('a forecast', () => {
  it('finds due today exactly those whom a plan finds due', async () => {
    const { header } = await makePlan(at, home);
    const due = header.terms.reasons
      .filter(({ verdict }) => verdict === 'due')
      .reduce((sum, one) => sum + one.count, 0);
    expect({ due: forecast.policy.dueNow, people: forecast.policy.people }).toEqual({
      ...{ due, people: header.terms.considered },
    });
    expect(due).toBe(2);
  });

  it('counts the others in the month their period ends', () => {
    const months = Object.fromEntries(forecast.months.map((month, i) => [month, forecast.policy.byMonth[i]]));
    expect(months).toMatchObject({ '2026-11': 0, '2027-01': 1, '2027-03': 1 });
    expect(forecast.policy.later).toBe(1);
  });

  it('RET-10: shows whom another period would make due today', () => {
    expect(forecast.delta).toEqual({
      ...{ dueNowInBoth: 2, newlyDue: 2, noLongerDue: 0, sooner: 1, later: 0, unchanged: 0 },
    });
  });

  it('changes nothing in the org and leaves no copy behind', () => {
    expect(home.vault.holdings().filter(({ kind }) => kind === 'snapshot')).toHaveLength(1); // the plan's own
    expect(forecast.calls).toBeGreaterThan(0);
  });

  it('is refused by name for a rule whose clock no pack knows, and for a rule set that is not there', async () => {
    const ruleSets = at.law.ruleSets.map((set) => ({
      ...set,
      rules: set.rules.map((rule) => ({ ...rule, clock: 'end-of-quarantine' })),
    }));
    await expect(forecastRetention({ policy: { ...at.law, ruleSets }, months: 1 }, ports())).rejects.toMatchObject({
      name: 'ClockUnknown',
    });
    await expect(
      loadLaw({ charterPath: 'config/charters/demo.yml', ruleSetPath: 'newer.yml', starterAllowed: false }),
    ).rejects.toMatchObject({ name: 'RuleSetNotFound' });
  });

  it.each(['en', 'fr'] as const)('is a page of counts in %s, without names or ids', (language) => {
    const page = forecastHtml(forecast, textsFor(language));
    expect(page).toContain('2027-03');
    expect(page).toContain(textsFor(language).say('forecast.delta.newlyDue'));
    expect(page).not.toMatch(/Longgone|Forgotten|\b003[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?\b/);
    expect(page).not.toMatch(/forecast\.|\{\w+\}/);
  });
});
