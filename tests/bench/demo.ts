import { generateDemo } from '../../scripts/demo/generate.ts';
import type { DemoRow } from '../../scripts/demo/generate.ts';
import { timed, type Bench } from './bench.ts';

export const demo: Bench = {
  name: 'demo',
  unit: 'rows/s',
  baseline: 'JSON.stringify of the same rows',
  measure: (quick) => {
    const batches: (readonly DemoRow[])[] = [];
    const own = timed(() => {
      for (const { rows } of generateDemo({ people: quick ? 50 : 5_000, seed: 11, today: '2026-11-22' }))
        batches.push(rows);
      return batches.reduce((sum, rows) => sum + rows.length, 0);
    });
    const baseline = timed(() => {
      let rows = 0;
      for (const row of batches.flat()) rows += JSON.stringify(row).length > 0 ? 1 : 0;
      return rows;
    });
    return { own, baseline };
  },
};
