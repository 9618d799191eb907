import { describe, expect, it } from '@jest/globals';
import { figuresOf } from '../../scripts/reports/auditFigures.ts';
import { auditHtml } from '../../scripts/reports/auditHtml.ts';
import { sampleAudit, sampleView } from './sampleAudit.ts';

const english = auditHtml(sampleView('en'), 'Europe/Paris');
const french = auditHtml(sampleView('fr'), 'Europe/Paris');
const visibleText = (page: string): string =>
  page
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<title>[^]*?<\/title>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('the audit as a page', () => {
  it('says “incomplete” on its first line, with what is hidden', () => {
    expect(visibleText(english)).toMatch(/^Incomplete: 3 places are hidden/);
    expect(visibleText(french)).toMatch(/^Incomplet : 3 emplacements sont masqués/);
    expect(english.indexOf('Religion__c')).toBeLessThan(english.indexOf('<h1>'));
    expect(visibleText(english)).toContain('about 12 records');
  });

  it('says that all was seen only when nothing is hidden', () => {
    const seen = {
      ...sampleAudit,
      completeness: { ...sampleAudit.completeness, state: 'complete' as const, hidden: [] },
    };
    expect(visibleText(auditHtml(sampleView('en', seen), 'UTC'))).toMatch(/^Nothing relevant was hidden/);
    expect(english).not.toContain('Nothing relevant was hidden');
  });

  it('escapes whatever an org may be called: no label becomes markup', () => {
    expect(english).not.toContain('<script');
    expect(english).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(english).toContain('&quot;Amis&quot; &amp; Cie');
  });

  it('loads nothing and runs nothing: no script, no address, a policy that forbids both', () => {
    expect(english).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(english).not.toMatch(/\son\w+=|(?:src|href)=|@import|url\(/);
  });

  it('closes every element that it opens, in each language', () => {
    for (const page of [english, french]) {
      const open: string[] = [];
      for (const [, closing, name] of page.matchAll(/<(\/?)([a-z][\w]*)\b(?:"[^"]*"|[^>"])*?(?<!\/)>/g)) {
        if (['meta', 'br'].includes(name!)) continue;
        if (closing === '') open.push(name!);
        else expect(open.pop()).toBe(name);
      }
      expect(open).toEqual([]);
    }
    expect(french).toContain('<html lang="fr">');
  });

  it('describes each chart, and gives its numbers in a table', () => {
    const charts = [...english.matchAll(/<svg class="chart"[^>]*role="img" aria-labelledby="(\w+)"/g)].map(
      ([, id]) => id,
    );
    expect(charts).toEqual(['where', 'categories', 'findings']);
    for (const id of charts) expect(english).toContain(`<title id="${id}">`);
    expect([...english.matchAll(/<table>/g)]).toHaveLength([...english.matchAll(/<caption>/g)].length);
  });

  it('puts fields that the same people read in one row', () => {
    expect(english).toContain('Blood__c, Rhesus__c');
  });

  it('says of what could not be counted that it was not, and why', () => {
    expect(visibleText(english)).toContain('not counted (RequestRefused)');
  });

  it('counts what a board reads first', () => {
    expect(figuresOf(sampleAudit)).toEqual({
      people: 10,
      objects: 2,
      fields: 4,
      special: 1,
      undeclared: 1,
      findings: 6,
    });
  });
});
