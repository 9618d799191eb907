import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ListedCommand } from './listCommands.ts';

export type Outcome = { readonly status: number; readonly stdout: string; readonly stderr: string };

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A home of its own: logins, keyrings and the twin's state of one test file. */
export const createHome = (): { readonly home: string; readonly env: NodeJS.ProcessEnv } => {
  const home = mkdtempSync(join(tmpdir(), 'garde-home-'));
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    USERPROFILE: home,
    GARDE_DATA_DIR: join(home, 'garde'),
    SF_DISABLE_TELEMETRY: 'true',
    SF_SKIP_NEW_VERSION_CHECK: 'true',
    SF_AUTOUPDATE_DISABLE: 'true',
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
    SF_DISABLE_LOG_FILE: 'true',
    SF_CONTAINER_MODE: 'true',
    OCLIF_DISABLE_LINKED_ESM_WARNING: 'true',
    NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
    // hundreds of processes load the same code: compiled once
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
  };
  return { home, env };
};

const run = async (
  file: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; input?: string; cwd?: string },
): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], { cwd: options.cwd ?? root, env: options.env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status: status ?? -1, stdout, stderr }));
    child.stdin.end(options.input ?? '');
  });

/** `garde …` through bin/run.js, as a process. */
export const runGarde = async (
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; cwd?: string },
): Promise<Outcome> => run(join(root, 'bin', 'run.js'), args, options);

/** The real Salesforce CLI, as a process. */
export const runSf = async (
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; input?: string; cwd?: string },
): Promise<Outcome> => run(join(root, 'node_modules', '@salesforce', 'cli', 'bin', 'run.js'), args, options);

/** All commands of Garde as oclif finds them, with what is wrong with their examples. */
export const listCommands = async (): Promise<readonly ListedCommand[]> => {
  const { status, stdout, stderr } = await run(join(root, 'tests', 'commands', 'listCommands.ts'), [], {
    env: process.env,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as readonly ListedCommand[];
};

export type Answer = {
  readonly status: number;
  readonly result?: unknown;
  readonly name?: string;
  readonly message?: string;
  readonly actions?: readonly string[];
};

/** The parsed `--json` answer of a command; its whole output in the failure when it is no JSON. */
export const jsonOf = (outcome: Outcome): Answer => {
  try {
    return JSON.parse(outcome.stdout) as Answer;
  } catch {
    throw new Error(`no JSON on stdout (status ${outcome.status}):\n${outcome.stdout}\n${outcome.stderr}`);
  }
};
