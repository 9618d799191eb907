/**
 * `npm run proof`: runs the tests that are named after an acceptance statement and prints which statements their passing
 * shows; `npm run proof -- RET` those of some; with `--from FILE` by jest's results of a run that is over. Ends non-zero
 * when one is not shown.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { collectProof } from './collectProof.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const statements = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(new URL('statements.json', import.meta.url), 'utf8')));
const report = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) })),
});

const {
  values: { from, json },
  positionals: wanted,
} = parseArgs({
  options: { from: { type: 'string' }, json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const chosen = Object.fromEntries(
  Object.entries(statements).filter(([id]) => wanted.length === 0 || wanted.some((one) => id.startsWith(one))),
);
const pattern = new RegExp(`(${Object.keys(chosen).join('|')})`);

const filesThatName = (): readonly string[] => {
  const tests = fileURLToPath(new URL('..', import.meta.url));
  return readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
    .map((name) => join(tests, name))
    .filter((path) => pattern.test(readFileSync(path, 'utf8')));
};

/** Runs what names a statement, and gives jest's results as text. */
const runTests = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'garde-proof-'));
  const output = join(folder, 'jest.json');
  const args = [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    ...[join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--selectProjects', 'node', '--maxWorkers=2'],
    ...['--json', '--outputFile', output, '--silent', '-t', pattern.source],
    ...['--runTestsByPath', ...filesThatName()],
  ];
  spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const results = readFileSync(output, 'utf8');
  rmSync(folder, { recursive: true, force: true });
  return results;
};

const assertions = report
  .parse(JSON.parse(from === undefined ? runTests() : readFileSync(from, 'utf8')))
  .testResults.flatMap(({ assertionResults }) => assertionResults)
  // what the pattern left out was not asked for
  .filter(({ fullName }) => pattern.test(fullName));

const proofs = collectProof(chosen, assertions);
if (json) process.stdout.write(`${JSON.stringify(proofs)}\n`);
else
  for (const { id, statement, passed, others, isShown } of proofs) {
    process.stdout.write(`\n${isShown ? '✓' : '✗'} ${id}  ${statement}\n`);
    for (const name of passed) process.stdout.write(`    ✓ ${name}\n`);
    for (const name of others) process.stdout.write(`    ✗ ${name}\n`);
    if (passed.length + others.length === 0) process.stdout.write('    no test names it\n');
  }
const shown = proofs.filter(({ isShown }) => isShown).length;
process.stdout.write(`\nstatements: ${shown} shown, ${proofs.length - shown} not shown\n`);
process.exitCode = shown === proofs.length ? 0 : 1;
