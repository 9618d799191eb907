import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateDemo, generateTruth, type DemoOptions } from '../../scripts/demo/generate.ts';

const small: DemoOptions = { people: 60, seed: 3, today: '2026-11-22' };

const flat = (options: DemoOptions, rowsPerBatch?: number): readonly string[] =>
  [...generateDemo(options, rowsPerBatch)].flatMap(({ object, via, operation, rows }) =>
    rows.map((row) => JSON.stringify([object, via, operation, row])),
  );

describe('the demo org', () => {
  it('is the same for the same options', () => {
    expect(flat(small)).toEqual(flat(small));
    expect([...generateTruth(small)]).toEqual([...generateTruth(small)]);
  });

  it('does not depend on the batch size', () => {
    const whole = flat(small, 1_000_000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), (rowsPerBatch) => {
        expect(flat(small, rowsPerBatch)).toEqual(whole);
      }),
      { numRuns: 12 },
    );
  });

  it('never has a batch of more rows than asked for, 2,000 by default', () => {
    for (const batch of generateDemo(small, 7)) expect(batch.rows.length).toBeLessThanOrEqual(7);
    for (const batch of generateDemo({ ...small, people: 1_200 })) expect(batch.rows.length).toBeLessThanOrEqual(2_000);
  });

  it('keeps its people when it grows', () => {
    const contacts = (people: number) =>
      [...generateDemo({ ...small, people })]
        .filter(({ object, operation }) => object === 'Contact' && operation === 'insert')
        .flatMap(({ rows }) => rows)
        .map((row) => [row['Demo_Key__c'], row['FirstName'], row['LastName'], row['Email'], row['CreatedDate']]);
    const few = contacts(60).slice(0, 40);
    expect(contacts(400).slice(0, 40)).toEqual(few);
  });

  it('differs from seed to seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (one, other) => {
        fc.pre(one !== other);
        const names = (seed: number) =>
          [...generateDemo({ people: 20, seed, today: '2026-11-22' })]
            .filter(({ object }) => object === 'Contact')
            .flatMap(({ rows }) => rows.map((row) => `${String(row['FirstName'])} ${String(row['LastName'])}`));
        expect(names(one)).not.toEqual(names(other));
      }),
      { numRuns: 10 },
    );
  });

  it.each([
    [{ ...small, people: 0 }, 'people'],
    [{ ...small, people: 1.5 }, 'people'],
    [{ ...small, seed: 0.1 }, 'seed'],
    [{ ...small, today: '2026-02-30' }, 'today'],
  ])('refuses %j by the name of the option', (options, name) => {
    expect(() => generateDemo(options)).toThrow(name);
    expect(() => generateTruth(options)).toThrow(name);
  });

  it('can be made for one person, and for a 29 February', () => {
    const options = { people: 1, seed: 5, today: '2028-02-29' };
    expect(flat(options).length).toBeGreaterThan(3);
    expect([...generateTruth(options)].length).toBeGreaterThan(0);
  });
});
