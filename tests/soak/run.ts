// `npm run soak`: applies plans while things go wrong, resumes them, and compares what is left with runs without faults.
import { parseArgs } from 'node:util';
import { seededChance } from './drive.ts';
import { SOAK_FAULTS } from './faultList.ts';
import { runWithFault, type FaultyRun } from './faultyRun.ts';
import { problemsOf } from './judgeRun.ts';
import { openRunType, RUN_TYPES, type RunType } from './runTypes.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    fault: { type: 'string' },
    type: { type: 'string' },
  },
});

const started = Date.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const isOver = (): boolean => Date.now() - started > Number(values.minutes) * 60_000;

const types: { readonly type: RunType; readonly whole: FaultyRun }[] = [];
for (const name of RUN_TYPES.filter((one) => values.type === undefined || one === values.type)) {
  const type = await openRunType(name);
  const whole = await runWithFault(type, undefined, 0);
  say(`${name}: ${whole.sittings.map(({ ended }) => ended).join(', ')} without faults, ledger ${whole.ledger}`);
  types.push({ type, whole });
}

const faults = SOAK_FAULTS.filter(({ name }) => values.fault === undefined || name === values.fault);
const rounds = values.rounds === undefined ? Number.POSITIVE_INFINITY : Number(values.rounds);

/** Every fault with every run type, again and again with the next seed. */
function* trials() {
  for (let round = 0; round < rounds && types.length > 0 && faults.length > 0; round += 1) {
    for (const fault of faults)
      for (const { type, whole } of types) yield { seed: Number(values.seed) + round, fault, type, whole };
  }
}

let [runs, failed, hits, unhit] = [0, 0, 0, 0];
for (const { seed, fault, type, whole } of trials()) {
  if (isOver()) break;
  const run = await runWithFault(type, fault, Math.floor(seededChance(seed)() * 1_000_000));
  const problems = problemsOf(fault, run, whole);
  [runs, hits] = [runs + 1, hits + run.hits];
  if (run.hits === 0) unhit += 1;
  if (problems.length > 0) failed += 1;
  const ended = run.sittings.map((one) => one.ended).join(' → ');
  const place = `seed ${String(seed)} · ${fault.name} · ${type.name}`;
  say(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${place} · ${String(run.hits)} hits · ${ended}`);
  for (const problem of problems.slice(0, 12)) say(`       ${problem}`);
}
const minutes = ((Date.now() - started) / 60_000).toFixed(1);
say(
  [
    `${String(runs)} runs of ${String(faults.length)} faults × ${String(types.length)} types in ${minutes} min`,
    ...[`${String(hits)} hits`, `${String(unhit)} runs without a hit`, `${String(failed)} failed`],
  ].join(', '),
);
for (const { type } of types) await type.remove();
process.exitCode = failed === 0 && runs > 0 ? 0 : 1;
