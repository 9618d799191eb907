import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GardeError } from '../kernel/result.ts';
import { readTwinState, removeTwinState, twinState } from './twinState.ts';
import type { TwinState } from './twinState.ts';
import { TWIN_NODE, twinEnvironment } from './twinNode.ts';

export type StartTwinInput = {
  readonly dataDir: string;
  readonly shape: 'bare' | 'npsp';
  /** 0 = any free port. */
  readonly port: number;
  /** True: the twin ends with this process. False: it goes on until `twin stop`. */
  readonly attached: boolean;
};

export type RunningTwin = {
  readonly state: TwinState;
  /** Resolves when the twin's process has ended. */
  readonly ended: Promise<void>;
  /** Ends the twin and waits for it. */
  stop(): Promise<void>;
};

const twinNotAnswering = (detail: string): GardeError =>
  new GardeError([
    {
      code: 'TwinNotStarted',
      message: `The twin did not start: ${detail}.`,
      actions: ['Run it with --foreground to see why.'],
    },
  ]);

const adminCall = async (state: TwinState, path: string, method = 'POST'): Promise<Response> =>
  fetch(`${state.instanceUrl}/garde/admin/${path}`, { method, headers: { 'x-garde-admin': state.adminToken } });

/** True when the twin of this state answers. */
export const answers = async (state: TwinState): Promise<boolean> => {
  try {
    return (await adminCall(state, 'status', 'GET')).ok;
  } catch {
    // a refused connection is the answer: nobody is there
    return false;
  }
};

/** The twin of this data folder if it runs; a stale state file (its process died) is removed. */
export const runningTwin = async (dataDir: string): Promise<TwinState | undefined> => {
  const state = await readTwinState(dataDir);
  if (state === undefined) return undefined;
  if (await answers(state)) return state;
  await removeTwinState(dataDir);
  return undefined;
};

/** Starts a twin in a process of its own and returns when it answers. */
export const startTwinProcess = async (input: StartTwinInput): Promise<RunningTwin> => {
  // .ts when run from source, .js when built: the extension of this very file
  const entry = fileURLToPath(new URL(`./twinProcess${import.meta.url.slice(-3)}`, import.meta.url));
  const options = ['--data-dir', input.dataDir, '--shape', input.shape, '--port', String(input.port)];
  const child = spawn(process.execPath, [...TWIN_NODE, entry, ...options, ...(input.attached ? ['--attached'] : [])], {
    stdio: ['ignore', 'ignore', input.attached ? 'inherit' : 'ignore', 'ipc'],
    detached: !input.attached,
    env: twinEnvironment(process.env),
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const state = await new Promise<TwinState>((resolve, reject) => {
    child.once('message', (message) => resolve(twinState.parse(message)));
    child.once('error', (error) => reject(twinNotAnswering(error.name)));
    child.once('exit', (code) => reject(twinNotAnswering(`its process ended with code ${String(code)}`)));
  });
  if (!input.attached) {
    child.disconnect();
    child.unref();
  }
  return {
    state,
    ended,
    stop: async () => {
      if (child.connected) child.disconnect();
      else await adminCall(state, 'stop');
      await ended;
    },
  };
};

/** Stops the twin of this data folder; false when none runs. */
export const stopTwin = async (dataDir: string): Promise<boolean> => {
  const state = await runningTwin(dataDir);
  if (state === undefined) return false;
  await adminCall(state, 'stop');
  for (let waited = 0; waited < 100 && (await answers(state)); waited += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await removeTwinState(dataDir);
  return true;
};

/** Empties the twin: a fresh org at the same address with the same tokens. */
export const resetTwin = async (state: TwinState): Promise<void> => {
  const response = await adminCall(state, 'reset');
  if (!response.ok)
    throw new GardeError([
      {
        code: 'TwinNotReset',
        message: `The twin answered ${response.status}.`,
        actions: ['Stop it and start it again.'],
      },
    ]);
};

/** What the twin says of itself: rows, requests left, what was deployed and is not rehearsed. */
export const twinStatus = async (state: TwinState): Promise<Readonly<Record<string, unknown>>> =>
  (await (await adminCall(state, 'status', 'GET')).json()) as Readonly<Record<string, unknown>>;
