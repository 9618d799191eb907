import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunSummary } from '../../scripts/model/run.ts';
import type { TestOrg } from '../plan/testOrg.ts';

/** What a process that sits at a plan is told. */
export type SittingOrder = {
  readonly twin: Pick<TestOrg['twin'], 'instanceUrl' | 'orgId' | 'users'>;
  /** The vault is in its folder `vault`. */
  readonly folder: string;
  readonly planPath: string;
  readonly now: string;
};

/** When to kill: at the nth request, or the nth that writes, and so many milliseconds later. */
export type KillMoment = { readonly of: 'requests' | 'writes'; readonly nth: number; readonly delay: number };

export type SittingEnd = { readonly killed: true } | { readonly killed: false; readonly summary: RunSummary };

const FILE = fileURLToPath(new URL('sitting.ts', import.meta.url));
const LATENCY = 4;
const WRITES = ['POST', 'PATCH', 'DELETE'] as const;

/** Faults that slow requests a little and count them, so that there is a moment to kill in. */
const countRequests = (at: TestOrg): ((of: KillMoment['of']) => number) => {
  at.twin.faults.clear();
  const slow = { kind: 'latency', milliseconds: LATENCY, jitter: LATENCY } as const;
  at.twin.faults.add({ faults: [slow, ...WRITES.map((method) => ({ ...slow, match: { method } }))] });
  return (of) => {
    const counts = at.twin.faults.list().map(({ matched }) => matched);
    return of === 'requests' ? (counts[0] ?? 0) : counts.slice(1).reduce((sum, one) => sum + one, 0);
  };
};

/** Starts a sitting and, when a moment is given, ends its process by SIGKILL then; a sitting may be over before. */
export const sitAndKill = async (at: TestOrg, order: SittingOrder, moment?: KillMoment): Promise<SittingEnd> => {
  const counted = countRequests(at);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', FILE, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // most of what a short sitting costs is compiling
    env: { ...process.env, NODE_COMPILE_CACHE: join(order.folder, 'compiled') },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const watch = setInterval(() => {
    if (moment === undefined || counted(moment.of) < moment.nth) return;
    clearInterval(watch);
    setTimeout(() => child.kill('SIGKILL'), moment.delay);
  }, 1);
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, by) => resolve(by));
  });
  clearInterval(watch);
  if (signal === 'SIGKILL') return { killed: true };
  if (said.out === '') throw new Error(`the sitting failed: ${said.err}`);
  return { killed: false, summary: JSON.parse(said.out) as RunSummary };
};

/** Requests that a whole sitting makes, once `sitAndKill` came back. */
export const requestsMade = (at: TestOrg): Readonly<Record<KillMoment['of'], number>> => {
  const counts = at.twin.faults.list().map(({ matched }) => matched);
  return { requests: counts[0] ?? 0, writes: counts.slice(1).reduce((sum, one) => sum + one, 0) };
};
