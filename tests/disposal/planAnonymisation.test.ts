import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type {
  AnonymisationPlan,
  AnonymityTerms,
  Attribute,
  Population,
  PopulationRow,
} from '../../scripts/disposal/anonymity/contract.ts';
import { planAnonymisation } from '../../scripts/disposal/anonymity/planAnonymisation.ts';
import { hierarchies } from './knowledge.ts';

const BIRTH: Attribute = { key: 'birth', role: 'quasi-identifier', hierarchy: 'date', from: 'year', type: 'date' };
const PLACE: Attribute = {
  key: 'place',
  role: 'quasi-identifier',
  hierarchy: 'postcode',
  from: 'area',
  type: 'string',
};
const SEX: Attribute = { key: 'sex', role: 'quasi-identifier', hierarchy: 'words', type: 'picklist' };
const HEALTH: Attribute = { key: 'health', role: 'sensitive', type: 'picklist' };
const QUASI = [BIRTH, PLACE, SEX];

const TERMS: AnonymityTerms = { k: 5, l: 2, suppressedAtMost: 0, country: 'FR' };

const populationOf = (attributes: readonly Attribute[], rows: readonly PopulationRow[]): Population => ({
  attributes,
  rows: () => rows,
});
const people = (count: number, values: readonly (string | null)[], over: object = {}): readonly PopulationRow[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${values.join(' ')} ${i}`, values, ...over }));
const plan = (
  attributes: readonly Attribute[],
  rows: readonly PopulationRow[],
  over: Partial<AnonymityTerms> = {},
): AnonymisationPlan => planAnonymisation(populationOf(attributes, rows), { ...TERMS, ...over }, hierarchies);
const steps = (made: AnonymisationPlan) => Object.fromEntries(made.generalisations.map(({ key, step }) => [key, step]));

describe('planAnonymisation', () => {
  it('keeps the finest step that is allowed where everybody has company at it', () => {
    const made = plan(QUASI, [
      ...people(5, ['1961-03-04', '69003', 'Ms.']),
      ...people(6, ['1974-11-30', '75011', 'Mr.']),
    ]);
    expect(steps(made)).toEqual({ birth: 'year', place: 'area', sex: 'exact' });
    expect([...made.outcomes()].map(({ state, values }) => ({ state, ...values }))).toEqual([
      ...Array.from({ length: 5 }, () => ({ state: 'kept', birth: '1961-01-01', place: '69', sex: 'Ms.' })),
      ...Array.from({ length: 6 }, () => ({ state: 'kept', birth: '1974-01-01', place: '75', sex: 'Mr.' })),
    ]);
    expect([made.kReached, made.suppressed, made.lReached, made.findings]).toEqual([5, 0, null, []]);
    expect(made.sizes).toEqual([{ from: 5, to: 10, groups: 2, people: 11 }]);
  });

  it('RET-07: generalises a planted unique combination, no further than it must', () => {
    const rows = [...people(4, ['1961-03-04', '69003', 'Ms.']), ...people(1, ['1963-03-04', '69003', 'Ms.'])];
    const made = plan(QUASI, rows);
    expect(steps(made)).toEqual({ birth: 'five-years', place: 'area', sex: 'exact' });
    expect(new Set([...made.outcomes()].map(({ values }) => values['birth']))).toEqual(new Set(['1960-01-01']));
  });

  it('RET-07: suppresses a planted unique combination where generalising would cost everybody, and says how many', () => {
    const rows = [
      ...people(96, ['1961-03-04', '69003', 'Ms.']),
      ...people(1, ['1899-03-04', '97411', 'Mx.']),
      ...people(3, [null, null, null]),
    ];
    const made = plan(QUASI, rows, { suppressedAtMost: 0.05 });
    expect(steps(made)).toEqual({ birth: 'year', place: 'area', sex: 'exact' });
    const states = [...made.outcomes()].map(({ state }) => state);
    expect(states.filter((state) => state === 'suppressed')).toHaveLength(made.suppressed);
    // the one and the three without values are emptied, and four are fewer than five: the others must follow
    expect([made.suppressed, made.kReached]).toEqual([100, 100]);
  });

  it('empties who stands out together with others, so that being empty is no mark', () => {
    const rows = [
      ...people(90, ['1961-03-04', '69003', 'Ms.']),
      ...people(6, ['1974-03-04', '75011', 'Ms.']),
      ...people(1, ['1899-03-04', '97411', 'Mx.']),
    ];
    const made = plan(QUASI, rows, { suppressedAtMost: 0.05 });
    expect([made.suppressed, made.kReached]).toEqual([7, 7]);
    expect(made.classes(2)).toEqual([
      { values: { birth: null, place: null, sex: null }, people: 7, suppressed: true },
      { values: { birth: '1961-01-01', place: '69', sex: 'Ms.' }, people: 90, suppressed: false },
    ]);
  });

  it('goes from department to region to country', () => {
    const at = (...codes: readonly string[]) =>
      plan(
        [PLACE],
        codes.flatMap((code) => people(3, [code])),
      ).generalisations[0]?.step;
    expect([at('69003', '69100'), at('69003', '38000'), at('69003', '75011'), at('20000', '20200')]).toEqual([
      'area',
      'region',
      'country',
      'region',
    ]);
  });

  it('reads a postcode in the country of the row, and tells only the country of one it does not know', () => {
    const rows = (country: string) => people(5, ['1000'], { country });
    const valueIn = (country: string) => [...plan([PLACE], rows(country)).outcomes()][0]?.values['place'];
    expect(valueIn('Belgique')).toBe('10');
    expect(valueIn('BE')).toBe('10');
    expect(plan([PLACE], rows('JP'), {}).classes(1)[0]?.values['place']).toBeNull();
  });

  it('does not change people anonymised before, and takes them as company', () => {
    const rows = [
      ...people(4, ['1961-01-01', '69', 'Ms.'], { isDone: true }),
      ...people(1, ['1961-08-09', '69003', 'Ms.']),
    ];
    const made = plan(QUASI, rows);
    expect(steps(made)).toEqual({ birth: 'year', place: 'area', sex: 'exact' });
    expect([...made.outcomes()].map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'kept']);
    expect([made.toDo, made.people, made.kReached]).toEqual([1, 5, 5]);
  });

  it('says when people anonymised before stand out', () => {
    const made = plan(QUASI, [
      ...people(2, ['1930-01-01', '48', 'Mr.'], { isDone: true }),
      ...people(9, ['1961-08-09', '69003', 'Ms.']),
    ]);
    expect(made.findings).toEqual([{ check: 'singling-out', code: 'earlier-stand-out', count: 2, until: null }]);
    expect(made.kReached).toBe(2);
  });

  it('says when there are fewer people than k, and keeps nothing of them', () => {
    const made = plan(QUASI, people(4, ['1961-03-04', '69003', 'Ms.']));
    expect(made.findings).toEqual([{ check: 'singling-out', code: 'population-too-small', count: 4, until: null }]);
    expect(new Set([...made.outcomes()].flatMap(({ values }) => Object.values(values)))).toEqual(new Set([null]));
    expect(plan(QUASI, []).findings).toEqual([]);
  });

  it('widens groups in which a sensitive attribute is the same for everybody', () => {
    const rows = [
      ...people(5, ['1961-03-04', '69003', 'Ms.', 'diabetes']),
      ...people(5, ['1962-03-04', '69003', 'Ms.', 'asthma']),
    ];
    const made = plan([...QUASI, HEALTH], rows);
    expect([steps(made)['birth'], made.lReached]).toEqual(['five-years', 2]);
    expect(plan(QUASI, rows).generalisations[0]?.step).toBe('year');
  });

  it('gives a sensitive attribute up that is the same for everybody, and needs none where nobody has a value', () => {
    const uniform = plan([...QUASI, HEALTH], people(9, ['1961-03-04', '69003', 'Ms.', 'diabetes']));
    expect([uniform.emptied, [...uniform.outcomes()][0]?.values['health'], uniform.lReached]).toEqual([
      ['health'],
      null,
      null,
    ]);
    const none = plan([...QUASI, HEALTH], people(9, ['1961-03-04', '69003', 'Ms.', null]));
    expect([none.emptied, none.lReached, steps(none)['birth']]).toEqual([[], null, 'year']);
  });

  it('bands amounts and numbers', () => {
    const gifts: Attribute = { key: 'gifts', role: 'quasi-identifier', hierarchy: 'amount', type: 'currency' };
    const rows = [19, 20, 49.99, -5, 250_000].flatMap((amount, at) =>
      Array.from({ length: 5 }, (_, i) => ({ id: `${at} ${i}`, values: [amount] })),
    );
    const values = [...plan([gifts], rows).outcomes()].map((one) => one.values['gifts']);
    expect([0, 5, 10, 15, 20].map((at) => values[at])).toEqual([0, 20, 20, 0, 10_000]);
  });

  it('RET-07: leaves nobody in a group smaller than k, whoever the people are, the same way each time', () => {
    const row = fc.record({
      birth: fc.option(fc.integer({ min: 1930, max: 2005 }).map((year) => `${year}-05-17`)),
      place: fc.option(fc.constantFrom('69003', '38000', '75011', '97411', '20200', 'SW1A', '')),
      sex: fc.option(fc.constantFrom('Ms.', 'Mr.')),
      health: fc.option(fc.constantFrom('a', 'b', 'c')),
    });
    const terms = fc.record({
      k: fc.integer({ min: 1, max: 6 }),
      l: fc.integer({ min: 1, max: 3 }),
      suppressedAtMost: fc.constantFrom(0, 0.1, 1),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), terms, (drawn, over) => {
        const rows = drawn.map(({ birth, place, sex, health }, i) => ({
          id: `p${i}`,
          values: [birth, place, sex, health],
        }));
        const made = plan([...QUASI, HEALTH], rows, over);
        const outcomes = [...made.outcomes()];
        expect(outcomes.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
        const groups = new Map<string, (string | null)[]>();
        for (const { values } of outcomes) {
          const key = JSON.stringify([values['birth'], values['place'], values['sex']]);
          groups.set(key, [...(groups.get(key) ?? []), values['health'] as string | null]);
        }
        const sizes = [...groups.values()].map((group) => group.length);
        const least = Math.min(...sizes, Number.POSITIVE_INFINITY);
        expect(made.kReached).toBe(Number.isFinite(least) ? least : 0);
        expect(least >= over.k || made.findings.length > 0).toBe(true);
        expect(made.findings.length > 0).toBe(rows.length > 0 && rows.length < over.k);
        if (made.findings.length === 0) {
          for (const health of groups.values()) {
            const known = new Set(health);
            expect(known.size >= over.l || health.every((one) => one === null)).toBe(true);
          }
        }
        expect([...plan([...QUASI, HEALTH], rows, over).outcomes()]).toEqual(outcomes);
      }),
      { numRuns: 150 },
    );
  });
});
