import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { TIERS } from '../../scripts/plan/ramp.ts';

const stages = new Set(
  readdirSync('scripts', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(`scripts/${name}`, 'utf8').matchAll(/\bstage: '([a-z]+(?:\.[a-zA-Z-]+)+)'/g)])
    .map(([, stage]) => stage!),
);
// one stage a tier of the ramp
TIERS.forEach((tier) => stages.add(`plan.apply.${tier}`));

const texts = JSON.parse(readFileSync('messages/en/progress.json', 'utf8')) as Record<string, string>;

describe('progress', () => {
  it('has a text for every stage that a use case tells, and no other', () => {
    expect(Object.keys(texts).sort()).toEqual([...stages].sort());
  });
});
