import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, parseLocalDate, type LocalDate } from '../../scripts/kernel/legalPeriod.ts';
import { ACTIONS, type RetentionRule } from '../../scripts/model/charter.ts';
import { decidePerson, decisionDigest } from '../../scripts/retention/decidePerson.ts';
import { dueDayOf } from '../../scripts/retention/dueDay.ts';
import type { RuleInForce } from '../../scripts/retention/rules.ts';
import type { Fact } from '../../scripts/standing/facts.ts';
import type { FactKind } from '../../scripts/standing/factSources.ts';

const day = (text: string): LocalDate => parseLocalDate(text)!;
const text = { en: 't', fr: 't' };
type Given = {
  readonly clock?: string;
  readonly years?: number;
  readonly needs?: readonly string[];
  readonly count?: number;
};
const ruleOf = (
  key: string,
  over: Partial<RetentionRule>,
  { clock = 'last-genuine-contact', years = 3, needs, count }: Given = {},
): RuleInForce => ({
  rule: { ...{ key, purpose: key, from: `set/${key}`, people: 'Contact', where: [], action: 'purge' }, ...over },
  law: {
    ...{ key, title: text, clock, after: text, duration: { years }, effectiveFrom: '2018-01-01', legalGround: text },
    source: { title: 's', consultedOn: '2026-11-22' },
    ...(count === undefined ? {} : { solicitations: count }),
  },
  duration: { years },
  ...(needs === undefined ? {} : { needs }),
});
const fact = (kind: FactKind, date: string | null, over: Partial<Fact> & { readonly clock?: string } = {}): Fact => ({
  source: {
    ...{ key: kind, kind, object: 'X', via: 'Y', to: 'Contact', where: [], optional: true, shared: false },
    ...(over.clock === undefined ? {} : { clock: over.clock }),
    ...(kind === 'fiscal' ? { needs: ['user.name'] } : {}),
  },
  ...{ target: 'p1', record: 'r1', date: date === null ? null : day(date), until: over.until ?? null },
});
const left = (date: string): Fact => fact('event', date, { clock: 'end-of-membership' });
const decide = (
  rules: readonly RuleInForce[],
  facts: readonly Fact[],
  asOf = '2026-01-01',
  exceptions?: readonly string[],
) =>
  decidePerson(
    {
      person: {
        ...{ id: 'p1', collected: day('2010-01-01'), links: [], rules: rules.map(({ rule }) => rule.key) },
        ...(exceptions === undefined ? {} : { exceptions }),
      },
      facts,
    },
    { rules },
    day(asOf),
  );

const prospects = ruleOf('prospects', {});
const members = ruleOf('members', { action: 'archive' }, { clock: 'end-of-membership', years: 0 });

