import { z } from 'zod';
import { GardeError } from '../../kernel/result.ts';
import type { RecordId } from '../../kernel/recordId.ts';
import { soqlString } from '../../kernel/soql.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Org, OrgRow, WriteOutcome } from '../../org/port.ts';
import { insistOnRow, type Wait } from './ownRecords.ts';
import { journaledCall, type CrashPoint } from './runCalls.ts';
import type { Journal } from './journal.ts';
import { RunHalt } from './runHalt.ts';

/** One run per org: the unique lock key on the run's record; a lease that is not renewed ends. */
const LOCK = 'org';
const LEASE_MINUTES = 15;

export type RunRecord = { readonly id: string; readonly runKey: string };

const runRow = z.object({
  Id: z.string(),
  Name: z.string(),
  RunKey__c: z.string(),
  LockKey__c: z.string().nullable(),
  LeaseOwner__c: z.string().nullable(),
  LeaseExpiresAt__c: z.string().nullable(),
  State__c: z.string(),
  StartedAt__c: z.string().nullable(),
  CreatedById: z.string(),
  CreatedBy: z.object({ Username: z.string() }).nullable(),
});
type RunRow = z.infer<typeof runRow>;

const SELECT = `SELECT Id, Name, RunKey__c, LockKey__c, LeaseOwner__c, LeaseExpiresAt__c, State__c, StartedAt__c,
  CreatedById, CreatedBy.Username FROM GardeRun__c`;

const oneRun = async (org: Org, condition: string): Promise<RunRow | undefined> => {
  for await (const row of org.query(`${SELECT} WHERE ${condition}`)) return runRow.parse(row);
  return undefined;
};

const after = (now: string, minutes: number): string => new Date(Date.parse(now) + minutes * 60_000).toISOString();

/** Characters that a machine's name may have in a record: no more is needed to know it again. */
const labelOf = (machine: string): string => machine.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 40);

/** Who holds a lease: the machine's name, for people, and a random id of the process, for the run itself. */
export const leaseOwner = (machine: string, id: string): string => `${labelOf(machine)} ${id}`;

/** The org's users, machine and hour of a run that holds the lock: colleagues, not data subjects. */
const locked = (holder: RunRow, isWorking = false): GardeError => {
  const who = holder.CreatedBy?.Username ?? 'another user';
  const machine = holder.LeaseOwner__c?.split(' ')[0] ?? 'an unknown machine';
  const since = holder.StartedAt__c ?? 'an unknown hour';
  const until = isWorking
    ? 'Its lease has ended, but the org still works on a Bulk job of it'
    : `Its lease ends at ${holder.LeaseExpiresAt__c ?? 'an unknown hour'}`;
  return new GardeError([
    {
      code: 'RunLocked',
      subject: holder.Name,
      message: `${who} runs ${holder.Name} on ${machine} since ${since}. ${until}.`,
      actions: ['Wait for it, or pause it with `garde plan pause`, or resume it where it was started.'],
    },
  ]);
};

const refused = (outcome: WriteOutcome | undefined): GardeError =>
  new GardeError([
    {
      code: 'RunRecordRefused',
      subject: ['GardeRun__c', ...(outcome?.errors.flatMap((error) => error.fields) ?? [])].join('.'),
      message: `The org refused the run’s record (${outcome?.errors.map((error) => error.code).join(', ') ?? ''}).`,
      actions: ['Deploy the package and assign the permission set GardeAdmin: `garde deploy --assign`.'],
    },
  ]);

/** Where Garde's own rows are written, and how it waits until the org takes them. */
export type RecordPorts = { readonly org: Org; readonly wait?: Wait };

export type LockPorts = RecordPorts & {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly crashPoint?: CrashPoint;
};

/**
 * Frees the lock of a run whose lease has ended: it may have been killed and never resumed. Nothing that it sent may
 * take effect later: a lease outlives every single request, and a Bulk job of its user that is not finished keeps the lock.
 */
const takeFromExpired = async ({ org, clock, wait }: LockPorts, runKey: string): Promise<void> => {
  const holder = await oneRun(org, `LockKey__c = ${soqlString(LOCK)}`);
  // our own creation, whose answer was lost and which came late
  if (holder === undefined || holder.RunKey__c === runKey) return;
  const ends = holder.LeaseExpiresAt__c === null ? Number.POSITIVE_INFINITY : Date.parse(holder.LeaseExpiresAt__c);
  if (ends > Date.parse(clock.now())) throw locked(holder);
  const jobs = await org.ingest.unfinished();
  if (jobs.some((job) => job.createdById.slice(0, 15) === holder.CreatedById.slice(0, 15))) throw locked(holder, true);
  const freed = { Id: holder.Id, LockKey__c: null, State__c: 'stopped', ErrorCode__c: 'LEASE_EXPIRED' };
  await insistOnRow(() => org.update('GardeRun__c', [freed]), wait);
};

