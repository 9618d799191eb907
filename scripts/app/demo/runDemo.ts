import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { generateTruth } from '../../demo/generate.ts';
import type { ReportProgress } from '../../model/progress.ts';
import { startWorkbenchProcess } from '../workbenchProcess.ts';
import type { WorkbenchOrder } from '../workbenchProcess.ts';
import { runCycle } from './cycle.ts';
import type { CycleResult } from './cycle.ts';
import type { LoadedDemo } from './loadDemo.ts';
import { matchAgainstTruth } from './matchTruth.ts';
import { deployDemoFields, findDonors, letOfficerIn, loadPeople } from './prepareOrg.ts';
import { createRunCommand } from './runCommand.ts';
import type { RunCommand } from './runCommand.ts';
import type { DemoSession } from './session.ts';
import { openTwinAs } from '../connectTwin.ts';
import { openVault } from '../ports.ts';

export type DemoInput = {
  readonly people: number;
  readonly seed: number;
  /** The day the demo org lives in, `yyyy-MM-dd`. */
  readonly today: string;
  /** Where artefacts without personal data stay. */
  readonly outputDir: string;
  readonly language: 'en' | 'fr';
};

export type DemoDay = CycleResult & {
  readonly loaded: LoadedDemo;
  /** How many of each kind the generator knows to be true of the org: what an honest audit should find. */
  readonly truth: Readonly<Record<string, number>>;
  readonly orgName: string;
};

export type DemoListener = { readonly announce: (args: readonly string[]) => void; readonly tell: ReportProgress };

/** People who ask to be forgotten until one is not held by a running mandate, a case or a contract. */
const MOST_ASKED = 25;

const countTruth = (input: DemoInput): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { kind } of generateTruth(input)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

const prepare = async (session: DemoSession, input: DemoInput, run: RunCommand, tell: ReportProgress) => {
  const { twin } = session;
  tell({ stage: 'demo.fields' });
  await deployDemoFields(twin, session.privateDir);
  await run(['garde', 'twin', 'start', '--alias', 'demo']);
  await run(['garde', 'twin', 'start', '--alias', 'officer', '--as', 'officer']);
  const sets = ['GardeReader', 'GardeOfficer', 'GardeAdmin'].flatMap((name) => ['--assign', name]);
  await run(['garde', 'deploy', '--target-org', 'demo', ...sets]);
  const loaded = await loadPeople(twin, input, tell);
  await letOfficerIn(twin);
  return loaded;
};

/** One whole day: deploy, load, look, plan, rehearse, approve, apply, prove; each step a command as a user types it. */
export const runDemo = async (session: DemoSession, input: DemoInput, listener: DemoListener): Promise<DemoDay> => {
  const run = createRunCommand(session.env, listener.announce, listener.tell);
  await mkdir(input.outputDir, { recursive: true });
  const loaded = await prepare(session, input, run, listener.tell);
  const org = await openTwinAs(session.twin, 'admin');
  const { orgName } = await org.identity();
  const cycle = await runCycle({
    run,
    orgName,
    donors: await findDonors(session.twin, MOST_ASKED),
    outputDir: input.outputDir,
    privateDir: session.privateDir,
    language: input.language,
    judgeMatch: async () =>
      matchAgainstTruth(input, { org, vault: await openVault(join(session.privateDir, 'garde')) }),
  });
  return { ...cycle, loaded, orgName, truth: countTruth(input) };
};

/** Serves the officer's pages on what the demo left; ends with the session. */
export const serveDemo = async (
  session: DemoSession,
  order: Pick<WorkbenchOrder, 'orgName' | 'port' | 'artefacts'>,
): Promise<{ readonly url: string; readonly ended: Promise<void> }> => {
  const officer = session.twin.users['admin'];
  const workbench = await startWorkbenchProcess({
    instanceUrl: session.twin.instanceUrl,
    accessToken: officer?.accessToken ?? '',
    apiVersion: '66.0',
    ...order,
  });
  session.onEnd(() => workbench.stop());
  return workbench;
};
