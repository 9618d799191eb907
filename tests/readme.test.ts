import { readFileSync, rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createHome, runSf } from './commands/runCommand.ts';

const { home, env } = createHome();
afterAll(async () => {
  await runSf(['garde', 'twin', 'stop'], { env });
  rmSync(home, { recursive: true, force: true });
  rmSync('audit', { recursive: true, force: true });
});

/** Every line of the README's `sh` blocks: promises, in the order a reader would type them. */
const lines = [...readFileSync('README.md', 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
  block!.trim().split('\n'),
);

describe('the README', () => {
  it('shows commands of the real CLI', () => {
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => !line.startsWith('sf '))).toEqual([]);
  });

  it.each(lines)('%s', async (line) => {
    const outcome = await runSf(line.split(' ').slice(1), { env });
    expect({ status: outcome.status, said: outcome.status === 0 ? '' : outcome.stdout + outcome.stderr }).toEqual({
      status: 0,
      said: '',
    });
  });
});
