import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planTotals, type Cell, type CountedRow } from '../../scripts/disposal/anonymity/totals.ts';

const TERMS = { dimensions: ['year', 'department', 'fund'], firm: 1, k: 3 };

let made = 0;
const gifts = (cell: readonly string[], donors: readonly string[], amount: number): readonly CountedRow[] =>
  donors.map((person) => ({ id: `gift ${(made += 1)}`, person, cell, amount }));

const shown = (cells: readonly Cell[]) =>
  cells.map(
    ({ values, isRest, rows, people, sum }) =>
      `${values.map((one) => one ?? '*').join('/')}${isRest ? ' rest' : ''}: ${people} ${rows} ${sum}`,
  );

const sumsBy = (cells: readonly Cell[], firm: number): ReadonlyMap<string, string> => {
  const sums = new Map<string, { rows: number; sum: bigint }>();
  for (const { values, rows, sum } of cells) {
    const key = JSON.stringify(values.slice(0, firm));
    const known = sums.get(key) ?? { rows: 0, sum: 0n };
    sums.set(key, { rows: known.rows + rows, sum: known.sum + sum });
  }
  return new Map([...sums].map(([key, { rows, sum }]) => [key, `${rows} ${sum}`]));
};

describe('planTotals', () => {
  it('RET-08: puts cells of too few people into one rest cell of their year, named as such', () => {
    const rows = [
      ...gifts(['2015', '69', 'general'], ['a', 'b', 'c'], 10.1),
      ...gifts(['2015', '48', 'general'], ['d', 'd'], 250),
      ...gifts(['2015', '48', 'well'], ['e', 'f'], 0.2),
      ...gifts(['2016', '69', 'general'], ['a', 'b', 'c'], 5),
    ];
    const totals = planTotals(rows, TERMS);
    expect(shown(totals.after)).toEqual([
      '2015/69/general: 3 3 3030',
      '2015/*/* rest: 3 4 50040',
      '2016/69/general: 3 3 1500',
    ]);
    expect(shown(totals.suppressed)).toEqual(['2015/48/general: 1 2 50000', '2015/48/well: 2 2 40']);
    expect(totals.small).toEqual([]);
    expect(rows.map((row) => totals.placeOf(row.cell))).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 2, 2]);
  });

  it('hides a cell beside a lone one, whose amount would else be the difference to the total', () => {
    const rows = [
      ...gifts(['2015', '69', 'general'], ['a', 'b', 'c', 'd'], 10),
      ...gifts(['2015', '75', 'general'], ['a', 'b', 'c'], 10),
      ...gifts(['2015', '48', 'general'], ['z'], 9000),
    ];
    const totals = planTotals(rows, TERMS);
    expect(shown(totals.after)).toEqual(['2015/69/general: 4 4 4000', '2015/*/* rest: 4 4 903000']);
    expect(totals.suppressed).toHaveLength(2);
  });

  it('says where a whole year has too few people', () => {
    const totals = planTotals(gifts(['2015', '48', 'general'], ['z', 'y'], 9000), TERMS);
    expect(shown(totals.small)).toEqual(['2015/*/* rest: 2 2 1800000']);
  });

  it('tells a rest cell from a cell without values', () => {
    const rows: readonly CountedRow[] = [
      ...gifts(['2015', '69', 'general'], ['y'], 1),
      ...['a', 'b', 'c'].map((person) => ({ id: person, person, cell: ['2015', null, null], amount: 7 })),
    ];
    // the lone one takes the others along: both are the rest of 2015
    expect(shown(planTotals(rows, TERMS).after)).toEqual(['2015/*/* rest: 4 4 2200']);
    const more = [...rows, ...gifts(['2015', '75', 'general'], ['p', 'q'], 1)];
    expect(shown(planTotals(more, TERMS).after)).toEqual(['2015/*/*: 3 3 2100', '2015/*/* rest: 3 3 300']);
  });

  it('RET-08: leaves yearly totals equal to the cent, and every cell that stays as it was, whatever the gifts', () => {
    const row = fc.record({
      person: fc.integer({ min: 0, max: 12 }).map((n) => `p${n}`),
      cell: fc.tuple(
        fc.constantFrom('2014', '2015', null),
        fc.constantFrom('69', '48', '75', null),
        fc.constantFrom('general', 'well'),
      ),
      amount: fc.option(fc.integer({ min: -100_000, max: 10_000_000 }).map((cents) => cents / 100)),
    });
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(0, 1, 2),
        (drawn, k, firm) => {
          const rows = drawn.map((one, i) => ({ ...one, id: `g${i}` }));
          const totals = planTotals(rows, { ...TERMS, k, firm });
          expect(sumsBy(totals.after, firm)).toEqual(sumsBy(totals.before, firm));
          expect(totals.after.reduce((sum, cell) => sum + cell.sum, 0n)).toBe(
            rows.reduce((sum, { amount }) => sum + BigInt(Math.round((amount ?? 0) * 100)), 0n),
          );
          const before = new Set(shown(totals.before));
          for (const cell of shown(totals.after.filter((one) => !one.isRest))) expect(before.has(cell)).toBe(true);
          const few = totals.after.filter((cell) => cell.people < k);
          expect(shown(few)).toEqual(shown(totals.small));
          // moving each row to its place gives the cells that were promised
          const moved = new Map<number, bigint>();
          for (const one of rows) {
            const place = totals.placeOf(one.cell);
            moved.set(place, (moved.get(place) ?? 0n) + BigInt(Math.round((one.amount ?? 0) * 100)));
          }
          expect([...moved].sort(([a], [b]) => a - b)).toEqual(totals.after.map((cell, at) => [at, cell.sum]));
        },
      ),
      { numRuns: 300 },
    );
  });
});
