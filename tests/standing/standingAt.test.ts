import { describe, expect, it } from '@jest/globals';
import { parseLocalDate, type LocalDate } from '../../scripts/kernel/legalPeriod.ts';
import { pack, type PackInput } from '../../scripts/model/pack.ts';
import type { OrgRow } from '../../scripts/org/port.ts';
import { declaredSources, type FactSource } from '../../scripts/standing/factSources.ts';
import { factOf } from '../../scripts/standing/facts.ts';
import { standingAt } from '../../scripts/standing/standingAt.ts';

const day = (text: string): LocalDate => parseLocalDate(text)!;
const law = { en: 'law', fr: 'loi' };
const source = { title: 'source', consultedOn: '2026-11-20' };
const packInput: PackInput = {
  pack: 'test',
  version: '2026.11.0',
  title: law,
  sources: [source],
  genuineContacts: [
    {
      key: 'email-received',
      object: 'EmailMessage',
      via: 'RelatedToId',
      to: 'Contact',
      date: 'MessageDate',
      where: [{ field: 'Incoming', is: 'equal', value: true }],
      meaning: law,
    },
    { key: 'gift', object: 'Opportunity', via: 'Donor__r.Id', to: 'Contact', date: 'CloseDate', meaning: law },
  ],
  fiscalRecords: [
    {
      key: 'receipt',
      object: 'Opportunity',
      via: 'Donor__r.Id',
      to: 'Contact',
      date: 'CloseDate',
      keep: 'P6Y',
      law,
      source,
    },
  ],
  holds: [
    { key: 'membership', object: 'Membership__c', via: 'Contact__c', to: 'Contact', until: 'End__c', reason: law },
    { key: 'lawsuit', object: 'Hold__c', via: 'Contact__c', to: 'Contact', reason: law },
  ],
};
const sources = declaredSources([pack.parse(packInput)], [], ['Contact']);
const ofObject = (object: string): readonly FactSource[] => sources.filter((one) => one.object === object);
const factsOf = (object: string, rows: readonly OrgRow[]) =>
  rows.flatMap((row) => ofObject(object).flatMap((one) => factOf(one, row, 'Europe/Paris') ?? []));
const email = (Id: string, MessageDate: string | null, Incoming: boolean): OrgRow => ({
  ...{ Id, MessageDate, Incoming, RelatedToId: 'p1' },
});

const contactOf = (facts: ReturnType<typeof factsOf>, collected: string | null) =>
  standingAt(facts, collected === null ? null : day(collected), day('2026-01-01')).clocks.get('last-genuine-contact');

describe('standing of a person', () => {
  it('RET-01: starts the clock at the latest genuine contact over all paths, not at sends or edits', () => {
    const facts = [
      ...factsOf('EmailMessage', [
        email('e1', '2019-03-01T10:00:00.000+0000', true),
        email('e2', '2024-06-01T10:00:00.000+0000', false),
      ]),
      ...factsOf('Opportunity', [{ Id: 'o1', CloseDate: '2020-05-05', Donor__r: { Id: 'p1' } }]),
    ];
    expect(contactOf(facts, '2025-01-01')?.since).toEqual({ date: '2020-05-05', source: 'gift' });
  });

  it('starts the clock at the collection when nobody was ever in touch', () => {
    expect(contactOf([], '2021-01-01')?.since).toEqual({ date: '2021-01-01', source: 'collection' });
    expect(contactOf([], null)?.since).toBeNull();
  });

  it('takes the day of an instant in the controller’s time zone', () => {
    const [fact] = factsOf('EmailMessage', [email('e1', '2020-12-31T23:30:00.000+0000', true)]);
    expect(fact?.date).toBe('2021-01-01');
  });

  it('names contacts without a date instead of passing over them', () => {
    const facts = factsOf('EmailMessage', [email('e1', null, true)]);
    expect(contactOf(facts, '2010-01-01')?.undated).toEqual(['email-received']);
  });

  it('RET-03: keeps holds in force, without end first, and drops those that are over', () => {
    const facts = [
      ...factsOf('Membership__c', [
        { Id: 'm1', Contact__c: 'p1', End__c: '2025-12-31' },
        { Id: 'm2', Contact__c: 'p1', End__c: '2026-01-01' },
      ]),
      ...factsOf('Hold__c', [{ Id: 'h1', Contact__c: 'p1' }]),
    ];
    expect(standingAt(facts, null, day('2026-01-01')).holds).toEqual([
      { key: 'lawsuit', until: null },
      { key: 'membership', until: '2026-01-01' },
    ]);
  });

  it('keeps fiscal records to the last day of their period, and without end when they have no date', () => {
    const rows = [
      { Id: 'o1', CloseDate: '2020-01-01', Donor__r: { Id: 'p1' } },
      { Id: 'o2', CloseDate: '2019-06-30', Donor__r: { Id: 'p1' } },
    ];
    const facts = factsOf('Opportunity', rows);
    expect(standingAt(facts, null, day('2026-01-01')).fiscal).toMatchObject([{ key: 'receipt', until: '2026-01-01' }]);
    expect(standingAt(facts, null, day('2026-01-02')).fiscal).toEqual([]);
    const undated = factsOf('Opportunity', [{ Id: 'o3', CloseDate: null, Donor__r: { Id: 'p1' } }]);
    expect(standingAt(undated, null, day('2026-01-02')).fiscal).toMatchObject([{ key: 'receipt', until: null }]);
  });

  it('is about nobody when the row points to nobody', () => {
    expect(factsOf('Opportunity', [{ Id: 'o1', CloseDate: '2020-01-01', Donor__r: null }])).toEqual([]);
  });
});
