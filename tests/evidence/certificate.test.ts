import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { certificateValues, type CertificateInput } from '../../scripts/evidence/certificate.ts';
import { renderLetter } from '../../scripts/letters/renderLetter.ts';
import { planTerms } from '../../scripts/model/plan.ts';
import type { RunSummary } from '../../scripts/model/run.ts';
import { exampleFrame } from '../plan/examplePlan.ts';

const terms = (hidden: readonly string[]) =>
  planTerms.parse({
    ...exampleFrame({
      completeness: {
        ...{ absent: [], filesVisible: 'seen' as const, hidden: [...hidden] },
        state: hidden.length > 0 ? 'incomplete' : 'complete',
      },
    }),
    ...{ considered: 9, steps: 4, calls: 10, irreversible: 0.5, stepCounts: [] },
    effects: [{ object: 'Task', effect: 'cascade', count: 3 }],
    reasons: [
      {
        rule: 'prospects',
        verdict: 'kept',
        code: 'fiscal-duty',
        count: 7,
        until: { first: '2029-01-01', last: '2031-02-01' },
      },
    ],
  });
const summary: RunSummary = {
  ...{ runId: 'run-1', planDigest: 'ab'.repeat(32), state: 'partly-done', stopCause: null, stopCode: null },
  counts: { done: 2, 'already-done': 0, changed: 2, 'put-back': 0, refused: 0 },
  persons: { done: 1, changed: 1, refused: 0, left: 0 },
  doneBy: [{ object: 'Contact', operation: 'purge', count: 1 }],
  notDone: [{ code: 'recent-contact', count: 2 }],
  ...{ tiers: [], calls: { predicted: 10, used: 9, budget: 100 }, window: { median: 0, longest: 0 } },
};
const render = (
  language: 'en' | 'fr',
  hidden: readonly string[],
  timestampedAt: string | null = null,
  more: object = {},
): string => {
  const texts = JSON.parse(readFileSync(`messages/${language}/plan.json`, 'utf8')) as Readonly<Record<string, string>>;
  const input: CertificateInput = {
    ...{
      language,
      summary,
      terms: planTerms.parse({ ...terms(hidden), ...more }),
      planDigest: 'ab'.repeat(32),
      controller: 'Les <Amis>',
    },
    ...{ issuedOn: '2026-11-20', checkpoint: { size: 6, root: 'cd'.repeat(32), note: 'origin\n6\nroot' } },
    ...{ timestampedAt, proof: { file: 'certificate-1.proof.ndjson', verifier: 'verify-ledger.mjs' } },
    ...{ leafFileHash: 'ef'.repeat(32), verifierKey: 'garde-ledger/x+00+y' },
    say: (key) => texts[key] ?? key,
  };
  const file = `config/templates/certificate.${language}.hbs`;
  return renderLetter({ file, text: readFileSync(file, 'utf8') }, certificateValues(input));
};

