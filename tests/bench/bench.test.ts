import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { runBench } from './bench.ts';
import { BENCHES } from './benches.ts';

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['tests/bench/run.ts', ...args], { encoding: 'utf8' });

describe('benches', () => {
  it.each(BENCHES)(
    '$name does its work and its baseline’s',
    async (bench) => {
      const { own, baseline } = await bench.measure(true);
      expect(own.count).toBeGreaterThan(0);
      expect(baseline.count).toBe(own.count);
    },
    120_000,
  );

  it('are told as unit, value, baseline, ratio and seconds', async () => {
    const bench = BENCHES.find(({ name }) => name === 'merkle')!;
    const positive: unknown = expect.any(Number);
    expect(await runBench(bench, true)).toEqual({
      name: 'merkle',
      unit: 'leaves/s',
      value: positive,
      baseline: { what: bench.baseline, value: positive },
      ratio: positive,
      seconds: positive,
    });
  });

  it('are listed when none is named, and an unknown one is refused', () => {
    expect(run().stdout.trim().split('\n')).toEqual(['all', ...BENCHES.map(({ name }) => name)]);
    const unknown = run('speed');
    expect([unknown.status, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('merkle');
  });

  it('run by name', () => {
    const { status, stdout } = run('canonical-json', '--quick');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'canonical-json', unit: 'steps/s' });
  });
});
