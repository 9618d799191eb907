import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MatchResult, MatchTable } from '../../../scripts/matching/contract.ts';
import { runMatch } from '../../../scripts/matching/engine/match.ts';
import { COLUMN_ROLES, type ColumnRole } from '../../../scripts/model/columnMap.ts';
import { peopleOf, requestOf, tableOf } from './run.ts';

const people = peopleOf({ rows: 300, seed: 61, profile: 'rough', organisations: 0.15 });

/** Bounds are computed apart from the value. */
const NEARLY = 1e-12;

const isWhole = (result: MatchResult, rows: number): void => {
  expect(result.rows).toBe(rows);
  expect([result.clusters.length, result.households.length]).toEqual([rows, rows]);
  const { count, a, b, probability } = result.pairs;
  for (let i = 0; i < count; i += 1) {
    expect(a[i]! >= 0 && a[i]! < b[i]! && b[i]! < rows).toBe(true);
    expect(probability[i]! > 0 && probability[i]! <= 1).toBe(true);
  }
  for (const labels of [result.clusters, result.households])
    labels.forEach((label, row) => expect(label >= 0 && label <= row && labels[label] === label).toBe(true));
  for (const { value, low, high } of [result.precision, result.recall])
    expect(Number.isNaN(value) ? [low, high] : [low <= value + NEARLY, value <= high + NEARLY]).toEqual(
      Number.isNaN(value) ? [0, 1] : [true, true],
    );
  for (const share of Object.values(result.model.prior)) expect(Number.isFinite(share)).toBe(true);
};

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const lineOf = (cells: readonly string[]): string => cells.map(quoted).join(',');

const cell = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'Martin',
      'Jean',
      '1970-01-01',
      'a@b.example',
      '0612',
      '75001',
      'Paris',
      'M.',
      '12 rue X',
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"',
      ',',
      '\n',
      '\r\n',
      '\0',
      '\u202e',
      '😀',
      'Ω'.repeat(300),
      '0'.repeat(400),
      "d'",
      '-',
      '@',
      '@@',
      '+',
      '()',
      '31/02/1999',
      '9999-99-99',
    ),
  },
);
const role: fc.Arbitrary<ColumnRole> = fc.oneof(
  fc.constantFrom(...COLUMN_ROLES),
  fc.constantFrom('identifier:siren' as const, 'identifier:x' as const),
);

describe('whatever the cells hold', () => {
  it('a run ends with an answer that is whole', async () => {
    const table = fc.array(role, { minLength: 1, maxLength: 9 }).chain((roles) =>
      fc.tuple(
        fc.constant(roles),
        fc.array(fc.array(cell, { minLength: roles.length, maxLength: roles.length }), {
          minLength: 1,
          maxLength: 25,
        }),
        fc.constantFrom('person' as const, 'organisation' as const, 'mixed' as const),
      ),
    );
    await fc.assert(
      fc.asyncProperty(table, async ([roles, rows, entity]) => {
        const columns = roles.map((one, i) => ({ name: `c${i}`, role: one }));
        const result = await runMatch(requestOf([tableOf(rows.map(lineOf), columns, { entity })]));
        isWhole(result, rows.length);
      }),
      { numRuns: 40 },
    );
  });

  it('bytes that are no UTF-8 are read as something', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 128, max: 255 })), { minLength: 1, maxLength: 60 }),
        async (changes) => {
          const table = tableOf(people.lines, people.columns, { entity: 'mixed' });
          const bytes = new Uint8Array(table.bytes);
          for (const [at, byte] of changes) {
            const where = at % bytes.length;
            if (bytes[where]! >= 97 && bytes[where]! <= 122) bytes[where] = byte;
          }
          isWhole(await runMatch(requestOf([table])), people.lines.length);
        },
      ),
      { numRuns: 10 },
    );
  });

  it('line ends of both kinds and a last line without one give the same answer', async () => {
    const run = async (text: string): Promise<MatchResult> => {
      const encoded = new TextEncoder().encode(text);
      const bytes = new SharedArrayBuffer(encoded.length);
      new Uint8Array(bytes).set(encoded);
      const table: MatchTable = {
        ...tableOf(people.lines, people.columns, { entity: 'mixed' }),
        bytes,
        end: encoded.length,
      };
      return runMatch(requestOf([table]));
    };
    const plain = await run(`${people.lines.join('\n')}\n`);
    for (const other of [people.lines.join('\n'), `${people.lines.join('\r\n')}\r\n`]) {
      const again = await run(other);
      expect(again.pairs).toEqual(plain.pairs);
      expect(again.clusters).toEqual(plain.clusters);
    }
  });

  it('quotes around every cell change nothing', async () => {
    const wrapped = people.lines.map((line) =>
      line.replace(
        /(^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g,
        (_, comma: string, within?: string, bare?: string) => `${comma}"${within ?? bare ?? ''}"`,
      ),
    );
    const plain = await runMatch(requestOf([tableOf(people.lines, people.columns, { entity: 'mixed' })]));
    const again = await runMatch(requestOf([tableOf(wrapped, people.columns, { entity: 'mixed' })]));
    expect(again.pairs).toEqual(plain.pairs);
    expect(again.clusters).toEqual(plain.clusters);
  });
});

describe('sizes that are none', () => {
  it.each([
    ['no row', []],
    ['one row', [people.lines[0]!]],
    ['two equal rows', [people.lines[0]!, people.lines[0]!]],
    ['rows without anything', Array.from({ length: 40 }, () => ','.repeat(people.columns.length - 1))],
  ])('%s', async (_, lines) => {
    const table = { ...tableOf(lines, people.columns), end: lines.length === 0 ? 0 : lines.join('\n').length + 1 };
    const result = await runMatch(requestOf([table]));
    isWhole(result, lines.length);
  });

  it('a mailbox that thousands share neither explodes nor makes one person of them', async () => {
    const crowd = peopleOf({ rows: 3_000, seed: 62, duplicates: 0 });
    const lines = crowd.lines.map((line) => line.replace(/[a-z0-9._-]+@[a-z.-]+example/, 'info@association.example'));
    const result = await runMatch(requestOf([tableOf(lines, crowd.columns)], { pairsPerRecord: 20 }));
    isWhole(result, lines.length);
    const email = result.blocking.find(({ name }) => name === 'email')!;
    expect(email.candidates).toBeLessThan(200_000);
    expect(email.skippedPairs > 0 || email.tightened.length > 0).toBe(true);
    const sizes = new Map<number, number>();
    for (const label of result.clusters) sizes.set(label, (sizes.get(label) ?? 0) + 1);
    expect(Math.max(...sizes.values())).toBeLessThan(4);
  });
});
