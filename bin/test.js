#!/usr/bin/env node
// `npm test`: everything CI runs, step by step, with what each took. Ends non-zero when any step failed.
// `npm test -- lint jest` runs the named steps only, `npm run coverage` the tests with what they cover.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';
const modules = (...path) => join(root, 'node_modules', ...path);

const set = spawnSync(process.execPath, [join(root, 'bin', 'setup.js'), '--build', '--pages'], { stdio: 'inherit' });
if (set.status !== 0) process.exit(1);
process.env.PATH = [modules('.bin'), process.env.PATH].join(delimiter);

// The packaged Node when there is one: this may be running on the system's older one.
const packaged = windows ? modules(`node-win-${process.arch}`, 'bin', 'node.exe') : modules('.bin', 'node');
const node = existsSync(packaged) ? packaged : process.execPath;
const quiet = '--disable-warning=ExperimentalWarning';
// the proofs are read from what the tests gave
const results = modules('.cache', 'jest-results.json');
mkdirSync(modules('.cache'), { recursive: true });
// jest would leave one core idle
const jest = ['--experimental-vm-modules', quiet, modules('jest', 'bin', 'jest.js'), '--maxWorkers=2'];

const steps = {
  format: [[modules('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  types: [
    [modules('typescript', 'bin', 'tsc'), '-p', 'tsconfig.tests.json'],
    [modules('typescript', 'bin', 'tsc'), '-p', 'tsconfig.lwc-tests.json'],
  ],
  lint: [[modules('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0']],
  directions: [
    [
      modules('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
      'scripts',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
    ],
  ],
  dead: [[modules('knip', 'bin', 'knip.js'), '--no-progress']],
  commands: [
    [join('bin', 'dev.js'), 'snapshot', 'compare'],
    [quiet, join('bin', 'schemas.js'), '--check'],
    [quiet, join('bin', 'twin-document.js'), '--check'],
  ],
  jest: [[...jest, '--json', '--outputFile', results]],
  proof: [[quiet, join('tests', 'proof', 'run.ts'), '--from', results]],
  browser: [[quiet, join('tests', 'browser', 'run.ts')]],
  node22: [[join('tests', 'node22', 'smoke.js')]],
  // a cache of its own: one filled without coverage would lose the components' rows
  coverage: [[...jest, '--coverage', '--cacheDirectory', modules('.cache', 'jest-coverage')]],
};
// counting what ran takes half as long again as running it
const ONLY_BY_NAME = ['coverage'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0) {
  process.stderr.write(`no such step: ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}\n`);
  process.exit(2);
}
const chosen = Object.entries(steps).filter(([name]) =>
  wanted.length === 0 ? !ONLY_BY_NAME.includes(name) : wanted.includes(name),
);

/** One command; what it prints is shown at once, or together at its end where others run beside it. */
const runOne = (args, isAlone) =>
  new Promise((done, failed) => {
    const child = spawn(node, args, { cwd: root, stdio: isAlone ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    const printed = [];
    child.stdout?.on('data', (chunk) => printed.push(chunk));
    child.stderr?.on('data', (chunk) => printed.push(chunk));
    child.once('error', failed);
    child.once('close', (status) => done({ passed: status === 0, printed: Buffer.concat(printed) }));
  });

const runStep = async ([name, runs], isAlone) => {
  if (isAlone) process.stdout.write(`\n── ${name}\n`);
  const begun = process.hrtime.bigint();
  const printed = [];
  let passed = true;
  for (const args of runs) {
    const outcome = await runOne(args, isAlone);
    printed.push(outcome.printed);
    passed = outcome.passed;
    if (!passed) break;
  }
  if (!isAlone) process.stdout.write(`\n── ${name}\n${Buffer.concat(printed).toString()}`);
  return { name, passed, seconds: Number(process.hrtime.bigint() - begun) / 1e9 };
};

const runSteps = async (some, isAlone) => {
  const ended = [];
  for (const step of some) ended.push(await runStep(step, isAlone));
  return ended;
};

// each of these is one thread: two cores share them in lanes that take about as long
const BESIDE = ['lint', 'format'];
const STILL = ['types', 'directions', 'dead', 'commands'];
const named = (names) => chosen.filter(([name]) => names.includes(name));
const outcomes = [
  ...(await Promise.all([runSteps(named(BESIDE), false), runSteps(named(STILL), false)])).flat(),
  ...(await runSteps(
    chosen.filter(([name]) => !BESIDE.includes(name) && !STILL.includes(name)),
    true,
  )),
];

process.stdout.write('\n');
for (const { name, passed, seconds } of outcomes)
  process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s\n`);
const failures = outcomes.filter(({ passed }) => !passed).length;
process.stdout.write(`\nsteps: ${outcomes.length - failures} passed, ${failures} failed\n`);
process.exit(failures === 0 ? 0 : 1);
