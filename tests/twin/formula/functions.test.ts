import { describe, expect, it } from '@jest/globals';
import { specifiedFunctions } from '../../../scripts/twin/formula/functions/catalog.ts';
import { specialForms } from '../../../scripts/twin/formula/specialForms.ts';
import { evaluated } from './evaluated.ts';
import { functionCases } from './functionCases.ts';

describe('the function set', () => {
  it('has a case with its documentation for every function', () => {
    const shown = new Set(functionCases.map((each) => each.name));
    // VLOOKUP needs rows: tests/twin/formula/globals.test.ts
    expect([...specifiedFunctions(), ...specialForms()].filter((name) => !shown.has(name))).toEqual(['VLOOKUP']);
    expect(functionCases.every((each) => each.source.startsWith('https://'))).toBe(true);
  });

  it.each(functionCases.map((each) => [each.name, each.examples] as const))('computes %s', (_name, examples) => {
    const got = examples.map(([formula, , setting]) => [formula, evaluated(formula, setting)]);
    expect(got).toEqual(examples.map(([formula, value]) => [formula, value]));
  });
});
