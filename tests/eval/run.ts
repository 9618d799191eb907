import { parseArgs } from 'node:util';
import { availableParallelism } from 'node:os';
import { runMatchingEval } from './matching/runSets.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    threads: { type: 'string' },
    json: { type: 'boolean', default: false },
    weights: { type: 'boolean', default: false },
  },
});
const [what, ...wanted] = positionals;

if (what !== 'matching') {
  process.stderr.write('npm run eval -- matching [set…] [--data folder] [--threads n] [--weights] [--json]\n');
  process.exitCode = 2;
} else {
  const absent = await runMatchingEval({
    folder: values.data ?? process.env['GARDE_MATCHING_DATA'] ?? '../shared/data/matching',
    wanted,
    threads: values.threads === undefined ? availableParallelism() : Number(values.threads),
    json: values.json,
    weights: values.weights,
    write: (text) => void process.stdout.write(text),
  });
  if (absent > 0) process.exitCode = 1;
}
