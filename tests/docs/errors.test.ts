import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const sources = readdirSync('scripts', { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !name.startsWith('twin/') && !name.startsWith('demo/'))
  .map((name) => readFileSync(`scripts/${name}`, 'utf8'));

/** Problem codes are PascalCase string literals behind `code:` or the first argument of a function ending in `roblem`. */
const codesInCode = new Set(
  sources.flatMap((text) =>
    [...text.matchAll(/(?:\bcode:\s*|[pP]roblem\w*\(\s*)'([A-Z][a-z]\w+)'/g)].map(([, code]) => code!),
  ),
);
const rows = [...readFileSync('docs/ERRORS.md', 'utf8').matchAll(/^\| `(\w+)` \| (.+) \| (.+) \|$/gm)];
const codesInDocument = new Set(rows.map(([, code]) => code!));

describe('docs/ERRORS.md', () => {
  it('documents every code the code can give', () => {
    expect([...codesInCode].filter((code) => !codesInDocument.has(code)).sort()).toEqual([]);
  });

  it('documents no code that is gone', () => {
    expect([...codesInDocument].filter((code) => !codesInCode.has(code)).sort()).toEqual([]);
  });

  it('says for each what it means and what to do', () => {
    for (const [, , meaning, remedy] of rows) {
      expect(meaning!.trim().length).toBeGreaterThan(5);
      expect(remedy!.trim().length).toBeGreaterThan(5);
    }
  });
});
