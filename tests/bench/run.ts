import { parseArgs } from 'node:util';
import { runBench } from './bench.ts';
import { BENCHES } from './benches.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const [wanted] = positionals;
const chosen = BENCHES.filter(({ name }) => wanted === 'all' || name === wanted);

if (wanted === undefined) process.stdout.write(`${['all', ...BENCHES.map(({ name }) => name)].join('\n')}\n`);
else if (chosen.length === 0) {
  process.stderr.write(`There is no bench ${wanted}. Benches: ${BENCHES.map(({ name }) => name).join(', ')}, all.\n`);
  process.exitCode = 2;
}
for (const bench of chosen) process.stdout.write(`${JSON.stringify(runBench(bench, values.quick))}\n`);
