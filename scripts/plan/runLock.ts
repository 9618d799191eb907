import { z } from 'zod';
import { GardeError } from '../kernel/result.ts';
import { soqlString } from '../kernel/soql.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Org, OrgRow, WriteOutcome } from '../org/port.ts';
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
});
type RunRow = z.infer<typeof runRow>;

const SELECT = 'SELECT Id, Name, RunKey__c, LockKey__c, LeaseOwner__c, LeaseExpiresAt__c FROM GardeRun__c';

const oneRun = async (org: Org, condition: string): Promise<RunRow | undefined> => {
  for await (const row of org.query(`${SELECT} WHERE ${condition}`)) return runRow.parse(row);
  return undefined;
};

const after = (now: string, minutes: number): string => new Date(Date.parse(now) + minutes * 60_000).toISOString();

const locked = (holder: RunRow): GardeError =>
  new GardeError([
    {
      code: 'RunLocked',
      subject: holder.Name,
      message: `Another run (${holder.Name}) holds this org until ${holder.LeaseExpiresAt__c ?? 'it ends'}.`,
      actions: ['Wait for it, or resume or end it where it was started; its lock ends with its lease.'],
    },
  ]);

const refused = (outcome: WriteOutcome | undefined): GardeError =>
  new GardeError([
    {
      code: 'RunRecordRefused',
      subject: ['GardeRun__c', ...(outcome?.errors.flatMap((error) => error.fields) ?? [])].join('.'),
      message: `The org refused the run’s record (${outcome?.errors.map((error) => error.code).join(', ') ?? ''}).`,
      actions: ['Deploy the package and assign the permission set GardeAdmin: `garde deploy --assign`.'],
    },
  ]);

export type LockPorts = {
  readonly org: Org;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly crashPoint?: CrashPoint;
};

/** Frees the lock of a run whose lease has ended: it may have been killed and never resumed. */
const takeFromExpired = async ({ org, clock }: LockPorts): Promise<void> => {
  const holder = await oneRun(org, `LockKey__c = ${soqlString(LOCK)}`);
  if (holder === undefined) return;
  const ends = holder.LeaseExpiresAt__c === null ? Number.POSITIVE_INFINITY : Date.parse(holder.LeaseExpiresAt__c);
  if (ends > Date.parse(clock.now())) throw locked(holder);
  await org.update('GardeRun__c', [
    { Id: holder.Id, LockKey__c: null, State__c: 'stopped', ErrorCode__c: 'LEASE_EXPIRED' },
  ]);
};

const isTaken = (outcome: WriteOutcome | undefined): boolean =>
  outcome?.errors.some((error) => error.code === 'DUPLICATE_VALUE') ?? false;

/** Creates, or on resume takes up, the run's record with the lock on it. Errors: RunLocked, RunRecordRefused. */
export const takeLock = async (ports: LockPorts, runKey: string, owner: string, fields: OrgRow): Promise<RunRecord> => {
  const { org, clock } = ports;
  const lease = { LockKey__c: LOCK, LeaseOwner__c: owner, LeaseExpiresAt__c: after(clock.now(), LEASE_MINUTES) };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const own = await oneRun(org, `RunKey__c = ${soqlString(runKey)}`);
    const row =
      own === undefined ? { ...fields, ...lease, RunKey__c: runKey } : { ...lease, Id: own.Id, State__c: 'running' };
    const operation = own === undefined ? ('create' as const) : ('update' as const);
    const [outcome] = await journaledCall(
      ports,
      { operation, object: 'GardeRun__c', steps: [] },
      () => (own === undefined ? org.create('GardeRun__c', [row]) : org.update('GardeRun__c', [row])),
      () => [],
    );
    if (outcome?.success === true) return { id: own?.Id ?? outcome.id ?? '', runKey };
    if (!isTaken(outcome)) throw refused(outcome);
    await takeFromExpired(ports);
  }
  const holder = await oneRun(org, `LockKey__c = ${soqlString(LOCK)}`);
  throw holder === undefined ? refused(undefined) : locked(holder);
};

/** Checks that the lock is still ours and renews the lease when half of it is over. */
export const keepLease = async (ports: LockPorts, run: RunRecord, owner: string): Promise<void> => {
  const { org, clock } = ports;
  const row = await oneRun(org, `Id = ${soqlString(run.id)}`);
  if (row?.LockKey__c !== LOCK || row.LeaseOwner__c !== owner) throw new RunHalt('paused', 'lease-lost');
  const left = Date.parse(row.LeaseExpiresAt__c ?? '') - Date.parse(clock.now());
  if (left > (LEASE_MINUTES * 60_000) / 2) return;
  const [outcome] = await org.update('GardeRun__c', [
    { Id: run.id, LeaseExpiresAt__c: after(clock.now(), LEASE_MINUTES) },
  ]);
  if (outcome?.success !== true) throw refused(outcome);
};

/** Writes the run's record; with `release` the lock is given back. Error: RunRecordRefused. */
export const writeRun = async (org: Org, run: RunRecord, fields: OrgRow, release = false): Promise<void> => {
  const freed = release ? { LockKey__c: null, LeaseOwner__c: null, LeaseExpiresAt__c: null } : {};
  const [outcome] = await org.update('GardeRun__c', [{ Id: run.id, ...fields, ...freed }]);
  if (outcome?.success !== true) throw refused(outcome);
};
