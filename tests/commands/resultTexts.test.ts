import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { resultTexts } from '../../scripts/commands/resultTexts.ts';
import { TIERS } from '../../scripts/plan/apply/ramp.ts';

const sources = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
const textsOf = (language: string, name: string) =>
  JSON.parse(readFileSync(`messages/${language}/${name}.json`, 'utf8')) as Record<string, string>;

const stages = new Set(
  sources('scripts')
    .flatMap((text) => [...text.matchAll(/\bstage: '([a-z]+(?:\.[a-zA-Z-]+)+)'/g)])
    .map(([, stage]) => stage!),
);
// one stage a tier of the ramp
TIERS.forEach((tier) => stages.add(`plan.apply.${tier}`));

describe('progress', () => {
  it.each(['en', 'fr'])('has a text in %s for every stage that a use case tells, and no other', (language) => {
    expect(Object.keys(textsOf(language, 'progress')).sort()).toEqual([...stages].sort());
  });
});

describe('texts of results', () => {
  const en = textsOf('en', 'commands');
  const fr = textsOf('fr', 'commands');
  const commands = sources('scripts/commands').join('\n');

  it('are the same in English and French, with as many blanks to fill', () => {
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort());
    const blanks = (text: string) => text.split('%s').length - 1;
    expect(Object.keys(en).filter((key) => blanks(en[key]!) !== blanks(fr[key]!))).toEqual([]);
  });

  it('hold every text that a command names', () => {
    const named = [...commands.matchAll(/\btext\(\s*'([^']+)'/g)].map(([, key]) => key!);
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((key) => !(key in en))).toEqual([]);
  });

  it('hold none that no command names, by itself or by how it begins', () => {
    const whole = new Set([...commands.matchAll(/'([a-z][\w.-]+)'/gi)].map(([, key]) => key!));
    const begun = [...commands.matchAll(/`([a-z]+\.[\w.]*)\$\{/gi)].map(([, key]) => key!);
    const unused = Object.keys(en).filter((key) => !whole.has(key) && !begun.some((start) => key.startsWith(start)));
    expect(unused).toEqual([]);
  });

  it('fill blanks in order, and write numbers as the language does', () => {
    const { text, cell } = resultTexts('fr');
    expect(text('retention.plan.done', [12, 3456, 'plan.json'])).toMatch(
      /^12 personnes sur 3\s456 sont échues : plan.json$/,
    );
    expect(cell('verdict', 'kept')).toBe('conservée');
    expect(cell('code', 'fiscal-duty')).toMatch(/fiscal/);
    expect(cell('recordId', '003000000000001AAA')).toBe('003000000000001AAA');
    expect(() => text('no.such.text')).toThrow('no text no.such.text');
  });
});
