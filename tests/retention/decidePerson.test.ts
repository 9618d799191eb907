import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseLocalDate, type LocalDate } from '../../scripts/kernel/legalPeriod.ts';
import { parsePack } from '../../scripts/model/parsePack.ts';
import { parseRuleSet } from '../../scripts/model/parseRuleSet.ts';
import type { RetentionRule } from '../../scripts/model/charter.ts';
import type { Result } from '../../scripts/kernel/result.ts';
import type { OrgRow } from '../../scripts/org/port.ts';
import { decidePerson } from '../../scripts/retention/decidePerson.ts';
import { declaredSources } from '../../scripts/standing/factSources.ts';
import { factOf } from '../../scripts/standing/facts.ts';

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
};
const day = (text: string): LocalDate => parseLocalDate(text)!;
const npsp = valueOf(parsePack(readFileSync('config/packs/npsp.yml', 'utf8')));
const law = valueOf(parseRuleSet(readFileSync('config/rules/fr-cnil.yml', 'utf8')));
const sources = declaredSources([npsp], [], ['Contact']).filter(({ kind }) => kind === 'contact' || kind === 'event');

const ruleOf = (key: string) => {
  const rule: RetentionRule = {
    key,
    purpose: 'p',
    from: `fr-cnil/${key}`,
    people: 'Contact',
    where: [],
    action: 'purge',
  };
  const dated = law.rules.find((one) => one.key === key)!;
  return { rule, law: dated, duration: dated.duration };
};

/** A membership that was bought on one day and ended on another. */
const membership = (from: string, to: string | null): OrgRow => ({
  ...{ Id: `006${from}`, npsp__Primary_Contact__c: 'p1', CloseDate: from, IsWon: true },
  ...{ npe01__Membership_Start_Date__c: from, npe01__Membership_End_Date__c: to },
});
const decide = (rows: readonly OrgRow[], asOf: string, rules = ['prospects', 'members']) => {
  const facts = rows.flatMap((row) =>
    sources.filter(({ object }) => object === 'Opportunity').flatMap((one) => factOf(one, row, 'Europe/Paris') ?? []),
  );
  const person = { id: 'p1', collected: day('2010-01-01'), links: [], rules };
  return decidePerson({ person, facts }, { rules: rules.map(ruleOf) }, day(asOf));
};

describe('a person whom several rules look at', () => {
  it('stays as long as one rule that concerns them says so, and that rule answers', () => {
    expect(decide([membership('2018-01-01', '2027-12-31')], '2026-01-01')).toMatchObject({
      ...{ verdict: 'kept', rule: 'members', until: '2027-12-31' },
      reason: { code: 'period-running', facts: { source: 'membership', date: '2027-12-31' } },
    });
  });

  it('is due when the membership is over and nobody heard of them for the period of prospects', () => {
    expect(decide([membership('2018-01-01', '2018-12-31')], '2026-01-01').verdict).toBe('due');
    expect(decide([membership('2024-01-01', '2024-12-31')], '2026-01-01')).toMatchObject({
      ...{ verdict: 'kept', rule: 'prospects', until: '2027-01-01' },
    });
  });

  it('who never was a member is none of the business of the rule on members', () => {
    expect(decide([], '2026-01-01')).toMatchObject({ verdict: 'due', rule: 'prospects' });
    expect(decide([], '2026-01-01', ['members'])).toMatchObject({
      ...{ verdict: 'kept', rule: 'members', until: null, reason: { code: 'not-concerned' } },
    });
  });

  it('who is a member without an end stays', () => {
    expect(decide([membership('2018-01-01', null)], '2026-01-01')).toMatchObject({
      ...{ verdict: 'kept', rule: 'members', reason: { code: 'undated-event' } },
    });
  });
});
