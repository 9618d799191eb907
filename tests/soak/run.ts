// `npm run soak`: applies plans while things go wrong, resumes them, and compares what is left with runs without faults.
import { parseArgs } from 'node:util';
import { seededChance } from './drive.ts';
import { SOAK_FAULTS } from './faultList.ts';
import { runWithFault, type FaultyRun } from './faultyRun.ts';
import { problemsOf } from './judgeRun.ts';
import { openRunType, RUN_TYPES, type RunType } from './runTypes.ts';
import { openSoakRecord, soakTable, type SoakResult } from './soakRecord.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    /** Every fault with every type once a round, each round with the next seed. */
    rounds: { type: 'string', default: '1' },
    fault: { type: 'string' },
    type: { type: 'string' },
    /** A file of results: what it holds is not run again. */
    record: { type: 'string' },
  },
});

const started = Date.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const isOver = (): boolean => Date.now() - started > Number(values.minutes) * 60_000;

const faults = SOAK_FAULTS.filter(({ name }) => values.fault === undefined || name === values.fault);
const types = RUN_TYPES.filter((name) => values.type === undefined || name === values.type);
const record = openSoakRecord(values.record, say);

/** Run types are opened when the first trial asks for them: each is an org of its own. */
const opened = new Map<string, { readonly type: RunType; readonly whole: FaultyRun }>();
const openType = async (name: string) => {
  const known = opened.get(name);
  if (known !== undefined) return known;
  const type = await openRunType(name);
  const whole = await runWithFault(type, undefined, 0);
  say(`${name}: ${whole.sittings.map(({ ended }) => ended).join(', ')} without faults, ledger ${whole.ledger}`);
  opened.set(name, { type, whole });
  return { type, whole };
};

function* trials() {
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const fault of faults) for (const name of types) yield { seed: Number(values.seed) + round, fault, name };
  }
}

const tell = ({ seed, fault, type, hits, ended, problems }: SoakResult): void => {
  const place = `seed ${String(seed)} · ${fault} · ${type}`;
  say(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${place} · ${String(hits)} hits · ${ended}`);
  for (const problem of problems.slice(0, 12)) say(`       ${problem}`);
};

const results: SoakResult[] = [];
let left = 0;
for (const { seed, fault, name } of trials()) {
  const before = record.known.find((one) => one.seed === seed && one.fault === fault.name && one.type === name);
  if (before !== undefined) results.push(before);
  else if (isOver()) left += 1;
  else {
    const { type, whole } = await openType(name);
    const run = await runWithFault(type, fault, Math.floor(seededChance(seed)() * 1_000_000));
    const ended = run.sittings.map((one) => one.ended).join(' → ');
    const result = {
      seed,
      fault: fault.name,
      type: name,
      hits: run.hits,
      ended,
      problems: problemsOf(fault, run, whole),
    };
    results.push(result);
    record.add(result);
    tell(result);
  }
}

const failed = results.filter(({ problems }) => problems.length > 0).length;
const unhit = results.filter(({ hits }) => hits === 0).length;
const names = faults.map(({ name }) => name);
const minutes = ((Date.now() - started) / 60_000).toFixed(1);
say(`\n${soakTable(results, names, types)}\n`);
say(
  [
    `${String(results.length)} runs of ${String(faults.length)} faults × ${String(types.length)} types in ${minutes} min`,
    `${String(results.reduce((sum, one) => sum + one.hits, 0))} hits, ${String(unhit)} runs without a hit`,
    `${String(failed)} failed, ${String(left)} left for want of time`,
  ].join(', '),
);
for (const { type } of opened.values()) await type.remove();
process.exitCode = failed === 0 && left === 0 && results.length > 0 ? 0 : 1;
