import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Law } from '../../scripts/app/loadLaw.ts';
import type { LocalDate } from '../../scripts/kernel/legalPeriod.ts';
import { valueOf } from '../../scripts/kernel/result.ts';
import type { DatedRule } from '../../scripts/model/ruleSet.ts';
import type { Org } from '../../scripts/org/port.ts';
import { showLawChange } from '../../scripts/retention/acceptLaw.ts';
import { changeText, lawChanges, plannedLawOf } from '../../scripts/retention/lawChange.ts';
import { readLawMemory, recordLawSeen } from '../../scripts/retention/lawMemory.ts';
import { planRetention } from '../../scripts/retention/plan.ts';
import { publishRules } from '../../scripts/retention/publishRules.ts';
import { rulesInForce } from '../../scripts/retention/rules.ts';
import { temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, START, type TestOrg } from '../plan/testOrg.ts';

let at: TestOrg;
let machine: ReturnType<typeof temporaryVault>;
let another: ReturnType<typeof temporaryVault>;

beforeAll(async () => {
  at = await openTestOrg();
  machine = temporaryVault('law-one', START);
  another = temporaryVault('law-two', START);
  at.load('Contact', [
    oldContact('Longgone'),
    { LastName: 'Autumn', CreatedDate: '2024-10-15T10:00:00.000Z' },
    { LastName: 'Faraway', CreatedDate: '2026-11-01T10:00:00.000Z' },
  ]);
});
afterAll(async () => {
  machine.remove();
  another.remove();
  await at.close();
});

/** The shipped rule sets with `prospects` changed, as an update of Garde may bring it. */
const updated = (change: (rule: DatedRule) => readonly DatedRule[]): Law => ({
  ...at.law,
  ruleSets: at.law.ruleSets.map((set) => ({
    ...set,
    rules: set.rules.flatMap((rule) => (rule.key === 'prospects' ? change(rule) : [rule])),
  })),
});
const twoYears = (): Law => updated((rule) => [{ ...rule, duration: { years: 2, months: 0, days: 0 } }]);

const planOn = (home: typeof machine, law: Law) =>
  planRetention({ ...law, folder: home.folder, toolVersion: '0.1.0' }, ports(home));
const ports = (home: typeof machine, org: Org = at.admin) => ({ org, vault: home.vault, clock: at.clock });

const inForce = (law: Law, asOf: string) => valueOf(rulesInForce(law.charter, law.ruleSets, asOf as LocalDate));
const rememberedAt = (law: Law, asOf: string) =>
  new Map(inForce(law, asOf).map((one) => [one.rule.key, { rule: one.rule.key, law: plannedLawOf(one) }]));

describe('a change of the law', () => {
  it('RET-10: is another period, clock or archive, and no other title or source', () => {
    const memory = rememberedAt(at.law, '2026-11-20');
    const changed = (law: Law) => lawChanges(inForce(law, '2026-11-20'), memory).map(({ rule }) => rule);
    expect(changed(at.law)).toEqual([]);
    expect(changed(updated((rule) => [{ ...rule, title: { en: 'Other', fr: 'Autre' } }]))).toEqual([]);
    expect(changed(twoYears())).toEqual(['prospects', 'prospect-leads']);
    expect(changed(updated((rule) => [{ ...rule, archive: { categories: [] } }]))).toHaveLength(2);
    expect(changed(updated((rule) => [{ ...rule, clock: 'collection' }]))).toHaveLength(2);
  });

  it('RET-10: is there from the day on which a dated rule enters into force, and no earlier', () => {
    const law = updated((rule) => [
      { ...rule, effectiveTo: '2026-12-31' },
      { ...rule, effectiveFrom: '2027-01-01', duration: { years: 2, months: 0, days: 0 } },
    ]);
    const memory = rememberedAt(at.law, '2026-11-20');
    expect(lawChanges(inForce(law, '2026-12-31'), memory)).toEqual([]);
    const [change] = lawChanges(inForce(law, '2027-01-01'), memory);
    expect(changeText(change!)).toBe(
      'P3Y last-genuine-contact, from 2018-05-25 → P2Y last-genuine-contact, from 2027-01-01',
    );
  });

  it('is none where the author of the charter chose another law', () => {
    const retention = at.law.charter.retention.map((rule) => ({ ...rule, from: 'fr-cnil/donors' }));
    const law = { ...at.law, charter: { ...at.law.charter, retention } };
    expect(lawChanges(inForce(law, '2026-11-20'), rememberedAt(at.law, '2026-11-20'))).toEqual([]);
  });
});

