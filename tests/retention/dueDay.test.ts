import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, parseLocalDate, type LocalDate } from '../../scripts/kernel/legalPeriod.ts';
import { dueDayOf } from '../../scripts/retention/dueDay.ts';
import { deltaTally, monthsFrom, policyTally } from '../../scripts/retention/forecastTally.ts';
import { decidePerson } from '../../scripts/retention/decidePerson.ts';
import type { RuleInForce } from '../../scripts/retention/rules.ts';
import type { Fact } from '../../scripts/standing/facts.ts';
import type { FactKind } from '../../scripts/standing/factSources.ts';

const day = (text: string): LocalDate => parseLocalDate(text)!;
const text = { en: 't', fr: 't' };
const ruleOf = (key: string, clock: string, years: number): RuleInForce => ({
  rule: { key, purpose: 'p', from: `set/${key}`, people: 'Contact', where: [], action: 'purge' },
  law: {
    ...{ key, title: text, clock, after: text, duration: { years }, effectiveFrom: '2018-01-01', legalGround: text },
    source: { title: 's', consultedOn: '2026-11-22' },
  },
  duration: { years },
});
const RULES = [ruleOf('prospects', 'last-genuine-contact', 3), ruleOf('members', 'end-of-membership', 1)];

const someDay = fc
  .date({ min: new Date('2015-01-01'), max: new Date('2032-12-31'), noInvalidDate: true })
  .map((at) => day(at.toISOString().slice(0, 10)));
const fact = fc
  .record({
    kind: fc.constantFrom<FactKind>('contact', 'event', 'hold', 'fiscal'),
    date: fc.option(someDay, { freq: 8 }),
    until: fc.option(someDay, { freq: 8 }),
  })
  .map(({ kind, date, until }): Fact => ({
    source: {
      ...{ key: kind, kind, object: 'X', via: 'Y', to: 'Contact', where: [], optional: true, shared: false },
      ...(kind === 'event' ? { clock: 'end-of-membership' } : {}),
    },
    ...{ target: 'p1', record: 'r1', date, until },
  }));
const person = (collected: LocalDate | null, facts: readonly Fact[]) => ({
  person: { id: 'p1', collected, links: [], rules: RULES.map(({ rule }) => rule.key) },
  facts,
});
const verdict = (known: ReturnType<typeof person>, asOf: LocalDate) =>
  decidePerson(known, { rules: RULES }, asOf).verdict;

describe('the day a person falls due', () => {
  const asOf = day('2026-01-01');

  it('is the first on which the plan would say so, and not a day before', () => {
    fc.assert(
      fc.property(fc.option(someDay, { freq: 8 }), fc.array(fact, { maxLength: 6 }), (collected, facts) => {
        const known = person(collected, facts);
        const due = dueDayOf(known, RULES, asOf);
        if (due === 'no-end' || due === 'not-concerned') {
          expect(verdict(known, day('2090-01-01'))).toBe('kept');
          return;
        }
        expect(verdict(known, due)).toBe('due');
        if (due > asOf) expect(verdict(known, addDays(due, -1))).toBe('kept');
      }),
      { numRuns: 500 },
    );
  });

  it('is none for somebody whose clock never started', () => {
    expect(
      dueDayOf({ ...person(null, []), person: { ...person(null, []).person, rules: ['members'] } }, RULES, asOf),
    ).toBe('not-concerned');
  });
});

describe('the counts of a forecast', () => {
  const asOf = day('2026-11-22');
  const dueDay = fc.oneof(someDay, fc.constantFrom('no-end' as const, 'not-concerned' as const));

  it('name each month once, across years', () => {
    expect(monthsFrom(asOf, 4)).toEqual(['2026-11', '2026-12', '2027-01', '2027-02']);
  });

  it('hold everybody once', () => {
    fc.assert(
      fc.property(fc.array(dueDay), fc.integer({ min: 1, max: 60 }), (days, months) => {
        const tally = policyTally(asOf, monthsFrom(asOf, months));
        for (const one of days) tally.add(one);
        const { people, dueNow, byMonth, later, noEnd, notConcerned } = tally.result();
        const sum = byMonth.reduce((total, count) => total + count, dueNow + later + noEnd + notConcerned);
        expect([people, sum]).toEqual([days.length, days.length]);
      }),
    );
  });

  it('RET-10: tell what a variant moves, person by person', () => {
    const delta = deltaTally(asOf);
    const [past, soon, far] = [day('2026-01-01'), day('2027-01-01'), day('2030-01-01')];
    delta.add(past, past);
    delta.add(past, far);
    delta.add(far, past);
    delta.add(far, soon);
    delta.add(soon, 'no-end');
    delta.add(soon, soon);
    delta.add(undefined, past);
    expect(delta.result()).toEqual({
      ...{ dueNowInBoth: 1, noLongerDue: 1, newlyDue: 2, sooner: 1, later: 1, unchanged: 1 },
    });
  });
});
