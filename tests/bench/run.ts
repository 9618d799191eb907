import { parseArgs } from 'node:util';
import { runBench } from './bench.ts';
import { BENCHES } from './benches.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, rows: { type: 'string' } },
});
const [wanted] = positionals;
const rows = values.rows === undefined ? undefined : Number(values.rows);
const chosen = BENCHES.filter(({ name }) => wanted === 'all' || name === wanted);

if (wanted === undefined) process.stdout.write(`${['all', ...BENCHES.map(({ name }) => name)].join('\n')}\n`);
else if (chosen.length === 0) {
  process.stderr.write(`There is no bench ${wanted}. Benches: ${BENCHES.map(({ name }) => name).join(', ')}, all.\n`);
  process.exitCode = 2;
}
if (rows !== undefined && !(Number.isInteger(rows) && rows > 0)) {
  process.stderr.write('--rows takes a whole number above 0.\n');
  process.exitCode = 2;
} else {
  for (const bench of chosen) {
    process.stdout.write(`${JSON.stringify(await runBench(bench, values.quick, rows))}\n`);
  }
}
