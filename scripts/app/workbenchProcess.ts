import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GardeError } from '../kernel/result.ts';

export type WorkbenchOrder = {
  readonly instanceUrl: string;
  readonly accessToken: string;
  readonly apiVersion: string;
  readonly orgName: string;
  readonly port: number;
  readonly artefacts: readonly { readonly title: string; readonly name: string; readonly path: string }[];
};

export type RunningWorkbench = { readonly url: string; readonly ended: Promise<void>; stop(): Promise<void> };

/** Starts the workbench, a front door of its own, in a process that ends with this one. Resolves when it answers. */
export const startWorkbenchProcess = async (order: WorkbenchOrder): Promise<RunningWorkbench> => {
  const entry = fileURLToPath(new URL(`../workbench/main${import.meta.url.slice(-3)}`, import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.send(order);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { url: string }).url));
    child.once('exit', () =>
      reject(
        new GardeError([
          {
            code: 'WorkbenchNotStarted',
            message: 'The workbench did not start.',
            actions: ['Run "npm run setup" and try again.'],
          },
        ]),
      ),
    );
  });
  return {
    url,
    ended,
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
};
