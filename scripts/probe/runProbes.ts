import { GardeError } from '../kernel/result.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Exchanges } from '../org/exchanges.ts';
import type { Org, OrgIdentity, OrgRow } from '../org/port.ts';
import type { Cassette, Exchange } from './cassette.ts';
import { clearUp } from './clearUp.ts';
import type { Leftover } from './clearUp.ts';
import { createHiding } from './placeholders.ts';
import type { Probe } from './probeFile.ts';
import { MissingId, runStep } from './steps.ts';
import type { Running } from './steps.ts';

export type ProbePorts = {
  readonly org: Org;
  readonly exchanges: Exchanges;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Folders of the objects that some probes need, and of what takes them away again. */
  readonly bench: { readonly deploy: string; readonly remove: string };
};

export type ProbeOutcome = {
  readonly probe: string;
  readonly title: string;
  readonly outcome: 'recorded' | 'partly' | 'failed' | 'skipped';
  readonly calls: number;
  /** Steps that were not run, for lack of an earlier one's record, and what is never tried. */
  readonly notRun: readonly string[];
  readonly cassette: Cassette | undefined;
  readonly leftovers: readonly Leftover[];
};

export type ProbeReport = {
  readonly probes: readonly ProbeOutcome[];
  /** The bench could not be taken away. */
  readonly benchLeft: boolean;
};

const SAFE_EDITIONS = new Set(['Developer Edition']);

/** Probes make and destroy records: an org where people work is refused, whatever its user says. */
export const refuseProduction = ({ edition, isSandbox, isTwin, orgName }: OrgIdentity): void => {
  if (isSandbox || isTwin || SAFE_EDITIONS.has(edition)) return;
  throw new GardeError([
    {
      code: 'ProbeInProduction',
      subject: orgName,
      message: `This org is no sandbox, no scratch org and no Developer Edition but ${edition}: people may be working in it.`,
      actions: ['Use --target-org with a Developer Edition org, a scratch org or a sandbox.'],
    },
  ]);
};

type Prepared = { readonly identity: OrgIdentity; readonly names: readonly string[] };

const userNames = async (org: Org, identity: OrgIdentity): Promise<readonly string[]> => {
  for await (const row of org.query(
    `SELECT Name, FirstName, LastName, Alias FROM User WHERE Id = '${identity.userId}'`,
  ))
    return Object.values(row).filter((value): value is string => typeof value === 'string');
  return [];
};

const cassetteOf = (probe: Probe, identity: OrgIdentity, exchanges: readonly Exchange[]): Cassette | undefined =>
  exchanges.length === 0
    ? undefined
    : {
        format: 1,
        probe: probe.probe,
        title: probe.title,
        source: {
          kind: identity.isTwin ? 'twin' : 'recorded',
          text: identity.isTwin ? 'answers of a twin' : `recorded by garde probe in a ${identity.edition} org`,
        },
        apiVersion: identity.apiVersion,
        ...(probe.bench ? { bench: true as const } : {}),
        exchanges: [...exchanges],
      };

const runSteps = async (running: Running, probe: Probe): Promise<readonly string[]> => {
  const notRun: string[] = [];
  for (const step of probe.steps) {
    try {
      await runStep(running, step);
    } catch (error) {
      if (!(error instanceof MissingId)) throw error;
      notRun.push(step.name);
    }
  }
  return notRun;
};

const runOne = async (probe: Probe, ports: ProbePorts, { identity, names }: Prepared): Promise<ProbeOutcome> => {
  const { exchanges, wait } = ports;
  const before = exchanges.calls();
  const recorded: Exchange[] = [];
  const running: Running = {
    ...{ exchanges, wait, apiVersion: identity.apiVersion, ids: new Map(), created: new Set() },
    hide: createHiding({ ...identity, names, own: JSON.stringify(probe.steps) }),
    record: (exchange) => recorded.push(exchange),
  };
  let [notRun, failed]: [readonly string[], boolean] = [[], false];
  try {
    notRun = await runSteps(running, probe);
  } catch (error) {
    // what was made must go before anything is said; the probe is told as failed
    failed = true;
    notRun = [error instanceof GardeError ? error.name : 'error'];
  }
  const leftovers = await clearUp(exchanges, identity.apiVersion, running.created);
  const cassette = failed ? undefined : cassetteOf(probe, identity, recorded);
  const missing = [...notRun, ...(probe.notTried ?? [])];
  const whole = missing.length === 0 ? 'recorded' : 'partly';
  const { probe: key, title } = probe;
  const calls = exchanges.calls() - before;
  return { probe: key, title, outcome: failed ? 'failed' : whole, calls, notRun: missing, cassette, leftovers };
};

