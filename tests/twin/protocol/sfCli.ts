import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Twin } from '../../../scripts/twin/contract.ts';

export type SfRun = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type SfCli = {
  readonly folder: string;
  /** Runs the real `sf` in the project folder. */
  run(args: readonly string[], options?: { readonly env?: Readonly<Record<string, string>> }): Promise<SfRun>;
  /** The `result` of `--json`; a failure is thrown with what the command said. */
  json<T>(args: readonly string[], options?: { readonly env?: Readonly<Record<string, string>> }): Promise<T>;
  write(path: string, text: string): Promise<string>;
  remove(): Promise<void>;
};

export const QUIET = {
  SF_DISABLE_TELEMETRY: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
  SF_AUTOUPDATE_DISABLE: 'true',
  SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  SF_DISABLE_LOG_FILE: 'true',
  NO_COLOR: '1',
} as const;

/** Clients send loopback requests through a proxy of the environment, NO_PROXY or not. */
export const withoutProxies = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:https?|all|no)_proxy$/i.test(name)));

const entry = resolve('node_modules/@salesforce/cli/bin/run.js');

/** The real CLI with a HOME and a project of its own. */
export const createSfCli = async (oauthLocalPort: number): Promise<SfCli> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'twin-sf-')));
  const write = async (path: string, text: string): Promise<string> => {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
    return target;
  };
  await write(
    'sfdx-project.json',
    JSON.stringify({
      packageDirectories: [{ path: 'force-app', default: true }],
      sourceApiVersion: '66.0',
      oauthLocalPort,
    }),
  );
  await mkdir(join(folder, 'force-app'), { recursive: true });
  const base = {
    ...withoutProxies(process.env),
    ...QUIET,
    HOME: folder,
    USERPROFILE: folder,
    SF_DATA_DIR: join(folder, 'data'),
  };
  const run: SfCli['run'] = (args, options = {}) =>
    new Promise((done) => {
      const env = { ...base, SF_CONTAINER_MODE: 'true', ...options.env };
      execFile(
        process.execPath,
        [entry, ...args],
        { cwd: folder, env, maxBuffer: 50_000_000 },
        (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
      ).stdin?.end();
    });
  return {
    folder,
    run,
    json: async <T>(args: readonly string[], options = {}) => {
      const { stdout, stderr, code } = await run([...args, '--json'], options);
      if (code !== 0) throw new Error(`sf ${args.join(' ')} ended with ${code}: ${stdout}\n${stderr}`);
      return (JSON.parse(stdout) as { result: T }).result;
    },
    write,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

/** A CLI signed in as the administrator of the twin, by access token; the alias is `twin`. */
export const signedInCli = async (twin: Twin): Promise<SfCli> => {
  const sf = await createSfCli(1717);
  const flags = ['--instance-url', twin.instanceUrl, '--no-prompt', '--alias', 'twin', '--set-default'];
  const SF_ACCESS_TOKEN = twin.users['admin']!.accessToken;
  await sf.json(['org', 'login', 'access-token', ...flags], { env: { SF_ACCESS_TOKEN } });
  return sf;
};
