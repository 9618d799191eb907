import { describe, expect, it } from '@jest/globals';
import type { Attribute, FindingCode, PopulationRow } from '../../scripts/disposal/anonymity/contract.ts';
import { CHECKS, FINDING_CODES } from '../../scripts/disposal/anonymity/contract.ts';
import { planAnonymisation } from '../../scripts/disposal/anonymity/planAnonymisation.ts';
import { planTotals } from '../../scripts/disposal/anonymity/totals.ts';
import { copiesFinding, verdictOf } from '../../scripts/disposal/anonymity/verdict.ts';
import type { LocalDate } from '../../scripts/kernel/legalPeriod.ts';
import { anonymisationHtml, type AnonymisationReport } from '../../scripts/reports/anonymisationHtml.ts';
import { textsFor } from '../../scripts/reports/texts.ts';
import { hierarchies } from '../disposal/knowledge.ts';

const TODAY = '2026-11-20' as LocalDate;
const ATTRIBUTES: readonly Attribute[] = [
  { key: 'Birthdate', role: 'quasi-identifier', hierarchy: 'date', from: 'year', type: 'date' },
  { key: 'MailingPostalCode', role: 'quasi-identifier', hierarchy: 'postcode', from: 'area', type: 'string' },
];
const people = (count: number, values: readonly string[]): readonly PopulationRow[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${values.join()} ${i}`, values }));

const gift = (n: number, place: string, amount: number) => ({
  ...{ id: `g${n}`, person: `p${n}`, cell: ['2015', place], amount },
});

const report = (over: Partial<AnonymisationReport> = {}): AnonymisationReport => {
  const rows = [...people(6, ['1961-03-04', '69003']), ...people(7, ['1975-03-04', '<b>'])];
  const plan = planAnonymisation(
    { attributes: ATTRIBUTES, rows: () => rows },
    { k: 5, l: 2, suppressedAtMost: 0.05, country: 'FR' },
    hierarchies,
  );
  const gifts = [1, 2, 3]
    .map((n) => gift(n, '69', 10.5))
    .concat([gift(4, '48', 900), gift(5, '48', 1.25), gift(5, '47', 3)]);
  const totals = planTotals(gifts, { dimensions: ['year', 'department'], firm: 1, k: 2 });
  return {
    ...{ orgName: 'Les Mains <Tendues>', object: 'Contact', asOf: TODAY, k: 5, l: 2, plan, classes: plan.classes(10) },
    verdict: verdictOf([], TODAY),
    statistics: [{ name: 'gifts', k: 2, dimensions: ['year', 'department'], firm: 1, totals }],
    ...over,
  };
};

const plainText = (page: string): string =>
  page
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the page about an anonymisation', () => {
  it('tells k, groups, steps and totals, in both languages, without a hole and without markup of others', () => {
    for (const language of ['en', 'fr'] as const) {
      const page = anonymisationHtml(report(), textsFor(language));
      expect(page).not.toContain('anonymisation.');
      expect(page).not.toMatch(/\{\w+\}/);
      expect(page).toContain('Les Mains &lt;Tendues&gt;');
      expect(page).not.toContain('<b>1975');
    }
    const english = plainText(anonymisationHtml(report(), textsFor('en')));
    expect(english).toContain('Birthdate year 1 / 3');
    expect(english).toContain('MailingPostalCode department or area 1 / 4');
    expect(english).toContain('5–10 2 13');
    expect(english).toContain('Birthdate: 1961-01-01 · MailingPostalCode: 69 6');
  });

  it('sets totals side by side; a cell that goes into the rest does not tell how few it had', () => {
    const english = plainText(anonymisationHtml(report(), textsFor('en')));
    expect(english).toContain('2015 · 69 31.5 31.5 3');
    expect(english).toContain('2015 · 47 3 – < 2'.replace('<', '&lt;'));
    expect(english).toContain('2015 · rest – 904.25 2');
  });

  it('says why it is pseudonymised, and until when', () => {
    const until = (copies: { readonly days: number } | undefined) =>
      plainText(
        anonymisationHtml(report({ verdict: verdictOf([copiesFinding(copies, TODAY)], TODAY) }), textsFor('en')),
      );
    expect(until({ days: 90 })).toContain('not anonymised, until 2027-02-18');
    expect(until(undefined)).toContain('no day is known');
    expect(until(undefined)).toContain('copies outside the org');
  });

  it('has a text for every finding, check and step', () => {
    for (const texts of [textsFor('en'), textsFor('fr')]) {
      const findings = FINDING_CODES.flatMap((code: FindingCode) =>
        CHECKS.map((check) => ({ check, code, until: null })),
      );
      const page = anonymisationHtml(report({ verdict: { word: 'pseudonymised', until: null, findings } }), texts);
      expect(page).not.toContain('anonymisation.');
      const steps = Object.values(hierarchies.hierarchies).flatMap((own) =>
        own.kind === 'bands' ? own.steps.map(({ step }) => step) : own.steps,
      );
      const plan = {
        ...report().plan,
        emptied: ['Illness__c'],
        generalisations: [...steps, 'none'].map((step) => ({
          ...{ key: 'x', hierarchy: 'y', step, level: 0, levels: 1 },
        })),
      };
      expect(anonymisationHtml(report({ plan }), texts)).not.toContain('anonymisation.');
    }
  });
});
