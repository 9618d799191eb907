import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demoTables, type FinishedDemo } from '../../scripts/commands/demoSummary.ts';
import { resultTexts } from '../../scripts/commands/resultTexts.ts';
import { createHome, jsonOf, runGarde } from './runCommand.ts';

let home: string;
let env: NodeJS.ProcessEnv;
let cwd: string;

beforeAll(() => {
  ({ home, env } = createHome());
  cwd = join(home, 'work');
  for (const folder of [cwd, join(home, 'temporary')]) mkdirSync(folder);
  Object.assign(env, { TMPDIR: join(home, 'temporary'), TEMP: join(home, 'temporary') });
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** What the demo made for itself: its home lies in the folder for temporary files. */
const left = (): readonly string[] => readdirSync(join(home, 'temporary'));

describe('garde demo', () => {
  it('runs the whole day, tells a program and a person what was found and done, and leaves nothing', async () => {
    const args = ['garde', 'demo', '--people', '60', '--seed', '7', '--no-serve', '--json'];
    const answer = jsonOf(await runGarde(args, { env, cwd }));
    expect({ said: answer.message, status: answer.status }).toEqual({ said: undefined, status: 0 });
    const tables = demoTables(answer.result as FinishedDemo, resultTexts('en').text);
    const shown = new Map(tables.flatMap(({ rows }) => rows.map(({ what, value }) => [what, value] as const)));
    expect(Number(shown.get('people removed'))).toBeGreaterThan(0);
    expect(shown.get('the ledger')).toBe('verified');
    expect(tables.filter(({ rows }) => rows.length === 0)).toEqual([]);
    expect(readdirSync(join(cwd, 'garde-demo'))).toEqual(
      expect.arrayContaining(['audit.html', 'match-report.html', expect.stringMatching(/^certificate-.*\.html$/)]),
    );
    expect(left()).toEqual([]);
  });
});
