import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { gazetteer } from '../../../scripts/demo/gazetteer.ts';
import { generateMatching, type MatchingOptions } from '../../../scripts/demo/matching/file.ts';
import { columnRole } from '../../../scripts/model/columnMap.ts';
import { matchingColumns } from '../../../scripts/demo/matching/file.ts';
import { groupedBy } from '../../matching/reference/groups.ts';
import { cellsOf, generated, type Row } from './reading.ts';

const ROWS = 20_000;
const { rows, truth } = generated({ rows: ROWS, seed: 7 });
const truthOf = new Map(truth.map((row) => [row['id']!, row]));
const grouped = (key: string): ReadonlyMap<string, readonly Row[]> =>
  groupedBy(rows, ({ id }) => truthOf.get(id!)![key]!);
const textOf = (options: MatchingOptions): string => {
  let text = '';
  for (const { data, truth: about } of generateMatching(options)) text += data + about;
  return text;
};

describe('the labelled file', () => {
  it('has as many rows as were asked for, each with an id of its own and a line of truth', () => {
    expect(rows.length).toBe(ROWS);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(ROWS);
    expect(truth.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  it('is the same for the same seed and another for another', () => {
    const options = { rows: 3_000, seed: 21, organisations: 0.2 };
    expect(textOf(options)).toBe(textOf({ ...options }));
    expect(textOf({ ...options, seed: 22 })).not.toBe(textOf(options));
  });

  it('has the same people whatever the noise', () => {
    const people = (profile: string) =>
      generated({ rows: 2_000, seed: 3, profile })
        .truth.map(({ entity }) => entity)
        .sort();
    expect(people('rough')).toEqual(people('clean'));
  });

  it('holds one row in five of somebody who is in it already, up to a dozen of one person', () => {
    const sizes = [...grouped('entity').values()].map((records) => records.length);
    const again = ROWS - sizes.length;
    expect(again / ROWS).toBeGreaterThan(0.18);
    expect(again / ROWS).toBeLessThan(0.22);
    expect(Math.max(...sizes)).toBeGreaterThan(4);
  });

  it('keeps the truth out of the data', () => {
    const positions = truth.map(({ entity }, i) => [Number(entity!.slice(1)), i] as const);
    const inOrder = positions.filter(([entity], i) => i > 0 && entity > positions[i - 1]![0]).length;
    expect(inOrder / ROWS).toBeGreaterThan(0.45);
    expect(inOrder / ROWS).toBeLessThan(0.6);
  });

  it('gives every record two of birth date, e-mail, telephone and address', () => {
    const anchors = ['birth_date', 'email', 'phone', 'address'];
    expect(rows.filter((row) => anchors.filter((key) => row[key] !== '').length < 2)).toEqual([]);
  });

  it('has roles that a column map knows', () => {
    for (const { role } of matchingColumns({ organisations: 0.1 })) expect(columnRole.parse(role)).toBe(role);
  });
});

describe('people in it', () => {
  it('have mailboxes on reserved domains and telephones that ring nowhere', () => {
    expect(rows.filter(({ email }) => email !== '' && !/^[a-z0-9._-]+@[a-z-]+\.example$/.test(email!))).toEqual([]);
    const reserved = gazetteer.variants.phoneBlocks.mobile;
    const slipped = (row: Row) => /phone-(digit|swap)/.test(truthOf.get(row['id']!)!['changes']!);
    const ringing = rows.filter((row) => {
      const national = row['phone']!.replace(/\D/g, '')
        .replace(/^(0033|33|0)/, '0')
        .padStart(10, '0');
      return row['phone'] !== '' && !slipped(row) && !national.startsWith(reserved) && !/^0(70[1-9]|40)/.test(national);
    });
    expect(ringing).toEqual([]);
  });

  it('share roof, family name and often a mailbox without being one person', () => {
    const shared = [...grouped('household').values()].filter(
      (records) => new Set(records.map(({ id }) => truthOf.get(id!)!['entity'])).size > 1,
    );
    expect(shared.length).toBeGreaterThan(2_000);
    const mailboxes = shared.filter((records) => {
      const owners = groupedBy(
        records.filter(({ email }) => email !== ''),
        ({ email }) => email!,
      );
      return [...owners.values()].some((owned) => new Set(owned.map(({ id }) => truthOf.get(id!)!['entity'])).size > 1);
    });
    expect(mailboxes.length).toBeGreaterThan(30);
  });

  it('are told apart from a parent of the same name, a twin, a sibling of nearly the same name', () => {
    const likenesses = new Set(truth.map(({ likeness }) => likeness));
    expect(likenesses).toEqual(new Set(['none', 'parent-and-child', 'twins', 'near-name', 'same-initial']));
    const twins = truth.filter(({ likeness }) => likeness === 'twins');
    const byHome = groupedBy(twins, ({ household }) => household!);
    const together = [...byHome.values()].find((pair) => new Set(pair.map(({ entity }) => entity)).size > 1);
    expect(together).toBeDefined();
  });

  it('bear names as France gave them: Marie and Jean first, hundreds of rare ones', () => {
    const plain = new Map<string, number>();
    for (const { given_name: name } of rows) plain.set(name!, (plain.get(name!) ?? 0) + 1);
    const [first, second] = [...plain].sort(([, a], [, b]) => b - a).map(([name]) => name);
    expect([first, second].toSorted()).toEqual(['Jean', 'Marie']);
    expect(plain.size).toBeGreaterThan(2_000);
  });

  it('know every change that the documentation names', () => {
    const changes = new Set(truth.flatMap(({ changes: list }) => list!.split('+')));
    changes.delete('');
    const documented = readFileSync('docs/MATCHING-DATA.md', 'utf8');
    const missing = [...changes].filter((change) => !documented.includes(`\`${change}\``));
    expect(missing).toEqual([]);
    expect(changes.size).toBeGreaterThan(20);
  });
});

describe('organisations in it', () => {
  const mixed = generated({ rows: 4_000, seed: 5, organisations: 0.5 });
  const organisations = mixed.rows.filter(({ organisation }) => organisation !== '');

  it('are as many as asked for, with numbers that check and that nobody has', () => {
    expect(organisations.length / 4_000).toBeCloseTo(0.5, 1);
    const digits = organisations.map(({ siren }) => siren!.replaceAll(' ', '')).filter((siren) => siren !== '');
    const checks = (siren: string) =>
      Array.from(siren, Number).reduce((sum, digit, i) => {
        const value = i % 2 === 1 ? digit * 2 : digit;
        return sum + (value > 9 ? value - 9 : value);
      }, 0) % 10;
    expect(digits.filter((siren) => !/^0\d{8}$/.test(siren) || checks(siren) !== 0)).toEqual([]);
  });

  it('have local sections that are others than their parent', () => {
    const sections = mixed.truth.filter(({ likeness }) => likeness === 'section');
    expect(sections.length).toBeGreaterThan(300);
    const families = groupedBy(
      mixed.truth.filter(({ entity }) => entity!.startsWith('O')),
      ({ household }) => household!,
    );
    expect([...families.values()].some((family) => new Set(family.map(({ entity }) => entity)).size > 2)).toBe(true);
  });
});

describe('options', () => {
  it('out of bounds are refused by name', () => {
    const make = (options: Partial<MatchingOptions>) => () =>
      generateMatching({ rows: 10, seed: 1, ...options }).next();
    expect(make({ rows: 0 })).toThrow('rows');
    expect(make({ seed: 2 ** 33 })).toThrow('seed');
    expect(make({ profile: 'loud' })).toThrow('profile: one of mixed, web');
    expect(make({ duplicates: 1 })).toThrow('duplicates');
    expect(make({ organisations: 2 })).toThrow('organisations');
  });
});

describe('the command', () => {
  it('writes the file and the truth beside it, with headers', () => {
    const folder = mkdtempSync(join(tmpdir(), 'garde-matching-data-'));
    try {
      const out = join(folder, 'people.csv');
      const { status, stdout } = spawnSync(process.execPath, ['bin/matching-data.js', '--rows', '300', '--out', out], {
        encoding: 'utf8',
      });
      expect([status, stdout]).toEqual([0, `300 rows: ${out}, ${join(folder, 'people.truth.csv')}\n`]);
      const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
      expect(lines.length).toBe(301);
      expect(cellsOf(lines[0]!)).toEqual(matchingColumns({}).map(({ name }) => name));
      expect(readFileSync(join(folder, 'people.truth.csv'), 'utf8')).toMatch(/^id,entity,household,likeness,changes\n/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says what is wrong with its options', () => {
    const { status, stderr } = spawnSync(process.execPath, ['bin/matching-data.js', '--rows', 'many', '--out', 'x'], {
      encoding: 'utf8',
    });
    expect([status, stderr.split('\n')[0]]).toEqual([2, 'rows: a whole number from 1 to 20,000,000']);
  });
});
