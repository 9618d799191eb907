import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jsonOf, runGarde } from './runCommand.ts';
import { openTwinHome, resultOf } from './twinHome.ts';
import type { TwinHome } from './twinHome.ts';

let at: TwinHome;
const GIVEN = ['Ada', 'Bruno', 'Chloé', 'Damien', 'Elsa', 'Farid', 'Gilles', 'Hanna', 'Igor', 'Jade', 'Karim', 'Lise'];
const FAMILY = ['Abadie', 'Brunel', 'Castel', 'Delmas', 'Escoffier', 'Faure', 'Garnier', 'Hamel', 'Imbert', 'Jourdan'];

/** An invented person, the same for the same number. */
const person = (number: number) => ({
  given: GIVEN[number % GIVEN.length]!,
  family: `${FAMILY[(number * 7) % FAMILY.length]!}${FAMILY[(number * 3 + 1) % FAMILY.length]!.toLowerCase()}`,
  email: `p${number}@mail${number % 5}.example`,
  born: `19${40 + (number % 50)}-0${1 + (number % 9)}-1${number % 10}`,
  city: `Ville${(number * 13) % 97}`,
});
const line = (id: string, number: number, separator = ','): string => {
  const { given, family, email, born, city } = person(number);
  return [id, given, family, email, born, city].join(separator);
};
const HEADER = 'id,given name,family name,email,birth date,city';
const M = (number: number): string => `M${String(number).padStart(4, '0')}`;

const write = (name: string, lines: readonly string[]): void => {
  writeFileSync(join(at.home, name), `${lines.join('\n')}\n`);
};
const words = (text: string): readonly string[] =>
  [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!);
const run = (text: string) => runGarde(words(text), { env: at.env, cwd: at.home });
const read = (name: string): readonly string[] => readFileSync(join(at.home, name), 'utf8').trimEnd().split('\n');

beforeAll(async () => {
  at = await openTwinHome('npsp');
  const people = Array.from({ length: 500 }, (_, i) => line(M(i), i));
  // M0451 is M0017 again, and 40 more are there twice
  people[451] = line(M(451), 17);
  for (let i = 0; i < 40; i += 1) people[300 + i] = line(M(300 + i), i * 6);
  write('members.csv', [HEADER, ...people]);
  write('new.csv', [HEADER.replaceAll(',', ';'), ...Array.from({ length: 30 }, (_, i) => line(`N${i}`, i * 9, ';'))]);
  writeFileSync(join(at.home, 'map.yml'), 'id: id\ngiven name: given-name\ncity: ignore\n');
  await at.load(
    'Contact',
    Array.from({ length: 60 }, (_, i) => {
      const { given, family, email, born } = person(i < 2 ? 1 : i * 5);
      const Id = `003000000000${String(i + 1).padStart(3, '0')}AAA`;
      return { Id, FirstName: given, LastName: family, Email: email, Birthdate: born };
    }),
  );
  for (const alias of ['my-org']) {
    const started = await runGarde(['garde', 'twin', 'start', '--alias', alias, '--json'], {
      env: at.env,
      cwd: at.home,
    });
    expect(started.status).toBe(0);
  }
});
afterAll(() => at.end());

describe('garde match file', () => {
  it('writes pairs and groups, and tells what it understood', async () => {
    const { status, stdout, stderr } = await run(
      'garde match file --input members.csv --pairs pairs.csv --clusters clusters.csv',
    );
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('given-name');
    const [header, ...pairs] = read('pairs.csv');
    expect(header).toBe('id_a,id_b,probability,link,zone');
    expect(pairs.some((pair) => pair.startsWith('M0017,M0451,'))).toBe(true);
    const [clusterHeader, ...clusters] = read('clusters.csv');
    expect(clusterHeader).toBe('id,cluster');
    expect(clusters).toHaveLength(500);
  });

  it('looks at pairs across two files only', async () => {
    const { status } = await run('garde match file --input new.csv --against members.csv --pairs pairs.csv');
    expect(status).toBe(0);
    const pairs = read('pairs.csv').slice(1);
    expect(pairs.length).toBeGreaterThan(5);
    expect(pairs.every((pair) => /^N\d+,M\d+,/.test(pair))).toBe(true);
  });

  it('compares a file with an org before it is loaded', async () => {
    const line1 = 'garde match file --input new.csv --target-org my-org --objects Contact,Lead --pairs pairs.csv';
    expect((await run(line1)).status).toBe(0);
    const pairs = read('pairs.csv').slice(1);
    expect(pairs.length).toBeGreaterThan(0);
    expect(pairs.every((pair) => /^N\d+,003/.test(pair))).toBe(true);
  });

  it('obeys a map of columns and speaks French', async () => {
    const { status, stdout } = await run('garde match file --input members.csv --columns map.yml --language fr');
    expect(status).toBe(0);
    expect(stdout).toContain('votre plan');
    expect(stdout).toContain('Groupes de doublons');
  });

  it('tells every problem of a bad file with its line, and a remedy', async () => {
    write('bad.csv', [HEADER, 'a,b', line('x', 1), 'c,d,e']);
    const answer = jsonOf(await run('garde match file --input bad.csv --json'));
    expect(answer).toMatchObject({ status: 1, name: 'RaggedRows', data: [{ subject: 'bad.csv, lines 2, 4' }] });
  });
});

