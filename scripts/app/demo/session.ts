import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTwinProcess } from '../twinControl.ts';
import type { TwinState } from '../twinState.ts';

/** What a demo holds open, and how it ends: nothing left running, nothing personal left on disk. */
export type DemoSession = {
  readonly twin: TwinState;
  /** A folder of this demo only: home of the CLI's logins, the vault, sealed files. */
  readonly privateDir: string;
  /** Environment for commands: a home of their own, so that the user's logins stay as they are. */
  readonly env: NodeJS.ProcessEnv;
  /** Adds something to end; ended in reverse order. */
  readonly onEnd: (end: () => Promise<unknown>) => void;
  /** Ends everything, once; called again it waits for the first. */
  readonly end: () => Promise<void>;
};

const environment = (privateDir: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: privateDir,
  USERPROFILE: privateDir,
  GARDE_DATA_DIR: join(privateDir, 'garde'),
  SF_DISABLE_TELEMETRY: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
  SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  SF_DISABLE_LOG_FILE: 'true',
  SF_DISABLE_DNS_CHECK: 'true',
  NODE_OPTIONS: '--disable-warning=ExperimentalWarning --no-warnings',
});

/** Boots the twin; with `keepIn` the private folder is that one and stays. */
export const openDemoSession = async (options: { readonly keepIn?: string }): Promise<DemoSession> => {
  const privateDir = options.keepIn ?? (await mkdtemp(join(tmpdir(), 'garde-demo-')));
  await mkdir(privateDir, { recursive: true, mode: 0o700 });
  const ends: (() => Promise<unknown>)[] = [];
  if (options.keepIn === undefined) ends.push(() => rm(privateDir, { recursive: true, force: true, maxRetries: 5 }));
  let ending: Promise<void> | undefined;
  const endAll = async (): Promise<void> => {
    for (const end of ends.reverse()) await end();
  };
  const env = environment(privateDir);
  const twin = await startTwinProcess({ dataDir: join(privateDir, 'garde'), shape: 'npsp', port: 0, attached: true });
  ends.push(() => twin.stop());
  return {
    twin: twin.state,
    privateDir,
    env,
    onEnd: (end) => ends.push(end),
    end: async () => (ending ??= endAll()),
  };
};
