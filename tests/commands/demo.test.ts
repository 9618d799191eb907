import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
  it('runs the whole day and tells a person what was found and done', async () => {
    const outcome = await runGarde(['garde', 'demo', '--people', '60', '--no-serve'], { env, cwd });
    expect({ status: outcome.status, said: outcome.status === 0 ? '' : outcome.stderr }).toEqual({
      status: 0,
      said: '',
    });
    expect(outcome.stdout).toMatch(/What was done[\s\S]*people removed +│ [1-9]/);
    expect(readdirSync(join(cwd, 'garde-demo'))).toEqual(
      expect.arrayContaining(['audit.html', 'match-report.html', expect.stringMatching(/^certificate-.*\.html$/)]),
    );
    expect(left()).toEqual([]);
  });

  it('says the same to a program, for another seed', async () => {
    const outcome = await runGarde(['garde', 'demo', '--people', '60', '--seed', '7', '--no-serve', '--json'], {
      env,
      cwd,
    });
    expect(jsonOf(outcome)).toMatchObject({ status: 0 });
    expect(left()).toEqual([]);
  });
});
