import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { TEXT_KEYS } from '../../scripts/reports/textKeys.ts';
import { textsFor } from '../../scripts/reports/texts.ts';

const read = (language: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(`messages/${language}/reports.json`, 'utf8')) as Readonly<Record<string, string>>;
const placeholders = (text: string | undefined): readonly string[] =>
  [...(text ?? '').matchAll(/\{\w+\}/g)].map(String).sort();
const english = read('en');
const french = read('fr');

describe('texts of reports', () => {
  it.each(['en', 'fr'])('in %s are exactly the keys that the code knows', (language) => {
    expect(Object.keys(read(language)).sort()).toEqual([...TEXT_KEYS].sort());
  });

  it('have the same placeholders in both languages', () => {
    expect(TEXT_KEYS.filter((key) => String(placeholders(english[key])) !== String(placeholders(french[key])))).toEqual(
      [],
    );
  });

  it('are all used by the code, by name or by a name made of parts', () => {
    const code = readdirSync('scripts/reports')
      .filter((file) => !file.endsWith('TextKeys.ts') && file !== 'textKeys.ts')
      .map((file) => readFileSync(`scripts/reports/${file}`, 'utf8'))
      .join('\n');
    const made = [
      ...code.matchAll(
        /`(audit\.[\w.]*|plan\.[\w.]+|forecast\.[\w.]+|match\.[\w.]+|anonymisation\.[\w.]+|scan\.[\w.]+)\$\{/g,
      ),
    ].map(([, start]) => start ?? '');
    // words of a plan are looked up by kind and code, its columns by name
    const looked = [...code.matchAll(/\bword\('(\w+)'/g)].map(([, kind]) => `plan.${kind ?? ''}.`);
    const listed = [...code.matchAll(/'([\w.]+)'/g)].map(([, name]) => `plan.${name ?? ''}`);
    const unused = TEXT_KEYS.filter(
      (key) =>
        !code.includes(`'${key}'`) &&
        ![...made, ...looked].some((start) => key.startsWith(start)) &&
        !listed.includes(key),
    );
    expect(unused).toEqual([]);
  });

  it('fill placeholders and write numbers as each language does', () => {
    expect(textsFor('en').say('audit.hiddenRows', { count: 12345 })).toBe('about 12,345 records');
    expect(textsFor('fr').say('audit.hiddenRows', { count: 12345 })).toBe('environ 12\u202f345 enregistrements');
    expect(textsFor('fr').instant('2026-11-22T23:30:00Z', 'Europe/Paris')).toContain('23 novembre 2026');
  });
});
