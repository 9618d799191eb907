import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { GardeError } from '../../kernel/result.ts';
import type { Progress, ReportProgress } from '../../model/progress.ts';
import { productPath } from '../configFiles.ts';

/** Runs `garde …` as a user would, in a process of its own, and gives its `--json` result; `ends`: statuses beside 0. */
export type RunCommand = <T>(args: readonly string[], ends?: readonly number[]) => Promise<T>;

type Answer = {
  readonly status: number;
  readonly result?: unknown;
  readonly name?: string;
  readonly message?: string;
  readonly actions?: readonly string[];
};

const isProgress = (message: unknown): message is { readonly progress: Progress } =>
  typeof message === 'object' && message !== null && 'progress' in message;

/** A command that ended partly done has no error to tell: what it left open says why. */
const toldBy = ({ name, message, result }: Answer): string => {
  if (name !== undefined) return `${name} ${message ?? ''}`;
  const open = typeof result === 'object' && result !== null && 'open' in result ? result.open : undefined;
  return open === undefined ? 'it is not done' : `open: ${JSON.stringify(open)}`;
};

const failureOf = (args: readonly string[], answer: Answer): GardeError =>
  new GardeError([
    {
      code: 'DemoCommandFailed',
      subject: args.slice(0, 3).join(' '),
      message: `"${args.slice(0, 3).join(' ')}" ended with ${answer.status}: ${toldBy(answer)}`,
      actions: answer.actions ?? [],
    },
  ]);

const isSilent = (text: string): boolean => text.trim() === '';

const readAnswer = (stdout: string, stderr: string, status: number): Answer => {
  if (isSilent(stdout)) return { status, name: 'NoAnswer', message: stderr.slice(-400) };
  return JSON.parse(stdout) as Answer;
};

/**
 * Commands run with this environment (a home of their own, so that the user's logins stay as they are). Progress comes
 * back over IPC; `announce` is told each command line first.
 */
export const createRunCommand =
  (env: NodeJS.ProcessEnv, announce: (args: readonly string[]) => void, tell: ReportProgress): RunCommand =>
  async <T>(args: readonly string[], ends: readonly number[] = []): Promise<T> => {
    announce(args);
    const child = spawn(process.execPath, [productPath('bin/run.js'), ...args, '--json'], {
      env: { ...env, GARDE_PROGRESS: 'ipc' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('message', (message) => {
      if (isProgress(message)) tell(message.progress);
    });
    const status = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    const answer = readAnswer(stdout, stderr, status);
    if (answer.status !== 0 && !ends.includes(answer.status)) throw failureOf(args, answer);
    return answer.result as T;
  };

export const productVersion = (): string =>
  (createRequire(import.meta.url)('../../../package.json') as { readonly version: string }).version;