const isTaken = (outcome: WriteOutcome | undefined): boolean =>
  outcome?.errors.some((error) => error.code === 'DUPLICATE_VALUE') ?? false;

/** One try: the run's record is made with the lock, or found and changed. */
const writeLock = async (
  ports: LockPorts,
  runKey: string,
  made: OrgRow,
  lease: OrgRow,
): Promise<readonly WriteOutcome[]> => {
  const { org } = ports;
  const own = await oneRun(org, `RunKey__c = ${soqlString(runKey)}`);
  const operation = own === undefined ? ('create' as const) : ('update' as const);
  const outcomes = await journaledCall(
    ports,
    { operation, object: 'GardeRun__c', steps: [] },
    () =>
      own === undefined
        ? org.create('GardeRun__c', [{ ...made, RunKey__c: runKey }])
        : org.update('GardeRun__c', [{ ...lease, Id: own.Id, State__c: 'running' }]),
    () => [],
  );
  return outcomes.map((outcome) => ({ ...outcome, id: own === undefined ? outcome.id : (own.Id as RecordId) }));
};

/** Creates, or on resume takes up, the run's record with the lock on it. Errors: RunLocked, RunRecordRefused. */
export const takeLock = async (ports: LockPorts, runKey: string, owner: string, fields: OrgRow): Promise<RunRecord> => {
  const { org, clock } = ports;
  const lease = { LockKey__c: LOCK, LeaseOwner__c: owner, LeaseExpiresAt__c: after(clock.now(), LEASE_MINUTES) };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    // a creation whose answer was lost is asked for before it is made again
    const outcome = await insistOnRow(() => writeLock(ports, runKey, { ...fields, ...lease }, lease), ports.wait);
    if (outcome?.success === true) return { id: outcome.id ?? '', runKey };
    if (!isTaken(outcome)) throw refused(outcome);
    await takeFromExpired(ports, runKey);
  }
  const holder = await oneRun(org, `LockKey__c = ${soqlString(LOCK)}`);
  throw holder === undefined ? refused(undefined) : locked(holder);
};

/**
 * Checks that the lock is still ours and that nobody asked for a pause, and renews the lease when half of it is over.
 * Throws RunHalt `lease-lost` or `pause-asked`.
 */
export const keepLease = async (ports: LockPorts, run: RunRecord, owner: string): Promise<void> => {
  const { org, clock, wait } = ports;
  const row = await oneRun(org, `Id = ${soqlString(run.id)}`);
  if (row?.LockKey__c !== LOCK || row.LeaseOwner__c !== owner) throw new RunHalt('paused', 'lease-lost');
  if (row.State__c === 'paused') throw new RunHalt('paused', 'pause-asked');
  const left = Date.parse(row.LeaseExpiresAt__c ?? '') - Date.parse(clock.now());
  if (left > (LEASE_MINUTES * 60_000) / 2) return;
  const renewed = { Id: run.id, LeaseExpiresAt__c: after(clock.now(), LEASE_MINUTES) };
  const outcome = await insistOnRow(() => org.update('GardeRun__c', [renewed]), wait);
  if (outcome?.success !== true) throw refused(outcome);
};

/** Writes the run's record; with `release` the lock is given back. Error: RunRecordRefused. */
export const writeRun = async (
  { org, wait }: RecordPorts,
  run: RunRecord,
  fields: OrgRow,
  release = false,
): Promise<void> => {
  const freed = release ? { LockKey__c: null, LeaseOwner__c: null, LeaseExpiresAt__c: null } : {};
  const outcome = await insistOnRow(() => org.update('GardeRun__c', [{ Id: run.id, ...fields, ...freed }]), wait);
  if (outcome?.success !== true) throw refused(outcome);
};

/** Which run was asked to pause; all null when none holds the org. */
export type PauseAsked = {
  readonly run: string | null;
  readonly startedAt: string | null;
  readonly machine: string | null;
};

/**
 * Asks the run that holds the org's lock to pause, wherever it runs: it ends the batch in hand and can be resumed.
 * Error: RunRecordRefused.
 */
export const askForPause = async (org: Org): Promise<PauseAsked> => {
  const holder = await oneRun(org, `LockKey__c = ${soqlString(LOCK)}`);
  if (holder === undefined) return { run: null, startedAt: null, machine: null };
  await writeRun({ org }, { id: holder.Id, runKey: holder.RunKey__c }, { State__c: 'paused' });
  return { run: holder.Name, startedAt: holder.StartedAt__c, machine: holder.LeaseOwner__c?.split(' ')[0] ?? null };
};
