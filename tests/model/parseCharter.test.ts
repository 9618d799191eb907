import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseCharter } from '../../scripts/model/parseCharter.ts';

const demo = readFileSync('config/charters/demo.yml', 'utf8');
const context = { packs: ['core', 'sales-cloud', 'npsp'], rules: ['fr-cnil/prospects'] };
const problemsOf = (text: string) => {
  const read = parseCharter(text, context);
  return read.ok ? [] : read.problems;
};

describe('a charter', () => {
  it('that is valid has its periods and defaults read', () => {
    const read = parseCharter(demo, context);
    expect(read.ok && read.value.dossierExpiry).toEqual({ years: 0, months: 0, days: 30 });
  });

  it('with several mistakes lists all of them at once, each with its line, what was found and what to do', () => {
    const text = demo
      .replace('garde: 1', 'garde: 2')
      .replace('country: FR', 'country: fr')
      .replace('legalBasis: contract', 'legalBasis: habit')
      .replace('action: purge', 'acton: purge');
    const problems = problemsOf(text);
    expect(problems.map((one) => one.subject)).toEqual([
      'garde.yml: garde (line 2)',
      'garde.yml: controller.country (line 8)',
      expect.stringMatching(/^garde.yml: purposes\[0\].legalBasis \(line \d+\)$/),
      expect.stringMatching(/^garde.yml: retention\[0\].action \(line \d+\)$/),
      expect.stringMatching(/^garde.yml: retention\[0\].acton \(line \d+\)$/),
    ]);
    expect(problems.every((one) => one.code === 'CharterNotValid' && one.actions.length > 0)).toBe(true);
    expect(problems[1]?.message).toContain('found "fr"');
    expect(problems[2]?.actions).toEqual([
      'Use one of: consent, contract, legal-obligation, vital-interests, public-interest, legitimate-interest.',
    ]);
  });

  it('with an unknown name at the top is told the nearest known one', () => {
    expect(problemsOf(demo.replace('purposes:', 'purpose:'))[0]?.actions).toEqual([
      'Did you mean purposes? Otherwise remove it.',
    ]);
  });

  it('that is not YAML is told the line', () => {
    const [problem] = problemsOf('garde: 1\ncontroller:\n  name: "open\n');
    expect(problem).toMatchObject({ code: 'CharterNotValid', subject: expect.stringMatching(/line \d/) });
  });

  it('that names a purpose, a pack, a rule or a time zone that does not exist is told the nearest', () => {
    const text = demo
      .replace('purpose: prospecting', 'purpose: prospectng')
      .replace('sales-cloud, npsp', 'sales-cloud, nspp')
      .replace('from: fr-cnil/prospects', 'from: fr-cnil/prospect')
      .replace('Europe/Paris', 'Europe/Pari');
    expect(problemsOf(text).map((one) => one.actions[0])).toEqual([
      'Use a name such as Europe/Paris.',
      'Did you mean npsp? Known: core, sales-cloud, npsp.',
      expect.stringContaining('Did you mean prospecting?'),
      'Did you mean fr-cnil/prospects? Known: fr-cnil/prospects.',
    ]);
  });

  it('with the same key twice is refused', () => {
    expect(problemsOf(demo.replace('key: prospect-leads', 'key: prospects'))[0]?.message).toContain('used twice');
  });

  it('cannot grow without bound through aliases', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map(
        (letter, i) =>
          `${letter}: &${letter} [${Array(10)
            .fill(`*${'abcdefg'[i] ?? 'a'}`)
            .join(',')}]`,
      )
      .join('\n')}\n`;
    expect(problemsOf(bomb)).toHaveLength(1);
  });
});
