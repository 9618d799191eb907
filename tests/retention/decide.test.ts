import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLocalDate, type LocalDate } from '../../scripts/kernel/legalPeriod.ts';
import { decideRetention } from '../../scripts/retention/decide.ts';
import type { ClockReading, Standing } from '../../scripts/standing/standingAt.ts';

const day = (text: string): LocalDate => parseLocalDate(text)!;
const terms = { key: 'prospects', clock: 'last-genuine-contact', duration: { years: 3 } };
const reading = (over: Partial<ClockReading>): Standing['clocks'] =>
  new Map([[terms.clock, { since: { date: day('2020-02-29'), source: 'call' }, undated: [], ...over }]]);
const standing = (over: Partial<Standing>): Standing => ({ clocks: reading({}), fiscal: [], holds: [], ...over });
const decide = (over: Partial<Standing>, asOf: string) => decideRetention(terms, standing(over), day(asOf));

describe('retention decision', () => {
  it('keeps to the last day of the period and is due the day after', () => {
    expect(decide({}, '2023-02-28')).toMatchObject({ verdict: 'kept', until: '2023-02-28' });
    expect(decide({}, '2023-03-01')).toEqual({
      verdict: 'due',
      until: null,
      reason: { code: 'no-contact', facts: { source: 'call', date: '2020-02-29', since: '2023-02-28' } },
    });
  });

  it('RET-03: is never due under a hold, and says which and until when', () => {
    const holds = [{ key: 'open-request-contact', until: null }];
    expect(decide({ holds, fiscal: [{ key: 'receipt', until: day('2031-01-01') }] }, '2026-01-01')).toEqual({
      verdict: 'kept',
      until: null,
      reason: { code: 'hold', facts: { by: 'open-request-contact', until: null, also: 'fiscal-duty' } },
    });
  });

  it('keeps fiscal records, undated contacts and people whose clock nobody knows', () => {
    const fiscal = [{ key: 'receipt', until: day('2031-01-01') }];
    expect(decide({ fiscal }, '2026-01-01')).toMatchObject({ verdict: 'kept', until: '2031-01-01' });
    expect(decide({ clocks: reading({ undated: ['call'] }) }, '2026-01-01').reason.code).toBe('undated-contact');
    expect(decide({ clocks: reading({ since: null }) }, '2026-01-01').reason.code).toBe('clock-unknown');
  });

  it('once due stays due on every later day', () => {
    const dates = fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, dates, fc.nat(5000), (contact, asOf, more) => {
        const at = (date: Date): LocalDate => day(date.toISOString().slice(0, 10));
        const clocks = reading({ since: { date: at(contact), source: 'call' } });
        const later = at(new Date(asOf.getTime() + more * 86_400_000));
        fc.pre(decideRetention(terms, standing({ clocks }), at(asOf)).verdict === 'due');
        expect(decideRetention(terms, standing({ clocks }), later).verdict).toBe('due');
      }),
    );
  });
});

describe('a rule whose clock is an event', () => {
  const members = { key: 'members', clock: 'end-of-membership', duration: { years: 3 } };
  const ended = (since: ClockReading['since'], undated: readonly string[] = []): Standing =>
    standing({ clocks: new Map([['end-of-membership', { since, undated }]]) });
  const member = (end: string): Standing => ended({ date: day(end), source: 'membership' });

  it('counts from its latest event, and names that event', () => {
    expect(decideRetention(members, member('2022-12-31'), day('2025-12-31'))).toEqual({
      verdict: 'kept',
      until: '2025-12-31',
      reason: { code: 'period-running', facts: { source: 'membership', date: '2022-12-31', until: '2025-12-31' } },
    });
    expect(decideRetention(members, member('2022-12-31'), day('2026-01-01'))).toMatchObject({
      verdict: 'due',
      reason: { code: 'period-over' },
    });
  });

  it('keeps who is still a member, with an end to come or none at all', () => {
    expect(decideRetention(members, member('2027-12-31'), day('2026-01-01')).until).toBe('2030-12-31');
    expect(decideRetention(members, ended(null, ['membership']), day('2026-01-01')).reason).toEqual({
      code: 'undated-event',
      facts: { by: 'membership', also: 'clock-unknown' },
    });
  });

  it('says nothing about people without any', () => {
    expect(decideRetention(members, standing({}), day('2026-01-01'))).toEqual({
      verdict: 'kept',
      until: null,
      reason: { code: 'not-concerned', facts: { clock: 'end-of-membership' } },
    });
  });
});