describe('garde match explain, decide and report on files', () => {
  it('explains two records, also as a page without their values', async () => {
    const { status, stdout } = await run('garde match explain M0017 M0451 --input members.csv');
    expect(status).toBe(0);
    expect(stdout).toContain('Birth date');
    expect((await run('garde match explain M0017 M0451 --input members.csv --html why.html')).status).toBe(0);
    const page = readFileSync(join(at.home, 'why.html'), 'utf8');
    expect(page).toContain('<svg');
    expect(page).not.toContain(person(17).family);
  });

  it('remembers a decision, which binds every later run', async () => {
    const decide = 'garde match decide M0017 M0451 --input members.csv --decision related --reason "father and son"';
    expect((await run(decide)).status).toBe(0);
    expect((await run('garde match file --input members.csv --clusters clusters.csv')).status).toBe(0);
    const groups = new Map(read('clusters.csv').map((one) => one.split(',') as [string, string]));
    expect(groups.get('M0451')).not.toBe(groups.get('M0017'));
  });

  it('writes the report', async () => {
    expect((await run('garde match report --input members.csv')).status).toBe(0);
    const page = readFileSync(join(at.home, 'match-report.html'), 'utf8');
    expect(page).toContain('<svg');
    expect(page).not.toContain(person(17).family);
  });
});

describe('garde match on an org', () => {
  it('finds, explains, decides and reports, with nothing of Garde in the org yet', async () => {
    for (const text of [
      'garde match run --target-org my-org --objects Contact,Lead --no-publish',
      'garde match run --target-org my-org',
      'garde match run --target-org my-org --since last',
      'garde match report --target-org my-org --language fr --output-dir reports',
      'garde match explain 003000000000001AAA 003000000000002AAA --target-org my-org --html why.html',
      'garde match rules --target-org my-org --language fr',
      'garde match rules --target-org my-org --method fuzzy --block --output-dir guards',
    ]) {
      const { status, stdout, stderr } = await run(text);
      expect({ text, status, said: status === 0 ? '' : stdout + stderr }).toEqual({ text, status: 0, said: '' });
    }
    expect(existsSync(join(at.home, 'reports', 'match-report.html'))).toBe(true);
  });

  it('looks records up in the index that a run left', async () => {
    const lookup = 'garde match lookup --target-org my-org --input people.csv --columns map.yml';
    write('people.csv', [HEADER, line('N1', 10)]);
    expect(jsonOf(await run(`${lookup} --json`))).toMatchObject({ status: 1, name: 'MatchIndexMissing' });
    expect((await run('garde match run --target-org my-org --no-publish --index')).status).toBe(0);
    const { status, stdout } = await run(lookup);
    expect({ status, found: stdout.includes('003000000000003AAA') }).toEqual({ status: 0, found: true });
    const answer = resultOf(jsonOf(await run(`${lookup} --json`)));
    expect(answer).toMatchObject({ records: [{ found: [{ id: '003000000000003AAA', object: 'Contact' }] }] });
  });

  it('says what no native rule can hold', async () => {
    const answer = jsonOf(await run('garde match rules --target-org my-org --json'));
    const { left } = resultOf(answer) as { readonly left: readonly unknown[] };
    expect(left).toContainEqual({ what: 'Contact.Birthdate', why: 'type-date' });
  });

  it('keeps a decision in the org once the package is there', async () => {
    const decide =
      'garde match decide 003000000000001AAA 003000000000002AAA --target-org my-org --decision duplicate --reason "asked by phone"';
    expect(jsonOf(await run(`${decide} --json`)).status).toBe(1);
    resultOf(await at.garde('deploy', '--target-org', 'my-org', '--assign', 'GardeAdmin,GardeAccess'));
    expect((await run(decide)).status).toBe(0);
    const groups = await at.rows('SELECT Status__c, Decision__c, DecisionComment__c FROM GardeDuplicateGroup__c');
    expect(groups).toMatchObject([{ Status__c: 'confirmed', Decision__c: 'duplicate' }]);
    const again = resultOf(await at.garde('match', 'run', '--target-org', 'my-org')) as { readonly decided: number };
    expect(again.decided).toBe(1);
  });
});