const skipped = ({ probe, title, onlyWith }: Probe): ProbeOutcome => ({
  ...{ probe, title, outcome: 'skipped', calls: 0, cassette: undefined, leftovers: [] },
  notRun: [`only with ${onlyWith ?? ''}`],
});

const idOf = (row: OrgRow): string => (typeof row['Id'] === 'string' ? row['Id'] : '');

/** Lets the running user see the bench's fields; the assignment goes with the permission set. */
const prepareBench = async (ports: ProbePorts, identity: OrgIdentity): Promise<void> => {
  const report = await ports.org.deployFolder(ports.bench.deploy, { checkOnly: false });
  if (!report.success)
    throw new GardeError(
      report.failures.map(({ type, fullName }) => ({
        code: 'ProbeBenchRefused',
        subject: `${type} ${fullName}`,
        message: `The org refused ${type} ${fullName}, which some probes need.`,
        actions: ['Run the other probes with --only; remove what is left of an earlier run in Setup.'],
      })),
    );
  const sets: string[] = [];
  for await (const row of ports.org.query("SELECT Id FROM PermissionSet WHERE Name = 'GardeProbe'"))
    sets.push(idOf(row));
  await ports.org.create('PermissionSetAssignment', [
    { AssigneeId: identity.userId, PermissionSetId: sets[0] ?? null },
  ]);
};

const removeBench = async (ports: ProbePorts, identity: OrgIdentity): Promise<boolean> => {
  const ids: string[] = [];
  const soql = `SELECT Id FROM PermissionSetAssignment WHERE PermissionSet.Name = 'GardeProbe' AND AssigneeId = '${identity.userId}'`;
  for await (const row of ports.org.query(soql)) ids.push(idOf(row));
  await clearUp(ports.exchanges, identity.apiVersion, ids);
  return (await ports.org.deployFolder(ports.bench.remove, { checkOnly: false })).success;
};

const isThere = async (org: Org, object: string | undefined): Promise<boolean> =>
  object === undefined || (await org.describe(object)) !== undefined;

const runAll = async (
  probes: readonly Probe[],
  ports: ProbePorts,
  prepared: Prepared,
  tell: ReportProgress,
): Promise<readonly ProbeOutcome[]> => {
  const outcomes: ProbeOutcome[] = [];
  for (const probe of probes) {
    tell({ stage: 'probe.run', subject: probe.probe, done: outcomes.length, total: probes.length });
    const there = await isThere(ports.org, probe.onlyWith);
    outcomes.push(there ? await runOne(probe, ports, prepared) : skipped(probe));
  }
  return outcomes;
};

/**
 * Runs probes in an org with invented records and cleans up after each, also after a failure. Errors: ProbeInProduction,
 * ProbeBenchRefused, the org's.
 */
export const runProbes = async (
  probes: readonly Probe[],
  ports: ProbePorts,
  tell: ReportProgress = () => undefined,
): Promise<ProbeReport> => {
  const identity = await ports.org.identity();
  refuseProduction(identity);
  const prepared = { identity, names: await userNames(ports.org, identity) };
  const needsBench = probes.some(({ bench }) => bench);
  let benchLeft = false;
  let outcomes: readonly ProbeOutcome[] = [];
  try {
    if (needsBench) {
      tell({ stage: 'probe.prepare' });
      await prepareBench(ports, identity);
    }
    outcomes = await runAll(probes, ports, prepared, tell);
  } finally {
    tell({ stage: 'probe.clean' });
    if (needsBench) benchLeft = !(await removeBench(ports, identity));
  }
  return { probes: outcomes, benchLeft };
};
