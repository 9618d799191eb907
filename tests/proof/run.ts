/**
 * `npm run proof`: runs the tests that are named after an acceptance statement and prints which statements their passing
 * shows. Ends non-zero when one is not shown.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { collectProof } from './collectProof.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const statements = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(new URL('statements.json', import.meta.url), 'utf8')));
const report = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) })),
});

const wanted = process.argv.slice(2).filter((one) => one !== '--json');
const chosen = Object.fromEntries(
  Object.entries(statements).filter(([id]) => wanted.length === 0 || wanted.some((one) => id.startsWith(one))),
);
const folder = mkdtempSync(join(tmpdir(), 'garde-proof-'));
const output = join(folder, 'jest.json');
const pattern = `(${Object.keys(chosen).join('|')})`;
const tests = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
  .map((name) => join(tests, name))
  .filter((path) => new RegExp(pattern).test(readFileSync(path, 'utf8')));
const args = [
  ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  ...[join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--selectProjects', 'node', '--maxWorkers=2'],
  ...['--json', '--outputFile', output, '--silent', '-t', pattern],
  ...['--runTestsByPath', ...files],
];
spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
const assertions = report
  .parse(JSON.parse(readFileSync(output, 'utf8')))
  .testResults.flatMap(({ assertionResults }) => assertionResults)
  // what the pattern left out was not asked for
  .filter(({ fullName }) => new RegExp(pattern).test(fullName));
rmSync(folder, { recursive: true, force: true });

const proofs = collectProof(chosen, assertions);
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(proofs)}\n`);
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
