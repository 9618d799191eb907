import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createHome, jsonOf, runGarde } from './runCommand.ts';
import type { Answer } from './runCommand.ts';

type Started = {
  readonly instanceUrl: string;
  readonly accessToken: string;
  readonly username: string;
  readonly orgId: string;
  readonly shape: string;
  readonly pid: number;
  readonly alreadyRunning: boolean;
  readonly users: Readonly<Record<string, { readonly username: string; readonly accessToken: string }>>;
};

/** The result of a command that must have succeeded; what it said in the failure. */
export const resultOf = (answer: Answer): unknown => {
  if (answer.status !== 0) throw new Error(`status ${answer.status}: ${answer.name ?? ''}: ${answer.message ?? ''}`);
  return answer.result;
};

/** True when the process is gone; an ended child that nobody has waited for yet counts as gone. */
export const hasEnded = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && readFileSync(stat, 'utf8').includes(') Z ');
};

/** Waits until `isSo`; the failure says what was waited for. */
export const until = async (what: string, isSo: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 600; tries += 1) {
    if (isSo()) return;
    await wait(50);
  }
  throw new Error(`waited in vain: ${what}`);
};

export type TwinHome = {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly twin: Started;
  /** The `--json` answer of a `garde` command in this home. */
  garde(...args: readonly string[]): Promise<Answer>;
  /** Rows of a query, as the administrator or as another role. */
  rows(soql: string, role?: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Loads rows as they are, audit fields included. */
  load(object: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  /** Number of the last change in the org. */
  changes(): Promise<number>;
  end(): Promise<void>;
};

const bearer = (accessToken: string): Record<string, string> => ({ authorization: `Bearer ${accessToken}` });

/** A home of its own with a running twin, started by the command and logged in to as `admin`. */
export const openTwinHome = async (shape: 'npsp' | 'bare'): Promise<TwinHome> => {
  const { home, env } = createHome();
  const garde: TwinHome['garde'] = async (...args) =>
    jsonOf(await runGarde(['garde', ...args, '--json'], { env, cwd: home }));
  const twin = resultOf(await garde('twin', 'start', '--shape', shape, '--alias', 'admin')) as Started;
  const state = JSON.parse(readFileSync(join(home, 'garde', 'twin.json'), 'utf8')) as { adminToken: string };
  return {
    home,
    env,
    twin,
    garde,
    rows: async (soql, role = 'admin') => {
      const token = twin.users[role]?.accessToken ?? '';
      const url = `${twin.instanceUrl}/services/data/v66.0/query?q=${encodeURIComponent(soql)}`;
      const response = await fetch(url, { headers: bearer(token) });
      if (!response.ok) throw new Error(await response.text());
      return ((await response.json()) as { records: Record<string, unknown>[] }).records;
    },
    load: async (object, rows) => {
      const response = await fetch(`${twin.instanceUrl}/garde/admin/load?object=${object}`, {
        method: 'POST',
        headers: { 'x-garde-admin': state.adminToken, 'content-type': 'application/x-ndjson' },
        body: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    changes: async () => {
      const response = await fetch(`${twin.instanceUrl}/garde/admin/journal`, {
        headers: { 'x-garde-admin': state.adminToken },
      });
      if (!response.ok) throw new Error(await response.text());
      const { entries } = (await response.json()) as { entries: { sequence: number }[] };
      return entries.at(-1)?.sequence ?? 0;
    },
    end: async () => {
      await garde('twin', 'stop');
      rmSync(home, { recursive: true, force: true });
    },
  };
};
