import { spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { GardeError } from '../../kernel/result.ts';
import type { Problem } from '../../kernel/result.ts';
import { passphraseForChild } from '../passphrase.ts';
import { twinState } from '../twinState.ts';
import { TWIN_NODE, twinEnvironment } from '../twinNode.ts';

const notRehearsed = z.array(z.object({ type: z.string(), fullName: z.string(), because: z.string() }));
const started = z.object({ state: twinState, rows: z.int(), notRehearsed });
const isProblem = (value: unknown): value is Problem => typeof value === 'object' && value !== null && 'code' in value;
const failed = z.object({ failed: z.string(), problems: z.array(z.custom<Problem>(isProblem)) });

export type StartPulledInput = {
  readonly dataDir: string;
  readonly holdingId: string;
  /** True: the vault keeps what was pulled when the twin stops, until it expires. */
  readonly keep: boolean;
  readonly port: number;
  /** True: the twin ends with this process. */
  readonly attached: boolean;
};

export type StartedPulled = z.infer<typeof started> & {
  /** Resolves when the twin's process has ended. */
  readonly ended: Promise<void>;
  readonly stop: () => void;
};

const notStarted = (detail: string): GardeError =>
  new GardeError([
    {
      code: 'PulledTwinNotStarted',
      subject: detail,
      message: 'The twin could not be loaded from what was pulled.',
      actions: ['Run it again with --foreground to see why; pull again if the keyring has changed since.'],
    },
  ]);

const problemOf = ({ failed: name, problems }: z.infer<typeof failed>): GardeError =>
  problems.length === 0 ? notStarted(name) : new GardeError(problems);

/** Starts a twin loaded from a holding of the vault, in a process of its own, and returns when it answers. */
export const startPulled = async (input: StartPulledInput): Promise<StartedPulled> => {
  const entry = fileURLToPath(new URL(`./pulledProcess${import.meta.url.slice(-3)}`, import.meta.url));
  const options = ['--data-dir', input.dataDir, '--holding', input.holdingId, '--port', String(input.port)];
  const flags = [...(input.keep ? ['--keep'] : []), ...(input.attached ? ['--attached'] : [])];
  const secret = passphraseForChild();
  const child = spawn(process.execPath, [...TWIN_NODE, entry, ...options, ...flags], {
    // the fifth is the descriptor that a passphrase comes through
    stdio: ['ignore', 'ignore', input.attached ? 'inherit' : 'ignore', 'ipc', secret === undefined ? 'ignore' : 'pipe'],
    detached: !input.attached,
    env: { ...twinEnvironment(process.env), ...secret?.environment },
  });
  const line = child.stdio[4];
  if (line instanceof Writable) line.end(secret?.passphrase);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const answer = await new Promise<z.infer<typeof started>>((resolve, reject) => {
    child.once('message', (message) => {
      const problem = failed.safeParse(message);
      if (problem.success) reject(problemOf(problem.data));
      else resolve(started.parse(message));
    });
    child.once('error', (error) => reject(notStarted(error.name)));
    child.once('exit', (code) => reject(notStarted(`exit ${String(code)}`)));
  });
  if (!input.attached) {
    child.disconnect();
    child.unref();
  }
  return { ...answer, ended, stop: () => child.connected && child.disconnect() };
};