describe('certificate', () => {
  it('says what was done, what was not, what is kept why and until when, and what is out of reach', () => {
    const html = render('en', []);
    for (const part of [
      'removed from the recycle bin, beyond recall',
      'was in touch within the period',
      'fiscal or accounting records must be kept',
      '2029-01-01 – 2031-02-01',
      'Out of reach',
      'Les &lt;Amis&gt;',
      'No place that the packs and the charter name was hidden',
      'the file itself was not examined',
    ]) {
      expect(html).toContain(part);
    }
  });

  it('says of people with a pseudonym that they are pseudonymised, until when it can be told, and nothing more', () => {
    const findings = [{ check: 'linkability', code: 'file-remains', place: 'ContentDocument', count: 1, until: null }];
    const people = [{ object: 'Contact', count: 7, first: '2031-11-20', last: '2033-01-01' }];
    const told = (language: 'en' | 'fr') =>
      render(language, [], null, { pseudonymisation: { people, findings } }).replace(/\s+/g, ' ');
    expect(told('en')).toMatch(/these data are pseudonymised\..*Contact.*2031-11-20 – 2033-01-01.*>7</);
    expect(told('en')).toMatch(/What leads to them without their archive.*ContentDocument/);
    expect(told('fr')).toContain('ces données sont pseudonymisées');
    for (const language of ['en', 'fr'] as const)
      expect(told(language).replaceAll('anonymisation.finding', '')).not.toMatch(/\banonymi/i);
  });

  it('RET-08: says of an anonymisation which word may be said, what speaks against the other, and totals', () => {
    const amount = { rows: 12, sum: '31.50' };
    const anonymisation = {
      people: [
        {
          ...{ object: 'Contact', anonymised: 6, pseudonymised: 7, crowd: 13, k: 5, kReached: 6, l: 2, lReached: null },
          ...{ suppressed: 0, emptied: [], sizes: [], generalisations: [] },
        },
      ],
      findings: [{ check: 'linkability', code: 'file-remains', place: 'ContentDocument', count: 7, until: null }],
      statistics: [
        {
          ...{ key: 'giving', object: 'Gift__c', sum: 'Amount__c', people: 11, dimensions: ['Year'], firm: 1 },
          ...{ before: amount, after: amount, suppressed: { before: 0, after: 2 } },
          cells: [{ values: ['2015'], isRest: false, before: amount, after: amount }],
        },
      ],
    };
    for (const language of ['en', 'fr'] as const) {
      const html = render(language, [], null, { anonymisation });
      for (const part of ['giving · 2015', '31.50', 'ContentDocument']) expect(html).toContain(part);
    }
    const html = render('en', [], null, { anonymisation }).replace(/\s+/g, ' ');
    expect(html).toContain('6 may be called anonymised, 7 pseudonymised');
    expect(html).toContain('told nowhere by themselves: 2');
    expect(render('en', [])).not.toContain('may be called anonymised');
  });

  it('EVI-04: says that no third party time-stamped it, in both languages', () => {
    expect(render('en', [])).toContain('not time-stamped by a third party');
    expect(render('fr', [])).toContain('n’est pas horodatée par un tiers');
  });

  it('EVI-04: says when a third party time-stamped it', () => {
    expect(render('en', [], '2026-11-20T10:00:00.000Z')).toContain(
      'time-stamped by a third party (RFC 3161) on 2026-11-20',
    );
    expect(render('fr', [], '2026-11-20T10:00:00.000Z')).toContain('horodaté par un tiers (RFC 3161) le 2026-11-20');
    expect(render('en', [], '2026-11-20T10:00:00.000Z')).not.toContain('not time-stamped');
  });

  it('gives its holder the signed checkpoint and how to verify it, and can be printed', () => {
    for (const language of ['en', 'fr'] as const) {
      const html = render(language, []);
      expect(html).toContain('<pre>origin\n6\nroot</pre>');
      expect(html).toContain('node verify-ledger.mjs certificate-1.proof.ndjson --key garde-ledger/x+00+y');
      expect(html).toContain('@media print');
    }
  });

  it('begins by saying that it is incomplete when anything was hidden, lists it, and never says complete', () => {
    for (const language of ['en', 'fr'] as const) {
      const html = render(language, ['Legal_Hold__c', 'Contact.Health__c']);
      const body = html.slice(html.indexOf('<body>'));
      expect(body.trim()).toMatch(/^<body>\s*<p class='warning'>Incompl/);
      expect(body).toContain('Contact.Health__c');
      expect(body).not.toMatch(/(?<!in)\bcompl(ete|et|ète)\b/i);
      expect(render(language, [])).not.toMatch(/\bcompl(ete|et|ète)\b/i);
    }
  });

  it('has the same texts in both languages', () => {
    const keys = (language: string) =>
      Object.keys(JSON.parse(readFileSync(`messages/${language}/plan.json`, 'utf8')) as object);
    expect(keys('fr')).toEqual(keys('en'));
  });
});
