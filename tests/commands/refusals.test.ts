import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { jsonOf, runGarde } from './runCommand.ts';
import type { Answer } from './runCommand.ts';
import { openTwinHome, resultOf } from './twinHome.ts';
import type { TwinHome } from './twinHome.ts';

jest.setTimeout(300_000);

const DEMO = resolve('config/charters/demo.yml');
const WORDS = /Needle|Aubépine|needle\.aubepine/i;

let at: TwinHome;
let plan: string;
/** Where the commands run: whatever they would leave behind lies here. */
let work: string;

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

const stateOf = async () => ({
  org: await at.changes(),
  work: filesIn(work).map((name) => `${name} ${readFileSync(join(work, name), 'base64').length}`),
  // a database's journal files come and go with its reader; what is held is in the list of holdings and the stores
  held: filesIn(join(at.home, 'garde')).filter((name) => !/-(?:wal|shm|journal)$|lock/.test(name)),
});

const refused = async (
  args: readonly string[],
  over: NodeJS.ProcessEnv = {},
): Promise<Answer & { readonly data?: readonly { readonly code: string; readonly subject: string | null }[] }> => {
  const outcome = await runGarde(['garde', ...args, '--json'], { env: { ...at.env, ...over }, cwd: work });
  const answer = jsonOf(outcome);
  expect(outcome.stdout + outcome.stderr).not.toMatch(WORDS);
  expect(answer).toMatchObject({
    status: expect.any(Number),
    name: expect.stringMatching(/^[A-Z][A-Za-z]+$/),
    message: expect.stringMatching(/\w/),
    actions: expect.arrayContaining([expect.stringMatching(/\w/)]),
  });
  expect({ status: answer.status, process: outcome.status }).toEqual({ status: 1, process: 1 });
  return answer;
};

const charterOf = (name: string, change: (text: string) => string): string => {
  const text = readFileSync(DEMO, 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`${name} is the charter as it was`);
  const path = join(work, name);
  writeFileSync(path, changed);
  return path;
};

const org = (alias: string): readonly string[] => ['--target-org', alias];
const decide = (charter: string): readonly string[] => ['retention', 'plan', ...org('admin'), '--charter', charter];
const apply = (path: string, alias = 'admin', charter = DEMO): readonly string[] => [
  ...['plan', 'apply', ...org(alias), '--charter', charter, '--plan', path],
  ...['--org-name', 'Association Les Mains Tendues'],
];

beforeAll(async () => {
  at = await openTwinHome('npsp');
  work = join(at.home, 'work');
  mkdirSync(work);
  const assign = ['GardeAdmin', 'GardeAccess', 'GardePurge'].join(',');
  resultOf(await at.garde('deploy', ...org('admin'), '--assign', assign));
  await at.load('Contact', [
    { Id: '003Te0000000001AAA', LastName: 'Needle', CreatedDate: '2015-03-01T10:00:00.000Z' },
    {
      ...{ Id: '003Te0000000002AAA', LastName: 'Aubépine', Email: 'needle.aubepine@gmail.example' },
      CreatedDate: '2015-03-01T10:00:00.000Z',
    },
  ]);
  for (const role of ['officer', 'hiddenHold']) {
    resultOf(await at.garde('twin', 'start', '--alias', role, '--as', role));
  }
  const planned = resultOf<{ path: string; due: number }>(
    await at.garde(...decide(DEMO), '--output-dir', work),
  );
  expect(planned.due).toBe(2);
  plan = planned.path;
});
afterAll(() => at.end());

let before: Awaited<ReturnType<typeof stateOf>>;
const unchangedAfter = async <T>(act: () => Promise<T>): Promise<T> => {
  before = await stateOf();
  const answer = await act();
  expect(await stateOf()).toEqual(before);
  return answer;
};
