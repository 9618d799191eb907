import { setTimeout as waitFor } from 'node:timers/promises';
import { approvePlan } from '../../scripts/plan/approve/approvePlan.ts';
import { approvalPolicyFor } from '../../scripts/plan/approve/approvalPolicy.ts';
import { applyPlan, type ApplyResult } from '../../scripts/plan/apply/applyPlan.ts';
import type { RunSummary } from '../../scripts/model/run.ts';
import {
  charterDigest,
  packVersions,
  planRetention,
  ruleSetVersions,
  type RetentionPlanResult,
} from '../../scripts/retention/plan.ts';
import { createRetentionGuard } from '../../scripts/retention/retentionGuard.ts';
import { ORG_NAME } from '../plan/cycle.ts';
import { seededRandom, temporaryVault } from '../plan/temporaryVault.ts';
import type { Bench } from './bench.ts';
import { startExecutorOrg, type ExecutorOrg } from './executorOrg.ts';

type Home = ReturnType<typeof temporaryVault>;
const clock = { now: () => new Date().toISOString() };
const random = seededRandom('executor bench');

const plan = async (at: ExecutorOrg, home: Home): Promise<RetentionPlanResult> => {
  const org = await at.open('admin');
  const ports = { org, vault: home.vault, clock };
  return planRetention({ ...at.law, folder: home.folder, toolVersion: '0.1.0' }, ports);
};

const approved = async (at: ExecutorOrg, home: Home): Promise<RetentionPlanResult> => {
  const planned = await plan(at, home);
  const ports = { org: await at.open('officer'), clock };
  await approvePlan({ planPath: planned.path, decision: 'approved' }, ports);
  return planned;
};

const carryOut = async (at: ExecutorOrg, home: Home, { path, header }: RetentionPlanResult): Promise<ApplyResult> => {
  const { law } = at;
  const use = {
    toolVersion: '0.1.0',
    charterDigest: charterDigest(law.charter),
    packs: packVersions(law),
    ruleSets: ruleSetVersions(law),
  };
  const policy = { ...approvalPolicyFor(law.charter, header), rehearsal: 'advised' as const };
  const input = { planPath: path, use, policy, orgName: ORG_NAME };
  const createGuard = createRetentionGuard(law, clock.now);
  const org = await at.open('admin');
  const result = await applyPlan(input, { org, vault: home.vault, clock, random, createGuard, wait: waitFor });
  const { state, stopCode } = result.summary;
  if (state !== 'done') throw new Error(`the run ended ${state}: ${stopCode ?? ''}`);
  return result;
};

/** Seconds until each answer's head, by all requests of this process while work goes on. */
const countingLatency = async (work: () => Promise<unknown>): Promise<number> => {
  const original = globalThis.fetch;
  let seconds = 0;
  globalThis.fetch = async (...request: Parameters<typeof fetch>) => {
    const start = performance.now();
    try {
      return await original(...request);
    } finally {
      seconds += (performance.now() - start) / 1000;
    }
  };
  try {
    await work();
  } finally {
    globalThis.fetch = original;
  }
  return seconds;
};

type Spent = { readonly summary: RunSummary; readonly steps: number; readonly cpuSeconds: number };

/** This process's own time alone: the twin has a process of its own. */
const withoutLatency = async (at: ExecutorOrg, home: Home): Promise<Spent> => {
  const planned = await approved(at, home);
  const before = process.cpuUsage();
  const { summary } = await carryOut(at, home, planned);
  const { user, system } = process.cpuUsage(before);
  return { summary, steps: planned.header.terms.steps, cpuSeconds: (user + system) / 1e6 };
};

type Waited = { readonly steps: number; readonly wall: number; readonly latency: number };

const withLatency = async (at: ExecutorOrg, home: Home, milliseconds: number): Promise<Waited> => {
  const planned = await approved(at, home);
  await at.setLatency(milliseconds);
  const start = performance.now();
  let wall = 0;
  const latency = await countingLatency(async () => {
    await carryOut(at, home, planned);
    wall = (performance.now() - start) / 1000;
  });
  await at.setLatency(0);
  return { steps: planned.header.terms.steps, wall, latency };
};

const callsOf = ({ calls }: RunSummary, purpose: string): number =>
  (calls.by ?? []).reduce((sum, one) => sum + (one.purpose === purpose ? one.calls : 0), 0);

const figures = ({ summary, steps, cpuSeconds }: Spent, { wall, latency }: Waited) => ({
  steps,
  cpuMicrosecondsPerStep: Number(((cpuSeconds * 1e6) / steps).toFixed(1)),
  overheadPercent: Number(((wall / latency - 1) * 100).toFixed(2)),
  callsMutation: callsOf(summary, 'mutation'),
  callsCheck: callsOf(summary, 'check'),
  callsPurge: callsOf(summary, 'purge'),
  callsFrame: callsOf(summary, 'frame'),
  callsPredicted: summary.calls.predicted,
  callsUsed: summary.calls.used,
});

export const executor: Bench = {
  name: 'executor',
  unit: 'steps/s',
  baseline: 'the sum of the times that the same calls take, each with the injected latency',
  measure: async (quick, rows = 10_000) => {
    const people = quick ? 300 : rows;
    const at = await startExecutorOrg();
    const home = temporaryVault('executor', clock.now());
    try {
      await at.populate(people);
      const spent = await withoutLatency(at, home);
      await at.populate(people);
      const waited = await withLatency(at, home, quick ? 20 : 150);
      const count = waited.steps;
      return {
        own: { count, seconds: waited.wall },
        baseline: { count, seconds: waited.latency },
        memory: await at.server.end(),
        figures: figures(spent, waited),
      };
    } finally {
      home.remove();
    }
  },
};
