import { inChunks, soqlName } from '../../kernel/soql.ts';
import { GardeError } from '../../kernel/result.ts';
import type { Org } from '../../org/port.ts';
import type { OpenPlan } from '../file/openPlan.ts';
import { readSteps } from '../file/planStore.ts';
import { recordStates, type RecordState } from '../apply/recordState.ts';
import type { RehearsedChange } from './rehearsalEffects.ts';
import type { NotCovered } from './rehearsalRecord.ts';
import type { OpenTrial, RehearsalOrg } from './rehearsePlan.ts';

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

type Touched = ReadonlyMap<string, readonly string[]>;

/** Existing records the plan touches or takes along, by object; ids that go along find theirs by key prefix. */
const touchedBy = async (org: Org, plan: OpenPlan): Promise<Touched> => {
  const prefixes = new Map((await org.describeGlobal()).map(({ name, keyPrefix }) => [keyPrefix, name] as const));
  const ids = new Map<string, Set<string>>();
  const add = (object: string | undefined, id: string): void => {
    if (object !== undefined) ids.set(object, (ids.get(object) ?? new Set()).add(id));
  };
  for (const { step } of readSteps(plan.store)) {
    if (!step.recordId.startsWith('new:')) add(step.object, step.recordId);
    for (const id of [...step.precondition.goesWith, ...(step.payload?.losers ?? [])])
      add(prefixes.get(id.slice(0, 3)), id);
  }
  return new Map([...ids].map(([object, own]) => [object, [...own]]));
};

type States = ReadonlyMap<string, { readonly object: string; readonly state: RecordState }>;

const statesOf = async (org: Org, touched: Touched): Promise<States> => {
  const states = new Map<string, { object: string; state: RecordState }>();
  for (const [object, ids] of touched)
    for (const chunk of inChunks(ids))
      for (const [id, state] of await recordStates(org, object, chunk)) states.set(id, { object, state });
  return states;
};

const countsOf = async (org: Org, touched: Touched): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  for (const object of touched.keys()) counts.set(object, await org.count(`SELECT COUNT() FROM ${soqlName(object)}`));
  return counts;
};

const fieldsWritten = (plan: OpenPlan): ReadonlyMap<string, readonly string[]> => {
  const fields = new Map<string, readonly string[]>();
  for (const { step } of readSteps(plan.store))
    if (step.operation === 'update' || step.operation === 'merge')
      fields.set(step.recordId, Object.keys(step.payload?.values ?? {}));
  return fields;
};

type Reading = { readonly states: States; readonly counts: ReadonlyMap<string, number> };

const readAll = async (org: Org, touched: Touched): Promise<Reading> => ({
  states: await statesOf(org, touched),
  counts: await countsOf(org, touched),
});

/** What became of one record; a purged row may be seen as deleted for a day, so that what the plan says of it counts. */
const changesOfRecord = (
  record: { readonly object: string; readonly id: string },
  [before, now]: readonly [RecordState, RecordState],
  plan: { readonly isPurged: boolean; readonly written: readonly string[] | undefined },
): readonly RehearsedChange[] => {
  const base = { ...record, cause: 'direct', fields: [] };
  if (before === 'live' && now !== 'live')
    return [{ ...base, change: 'delete' }, ...(plan.isPurged ? [{ ...base, change: 'purge' as const }] : [])];
  if (now !== 'live') return [];
  return [
    ...(before === 'live' ? [] : [{ ...base, change: 'undelete' as const }]),
    ...(plan.written === undefined ? [] : [{ ...base, change: 'update' as const, fields: plan.written }]),
  ];
};

/** What reading the sandbox again tells: records gone, and rows that are missing beside them. */
const changesBetween = (plan: OpenPlan, before: Reading, after: Reading): readonly RehearsedChange[] => {
  const changes: RehearsedChange[] = [];
  const gone = new Map<string, number>();
  const written = fieldsWritten(plan);
  const steps = [...readSteps(plan.store)].map(({ step }) => step);
  const purged = new Set(steps.filter(({ operation }) => operation === 'purge').map(({ recordId }) => recordId));
  for (const [id, { object, state }] of before.states) {
    const now = after.states.get(id)?.state ?? 'gone';
    if (state === 'live' && now !== 'live') gone.set(object, (gone.get(object) ?? 0) + 1);
    const told = { isPurged: purged.has(id), written: written.get(id) };
    changes.push(...changesOfRecord({ object, id }, [state, now], told));
  }
  for (const [object, count] of before.counts) {
    const missing = count - (gone.get(object) ?? 0) - (after.counts.get(object) ?? 0);
    for (let i = 0; i < missing; i += 1)
      changes.push({ object, id: `counted ${i}`, change: 'delete', cause: 'counted', fields: [] });
  }
  return changes;
};

const assertSandbox = async (sandbox: Org, plan: OpenPlan): Promise<void> => {
  const identity = await sandbox.identity();
  if (identity.isSandbox && identity.orgId !== plan.header.terms.orgId) return;
  throw refuse(
    'NotASandbox',
    identity.orgId,
    'A plan is tried for real in a sandbox only, and this org is in production or the very org of the plan.',
    'Give the alias of a sandbox that was copied from the plan’s org with --on.',
  );
};

/** A share of records below which a sandbox is no copy of the org, or one too old to say anything. */
const LEAST_SHARE = 0.1;

const assertCopy = (total: number, absent: number, orgId: string): void => {
  if (total === 0 || (total - absent) / total >= LEAST_SHARE) return;
  throw refuse(
    'SandboxWithoutRecords',
    orgId,
    `Of ${total} records of the plan this sandbox has ${total - absent}: its ids are not those of the plan’s org.`,
    'Use a full or partial sandbox copied from the org after these records were made, or refresh it.',
  );
};

/**
 * Opens a sandbox to try a plan on for real: it deletes and changes there what the plan says. Errors: NotASandbox,
 * SandboxWithoutRecords, the org's.
 */
export const openSandbox =
  (sandbox: Org): OpenTrial =>
  async (plan): Promise<RehearsalOrg> => {
    await assertSandbox(sandbox, plan);
    const touched = await touchedBy(sandbox, plan);
    const before = await readAll(sandbox, touched);
    const absent = new Set([...before.states].filter(([, { state }]) => state !== 'live').map(([id]) => id));
    assertCopy(before.states.size, absent.size, (await sandbox.identity()).orgId);
    const notThere: NotCovered = { what: 'absent-in-sandbox', count: absent.size, names: [] };
    return {
      org: sandbox,
      tier: 'sandbox',
      absent,
      changes: async () => changesBetween(plan, before, await readAll(sandbox, touched)),
      notCovered: [
        ...(absent.size === 0 ? [] : [notThere]),
        { what: 'consequences-not-counted', count: null, names: [] },
      ],
      close: () => Promise.resolve(),
    };
  };