describe('rules with several actions', () => {
  it('RET-04: where one archives, a duty keeps nobody in the active base any more', () => {
    const duty = fact('fiscal', '2020-05-01', { until: day('2031-05-01') });
    const facts = [left('2019-12-31'), duty];
    expect(decide([prospects], facts)).toMatchObject({ verdict: 'kept', reason: { code: 'fiscal-duty' } });
    expect(decide([prospects, members], facts)).toMatchObject({
      ...{ verdict: 'due', rule: 'members', actions: [{ rule: 'members', action: 'archive' }] },
    });
    expect(decide([prospects, members], [...facts, fact('hold', null)])).toMatchObject({
      ...{ verdict: 'kept', reason: { code: 'hold' }, actions: [] },
    });
    // who never was a member is kept as before
    expect(decide([prospects, members], [duty])).toMatchObject({ reason: { code: 'fiscal-duty' } });
  });

  it('do what the purpose that ended last wants', () => {
    const donors = ruleOf('donors', { action: 'anonymise' }, { years: 5 });
    expect(decide([prospects, donors], [fact('contact', '2015-01-01')])).toMatchObject({
      ...{ rule: 'donors', actions: [{ action: 'anonymise' }] },
    });
    expect(decide([donors, prospects], [fact('contact', '2022-06-01')])).toMatchObject({
      verdict: 'kept',
      rule: 'donors',
    });
  });

  it('leave alone whom an exception names', () => {
    expect(decide([prospects], [], '2026-01-01', ['prospects/honorary'])).toMatchObject({
      ...{ verdict: 'kept', reason: { code: 'exception', facts: { by: 'honorary' } } },
    });
    expect(decide([prospects], [], '2026-01-01', ['prospects-2/honorary']).verdict).toBe('due');
  });

  it('announce before a person falls due, and only then', () => {
    const warned = ruleOf('prospects', { warnBefore: { months: 2 } });
    const facts = [fact('contact', '2023-03-15')];
    expect(decide([warned], facts, '2026-01-14').reason.code).toBe('recent-contact');
    expect(decide([warned], facts, '2026-01-31')).toMatchObject({
      ...{ verdict: 'kept', until: '2026-03-15', reason: { code: 'due-soon', facts: { until: '2026-03-15' } } },
    });
    expect(decide([warned], facts, '2026-03-16').verdict).toBe('due');
  });

  it('RET-09: two unanswered solicitations propose to stop, an answer begins anew', () => {
    const stop = ruleOf('appeals', { action: 'restrict' }, { clock: 'unanswered-solicitations', years: 0, count: 2 });
    const asked = ['2025-03-01', '2025-03-01', '2025-09-01'].map((date) => fact('solicitation', date));
    const code = (facts: readonly Fact[]) => decide([stop], facts).reason.code;
    expect(code(asked.slice(0, 2))).toBe('not-concerned');
    expect(decide([stop], asked)).toMatchObject({
      ...{ verdict: 'due', actions: [{ rule: 'appeals', action: 'restrict' }] },
      reason: { code: 'no-answer', facts: { date: '2025-09-01' } },
    });
    expect(code([...asked, fact('contact', '2025-06-01')])).toBe('not-concerned');
    expect(code([...asked, fact('contact', '2025-09-01')])).toBe('not-concerned');
    // nothing is lost by being left alone: a dispute does not forbid it
    expect(code([...asked, fact('hold', null)])).toBe('no-answer');
  });

  it('take away what no running purpose needs, when all say what they need', () => {
    const care = ruleOf('care', {}, { years: 2 });
    const news = ruleOf('news', {}, { years: 6, needs: ['user.name', 'user.contact.email'] });
    const facts = [fact('contact', '2022-01-01')];
    expect(decide([care, news], facts)).toMatchObject({
      ...{ verdict: 'due', rule: 'care' },
      actions: [{ action: 'purge', fields: { categories: ['user'], needed: ['user.contact.email', 'user.name'] } }],
    });
    expect(decide([care, ruleOf('news', {}, { years: 6 })], facts)).toMatchObject({ verdict: 'kept', rule: 'news' });
    expect(decide([care, news], [...facts, fact('hold', null)])).toMatchObject({ reason: { code: 'hold' } });
    const duty = fact('fiscal', '2022-01-01', { until: day('2033-01-01') });
    expect(decide([care, news], [...facts, duty]).verdict).toBe('kept');
  });

  it('purge only some categories of somebody who stays', () => {
    const health = ruleOf('health', { categories: ['user.health_and_medical'] }, { years: 1 });
    const news = ruleOf('news', {}, { years: 6, needs: ['user.name'] });
    const facts = [fact('contact', '2024-01-01')];
    expect(decide([health, news], facts)).toMatchObject({
      ...{ verdict: 'due', rule: 'health' },
      actions: [{ action: 'purge', fields: { categories: ['user.health_and_medical'], needed: ['user.name'] } }],
    });
    expect(decide([health, ruleOf('news', {}, { years: 6 })], facts).verdict).toBe('kept');
  });

  it('give a plain purge the digest it always had, and every other action one of its own', () => {
    const plain = { rule: 'r', verdict: 'due' as const };
    expect(decisionDigest('p', { ...plain, actions: [{ rule: 'r', action: 'purge' }] })).toBe(
      decisionDigest('p', plain),
    );
    const digests = ACTIONS.map((action) => decisionDigest('p', { ...plain, actions: [{ rule: 'r', action }] }));
    expect(new Set(digests).size).toBe(ACTIONS.length);
  });

  it('fall due on the day the forecast says', () => {
    const someDay = fc
      .date({ min: new Date('2015-01-01'), max: new Date('2032-12-31'), noInvalidDate: true })
      .map((at) => at.toISOString().slice(0, 10));
    const someFact = fc
      .record({
        kind: fc.constantFrom<FactKind>('contact', 'event', 'hold', 'fiscal'),
        date: fc.option(someDay, { freq: 8 }),
        until: fc.option(someDay, { freq: 8 }),
      })
      .map(({ kind, date, until }) =>
        fact(kind, date, { clock: 'end-of-membership', ...(until === null ? {} : { until: day(until) }) }),
      );
    const asOf = day('2026-01-01');
    fc.assert(
      fc.property(fc.constantFrom(...ACTIONS), fc.array(someFact, { maxLength: 6 }), (action, facts) => {
        const rules = [
          ruleOf('prospects', { action }),
          ruleOf('members', { action }, { clock: 'end-of-membership', years: 1 }),
        ];
        const isLesser = action === 'restrict' || action === 'unlink';
        const known = {
          person: { id: 'p1', collected: day('2012-01-01'), links: [], rules: rules.map(({ rule }) => rule.key) },
          facts,
        };
        const due = dueDayOf(known, rules, asOf);
        const verdictOn = (at: LocalDate) => decidePerson(known, { rules }, at).verdict;
        if (due === 'no-end' || due === 'not-concerned') expect(verdictOn(day('2090-01-01'))).toBe('kept');
        else expect(verdictOn(due)).toBe('due');
        if (!isLesser && due > asOf && due !== 'no-end' && due !== 'not-concerned')
          expect(verdictOn(addDays(due, -1))).toBe('kept');
      }),
      { numRuns: 300 },
    );
  });
});