describe('planning under a changed law', () => {
  it('RET-10: is not refused at the first plan, which has nothing to be compared with', async () => {
    const { header } = await planOn(machine, at.law);
    expect(header.terms.lawSeen).toBeUndefined();
    await publishRules(at.admin, header, at.law);
  });

  it('RET-10: is refused on every machine until somebody was shown what the change does', async () => {
    for (const home of [machine, another]) {
      const refused = await planOn(home, twoYears()).catch((error: unknown) => error);
      expect(refused).toMatchObject({ name: 'RuleSetNotSeen' });
      const { problems } = refused as { problems: readonly { subject: string; actions: readonly string[] }[] };
      expect(problems.map(({ subject }) => subject)).toEqual(['retention.prospects', 'retention.prospect-leads']);
      expect(problems[0]!.actions[0]).toContain('retention forecast --accept-rule-set');
      expect(home.vault.holdings().filter(({ kind }) => kind === 'snapshot')).toHaveLength(home === machine ? 1 : 0);
    }
  });

  it('RET-10: is still refused when the record of who saw it was refused', async () => {
    const rules = inForce(twoYears(), '2026-11-20');
    const memory = await readLawMemory(ports(machine), (await at.admin.identity()).orgId);
    const recorded = recordLawSeen(ports(machine, at.officer), lawChanges(rules, memory), memory);
    await expect(recorded).rejects.toMatchObject({ name: 'RuleSetNotRecorded' });
    await expect(planOn(machine, twoYears())).rejects.toMatchObject({ name: 'RuleSetNotSeen' });
  });

  it('RET-10: shows the affected people in numbers, and records who was shown them and when', async () => {
    const { forecast, changes, seen } = await showLawChange({ policy: twoYears(), months: 3 }, ports(machine));
    expect(forecast.delta).toMatchObject({ dueNowInBoth: 1, newlyDue: 1, sooner: 1, noLongerDue: 0 });
    expect(changes.map(({ rule }) => rule)).toEqual(['prospects', 'prospect-leads']);
    const { userId } = await at.admin.identity();
    expect(seen).toEqual({ by: userId, at: START });
    const soql = 'SELECT RuleKey__c, DatedLaw__c, LawSeenBy__c FROM GardeRetentionRule__c ORDER BY RuleKey__c';
    const rows: Readonly<Record<string, unknown>>[] = [];
    for await (const row of at.admin.query(soql)) rows.push(row);
    expect(rows).toMatchObject([
      { RuleKey__c: 'prospect-leads', LawSeenBy__c: userId, DatedLaw__c: expect.stringContaining('"P2Y"') },
      { RuleKey__c: 'prospects', LawSeenBy__c: userId, DatedLaw__c: expect.stringContaining('"P2Y"') },
    ]);
  });

  it('RET-10: goes on then, on every machine, and the plan says who was shown it', async () => {
    const { userId } = await at.admin.identity();
    for (const home of [machine, another]) {
      const { header } = await planOn(home, twoYears());
      expect(header.terms.lawSeen).toEqual(
        ['prospects', 'prospect-leads'].map((rule) => ({ rule, by: userId, at: START })),
      );
      await publishRules(at.admin, header, twoYears());
    }
    await expect(planOn(another, at.law)).rejects.toMatchObject({ name: 'RuleSetNotSeen' });
  });

  it('has nothing to show when nothing changed', async () => {
    const { changes, seen, forecast } = await showLawChange({ policy: twoYears(), months: 1 }, ports(machine));
    expect({ changes, seen, delta: forecast.delta }).toEqual({ changes: [], seen: undefined, delta: undefined });
  });

  it('names the record whose memory somebody wrote over', async () => {
    const ids: string[] = [];
    for await (const row of at.admin.query("SELECT Id FROM GardeRetentionRule__c WHERE RuleKey__c = 'prospects'"))
      ids.push(row['Id'] as string);
    await at.admin.update('GardeRetentionRule__c', [{ Id: ids[0]!, DatedLaw__c: '{"duration":3}' }]);
    await expect(planOn(machine, twoYears())).rejects.toMatchObject({ name: 'PlannedLawUnreadable' });
  });
});
