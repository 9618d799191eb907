import { describe, expect, it } from '@jest/globals';
import { CHECKS, FINDING_CODES } from '../../scripts/disposal/anonymity/contract.ts';
import type { AnonymisationTerms } from '../../scripts/model/anonymisation.ts';
import { anonymisationHtml } from '../../scripts/reports/anonymisationHtml.ts';
import { textsFor } from '../../scripts/reports/texts.ts';
import { hierarchies } from '../disposal/knowledge.ts';

const finding = (code: string, check = 'linkability', until: string | null = null) => ({
  ...{ check, code, place: 'Contact.Rank__c', count: 3, until },
});

const terms = (over: Partial<AnonymisationTerms> = {}): AnonymisationTerms => ({
  people: [
    {
      ...{ object: 'Contact', anonymised: 6, pseudonymised: 7, crowd: 13, k: 5, kReached: 6, l: 2, lReached: null },
      ...{ suppressed: 0, emptied: [], sizes: [{ from: 5, to: 10, groups: 2, people: 13 }] },
      generalisations: [
        { key: 'Birthdate', step: 'year', level: 0, levels: 3 },
        { key: 'MailingPostalCode', step: 'area', level: 0, levels: 4 },
      ],
    },
  ],
  findings: [],
  statistics: [
    {
      ...{ key: 'giving', object: 'Gift__c', sum: 'Amount__c', people: 11, suppressed: { before: 3, after: 1 } },
      ...{ dimensions: ['Year', 'Donor__r.<Place>'], firm: 1 },
      ...{ before: { rows: 30, sum: '935.75' }, after: { rows: 30, sum: '935.75' } },
      cells: [
        {
          values: ['2015', '69'],
          isRest: false,
          before: { rows: 12, sum: '31.50' },
          after: { rows: 12, sum: '31.50' },
        },
        { values: ['2015', null], isRest: true, before: null, after: { rows: 18, sum: '904.25' } },
      ],
    },
  ],
  ...over,
});

const page = (of: AnonymisationTerms, language: 'en' | 'fr' = 'en'): string =>
  anonymisationHtml({ orgName: 'Les Mains <Tendues>', asOf: '2026-11-20', anonymisation: of }, textsFor(language));

const plainText = (html: string): string =>
  html
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the page about an anonymisation', () => {
  it('tells words, k, groups and steps, in both languages, without a hole and without markup of others', () => {
    for (const language of ['en', 'fr'] as const) {
      const made = page(terms(), language);
      expect(made).not.toContain('anonymisation.');
      expect(made).not.toMatch(/\{\w+\}/);
      expect(made).toContain('Les Mains &lt;Tendues&gt;');
      expect(made).not.toContain('<Place>');
    }
    const english = plainText(page(terms()));
    expect(english).toContain('6 people may be called anonymised, 7 pseudonymised');
    expect(english).toContain('Birthdate year 1 / 3');
    expect(english).toContain('MailingPostalCode department or area 1 / 4');
    expect(english).toContain('5–10 2 13');
  });

  it('sets totals side by side and says how many cells are told nowhere', () => {
    const english = plainText(page(terms()));
    expect(english).toContain('2015 · 69 31.5 31.5');
    expect(english).toContain('2015 · rest – 904.25');
    expect(english).toContain('3 before, 1 after');
    const [giving] = terms().statistics;
    const counted = terms({ statistics: [{ ...giving!, sum: null, cells: [{ ...giving!.cells[0]!, before: null }] }] });
    expect(plainText(page(counted))).toContain('2015 · 69 – 31.5');
  });

  it('says why somebody is pseudonymised, and until when', () => {
    const until = (day: string | null) =>
      plainText(page(terms({ findings: [finding('copies-remain', 'linkability', day)] })));
    expect(until('2027-02-18')).toContain('3 2027-02-18');
    expect(until(null)).toContain('no day known');
    expect(until(null)).toContain('copies outside the org');
  });

  it('has a text for every finding, check and step', () => {
    const findings = FINDING_CODES.flatMap((code) => CHECKS.map((check) => finding(code, check)));
    const steps = Object.values(hierarchies.hierarchies).flatMap((own) =>
      own.kind === 'bands' ? own.steps.map(({ step }) => step) : own.steps,
    );
    const [people] = terms().people;
    const generalisations = [...steps, 'none'].map((step) => ({ key: 'x', step, level: 0, levels: 1 }));
    for (const language of ['en', 'fr'] as const) {
      expect(page(terms({ findings }), language)).not.toContain('anonymisation.');
      const emptied = { ...people!, emptied: ['Illness__c'], generalisations };
      expect(page(terms({ people: [emptied] }), language)).not.toContain('anonymisation.');
    }
  });
});
