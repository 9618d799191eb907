#!/usr/bin/env node
// `npm test`: everything CI runs, step by step, with what each took. Ends non-zero when any step failed.
// `npm test -- lint jest` runs the named steps only.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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
  // a cache of its own: one filled without coverage would lose the components' rows
  jest: [[...jest, '--coverage', '--cacheDirectory', modules('.cache', 'jest-coverage')]],
  browser: [[quiet, join('tests', 'browser', 'run.ts')]],
  node22: [[join('tests', 'node22', 'smoke.js')]],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0) {
  process.stderr.write(`no such step: ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}\n`);
  process.exit(2);
}
const chosen = Object.entries(steps).filter(([name]) => wanted.length === 0 || wanted.includes(name));

const outcomes = chosen.map(([name, runs]) => {
  process.stdout.write(`\n── ${name}\n`);
  const begun = process.hrtime.bigint();
  const passed = runs.every((args) => spawnSync(node, args, { cwd: root, stdio: 'inherit' }).status === 0);
  return { name, passed, seconds: Number(process.hrtime.bigint() - begun) / 1e9 };
});

process.stdout.write('\n');
for (const { name, passed, seconds } of outcomes)
  process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s\n`);
const failures = outcomes.filter(({ passed }) => !passed).length;
process.stdout.write(`\nsteps: ${outcomes.length - failures} passed, ${failures} failed\n`);
process.exit(failures === 0 ? 0 : 1);
