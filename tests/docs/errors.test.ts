import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { codesInSource } from './problemCodes.ts';

const { codes, untold } = codesInSource();
const rows = [...readFileSync('docs/ERRORS.md', 'utf8').matchAll(/^\| `(\w+)` *\| (.+) \| (.+) \|$/gm)];
const documented = rows.map(([, code]) => code!);

describe('docs/ERRORS.md', () => {
  it('can be held against the code: no problem has a code that the source does not tell', () => {
    expect(untold).toEqual([]);
    expect(codes.size).toBeGreaterThan(80);
  });

  it('documents every code the code can give', () => {
    expect([...codes].filter((code) => !documented.includes(code)).sort()).toEqual([]);
  });

  it('documents no code that is gone', () => {
    expect(documented.filter((code) => !codes.has(code)).sort()).toEqual([]);
  });

  it('documents each code once', () => {
    expect(documented.filter((code, i) => documented.indexOf(code) !== i)).toEqual([]);
  });

  it('says for each what it means and what to do', () => {
    for (const [, , meaning, remedy] of rows) {
      expect(meaning!.trim().length).toBeGreaterThan(5);
      expect(remedy!.trim().length).toBeGreaterThan(5);
    }
  });
});
