#!/usr/bin/env node
// What `npm start` and `npm test` need before they run: dependencies, Node >= 22.19, a build, the pages.
// Plain JavaScript and node: imports only, since it runs before anything is installed, on Node 20 too.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const inRoot = (...parts) => join(root, ...parts);
const windows = process.platform === 'win32';
const wants = new Set(process.argv.slice(2));

function stop(sentence) {
  process.stderr.write(`setup: ${sentence}\n`);
  process.exit(1);
}

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    // stdout belongs to the command that follows (`npm start -- --json`)
    stdio: ['ignore', 2, 'inherit'],
    ...options,
  });
  if (error !== undefined || status !== 0)
    stop(`${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}`);
}

// `npm ci` removes the Node that may be running this, so npm is started with the system's own.
const npm = (...args) =>
  process.env.npm_execpath === undefined
    ? run(windows ? 'npm.cmd' : 'npm', args, { shell: windows, stdio: ['ignore', 2, 'inherit'] })
    : run(process.env.npm_node_execpath ?? process.execPath, [process.env.npm_execpath, ...args]);

// npm's own record is compared with the lock, so `npm ci && npm test` installs once.
function installedAsLocked() {
  const record = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(([place, { integrity, optional, devOptional }]) => {
    if (place === '') return true;
    const found = installed[place];
    return found === undefined ? (optional ?? devOptional) === true : found.integrity === integrity;
  });
}

// npm 10 installs the platform's Node but leaves no .bin/node: the link is made again.
function linkNode() {
  const link = inRoot('node_modules', '.bin', 'node');
  const packaged = inRoot('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (!windows && !existsSync(link) && existsSync(packaged)) {
    mkdirSync(inRoot('node_modules', '.bin'), { recursive: true });
    symlinkSync(packaged, link);
  }
}

function chooseNode() {
  const packaged = windows
    ? inRoot('node_modules', `node-win-${process.arch}`, 'bin', 'node.exe')
    : inRoot('node_modules', '.bin', 'node');
  const node = existsSync(packaged) ? packaged : process.execPath;
  const version = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  const [major, minor] = version.split('.').map(Number);
  if (!(major > 22 || (major === 22 && minor >= 19)))
    stop(
      `Garde needs Node 22.19 or newer and npm has no package of it for ${process.platform}-${process.arch}. Install Node 24 and try again.`,
    );
  return node;
}

function digestOf(places) {
  const hash = createHash('sha256');
  const add = (path) => {
    if (!existsSync(inRoot(path))) return;
    if (statSync(inRoot(path)).isDirectory())
      for (const name of readdirSync(inRoot(path)).sort()) add(join(path, name));
    else
      hash
        .update(path)
        .update('\0')
        .update(readFileSync(inRoot(path)))
        .update('\0');
  };
  places.forEach(add);
  return hash.digest('hex');
}

// The stamp is written last: a killed run is done again.
function unlessDone(stamp, places, work) {
  const digest = digestOf(places);
  if (existsSync(inRoot(stamp)) && readFileSync(inRoot(stamp), 'utf8') === digest) return;
  work();
  writeFileSync(inRoot(stamp), digest);
}

// Two set-ups at once would tear node_modules apart; a stale lock (its process gone) is taken over.
function withLock(work) {
  const lock = inRoot('.setup-lock');
  const owner = join(lock, 'pid');
  const alive = (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return error.code === 'EPERM';
    }
  };
  for (let waited = 0; ; waited += 1) {
    try {
      mkdirSync(lock);
      writeFileSync(owner, String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : Number.NaN;
      if (waited > 4 && !alive(pid)) rmSync(lock, { recursive: true, force: true });
      if (waited === 0) process.stderr.write('setup: waiting for another set-up of this folder\n');
      if (waited > 1200) stop('another set-up has held .setup-lock for ten minutes; remove the folder if none runs');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  process.on('exit', () => rmSync(lock, { recursive: true, force: true }));
  work();
}

withLock(() => {
  if (!installedAsLocked()) {
    process.stderr.write('setup: installing dependencies (once; about a minute)\n');
    npm('ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error');
  }
  linkNode();
  const node = chooseNode();
  process.env.PATH = [inRoot('node_modules', '.bin'), process.env.PATH].join(delimiter);
  const bin = (name, ...path) => inRoot('node_modules', name, ...path);

  if (wants.has('--build'))
    unlessDone(
      'lib/.garde-build',
      [
        'scripts',
        'force-app',
        'bin',
        'messages',
        'tsconfig.base.json',
        'tsconfig.json',
        'tsconfig.lwc.json',
        'tsconfig.lwc-emit.json',
        'package-lock.json',
      ],
      () => {
        process.stderr.write('setup: building\n');
        // a deleted command would live on in lib/
        rmSync(inRoot('lib'), { recursive: true, force: true });
        rmSync(inRoot('oclif.manifest.json'), { force: true });
        run(node, [bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json']);
        run(node, [inRoot('bin', 'bundle-twin.js')]);
        run(node, ['--disable-warning=ExperimentalWarning', inRoot('bin', 'command-manifest.js')]);
        run(node, [inRoot('bin', 'build-package.js')]);
      },
    );
  if (wants.has('--pages'))
    unlessDone('dist/.garde-pages', ['scripts/workbench', 'force-app', 'rollup.config.js', 'package-lock.json'], () => {
      process.stderr.write('setup: building the pages\n');
      run(node, [
        '--disable-warning=ExperimentalWarning',
        bin('rollup', 'dist', 'bin', 'rollup'),
        '-c',
        'rollup.config.js',
        '--silent',
      ]);
    });
});
