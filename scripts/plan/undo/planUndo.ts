import { rmSync } from 'node:fs';
import { addDays, endOfPeriod, localDateOf, type LocalDate } from '../../kernel/legalPeriod.ts';
import { GardeError } from '../../kernel/result.ts';
import type { Charter } from '../../model/charter.ts';
import { PLAN_VERSION, type PlanHeader } from '../../model/plan.ts';
import type { ReportProgress } from '../../model/progress.ts';
import type { OrgIdentity } from '../../org/port.ts';
import type { EncryptedStore } from '../../vault/port.ts';
import { findJournal } from '../apply/journal.ts';
import type { PlanUse } from '../file/openPlan.ts';
import { VALUE_SALT } from '../operations/values.ts';
import type { PlannedPerson } from '../file/planStore.ts';
import { stepsExpiry, writePlan, type PlanFrame } from '../file/writePlan.ts';
import { createSealer } from './beforeImages.ts';
import { tallyCalls, type CallTally } from './undoCalls.ts';
import type { LeftItem } from './contract.ts';
import { doneToPeople, type FinishedRun } from './doneSteps.ts';
import { idsRemade, knownRuns } from './earlierRuns.ts';
import { findRun, type RunToUndo } from './findRun.ts';
import { readOrgState, type ReadState, type UndoPorts } from './readOrgState.ts';
import { undoPerson } from './undoPerson.ts';
import { countLeft, createLeftTable, listLeft, undoneToPlan, type Finishing, type LeftCount } from './undoSteps.ts';

export type UndoInput = {
  /** Key of a run, or id of its GardeRun__c; or the plan that was run. */
  readonly run?: string;
  readonly planPath?: string;
  readonly charter: Pick<Charter, 'controller' | 'planExpiry' | 'undoPeriod'>;
  /** What the new plan is bound to beside org and user. */
  readonly use: Pick<PlanUse, 'toolVersion' | 'charterDigest' | 'packs' | 'ruleSets'>;
  /** Folder for the plan's readable header. */
  readonly folder: string;
  /** Records and fields named at most among those that are not undone. */
  readonly limit: number;
};

export type UndoResult = {
  readonly runKey: string;
  /** Null when there is nothing that could be undone: no plan is written then. */
  readonly plan: { readonly path: string; readonly header: PlanHeader } | null;
  readonly people: number;
  readonly left: readonly LeftCount[];
  /** The first of them by record and field. */
  readonly leftItems: readonly LeftItem[];
  /** Last day on which the run may be undone. */
  readonly until: string;
  readonly calls: number;
};

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

/** The last day for undoing; refuses after it. */
const lastDay = ({ charter }: UndoInput, run: RunToUndo, today: LocalDate): LocalDate => {
  const last = endOfPeriod(localDateOf(run.finished, charter.controller.timeZone), charter.undoPeriod);
  if (today <= last) return last;
  throw refuse(
    'UndoPeriodOver',
    run.runKey,
    `The charter’s undoPeriod allowed this run to be undone until ${last}.`,
    'Nothing is undone after it; what is in the recycle bin can still be restored by hand.',
  );
};

type Times = { readonly today: LocalDate; readonly until: LocalDate; readonly expiresAt: string };

const timesOf = (input: UndoInput, run: RunToUndo, now: string): Times => {
  const today = localDateOf(now, input.charter.controller.timeZone);
  const until = lastDay(input, run, today);
  const waits = endOfPeriod(today, input.charter.planExpiry);
  return { today, until, expiresAt: `${addDays(waits < until ? waits : until, 1)}T00:00:00.000Z` };
};

const frameOf = (
  input: UndoInput,
  identity: OrgIdentity,
  made: { readonly run: RunToUndo; readonly times: Times; readonly read: ReadState; readonly now: string },
): PlanFrame => {
  const { run, times, read } = made;
  const instants = read.snapshot.objects.map((object) => object.at).sort();
  const missing = read.snapshot.missing.flatMap(({ object, field }) =>
    // asked of every object to tell rows in the bin apart; where there is no bin there is no such field
    field === 'IsDeleted' ? [] : [field === undefined ? object : `${object}.${field}`],
  );
  const hidden = [...new Set([...missing, ...read.hidden])].sort();
  const { orgId, orgName, userId } = identity;
  return {
    ...{ planVersion: PLAN_VERSION, kind: 'undo', orgId, orgName, userId, ...input.use },
    undoes: { plan: run.header.digest, run: run.runKey },
    asOf: times.today,
    snapshot: { from: instants[0] ?? made.now, to: instants.at(-1) ?? made.now },
    completeness: {
      ...{ state: hidden.length === 0 ? 'complete' : 'incomplete', hidden, absent: [] },
      filesVisible: run.header.terms.completeness.filesVisible,
    },
    expiresAt: times.expiresAt,
    rules: run.header.terms.rules,
  };
};

type Planning = {
  readonly source: FinishedRun;
  readonly read: ReadState;
  readonly finishing: Finishing;
  readonly store: EncryptedStore;
  readonly calls: CallTally;
  readonly tell: ReportProgress;
};

function* plannedPeople({ source, read, finishing, store, calls, tell }: Planning): Iterable<PlannedPerson> {
  const leftTable = createLeftTable(store);
  let people = 0;
  for (const { decision, done } of doneToPeople(source)) {
    const undone = undoPerson(done, read.state);
    leftTable.add(undone.left);
    const person = undoneToPlan(decision, undone, finishing);
    calls.add(person.steps);
    yield person;
    people += 1;
    if (people % 1000 === 0) tell({ stage: 'plan.undo.decide', done: people });
  }
  leftTable.flush();
  finishing.sealer.flush();
}

type Making = {
  readonly input: UndoInput;
  readonly ports: UndoPorts;
  readonly run: RunToUndo;
  readonly source: FinishedRun;
  readonly times: Times;
  readonly tell: ReportProgress;
};

const write = (making: Making, identity: OrgIdentity, read: ReadState): Omit<UndoResult, 'calls'> => {
  const { input, ports, run, source, times, tell } = making;
  const { vault, clock } = ports;
  const { orgId } = identity;
  const sealed = vault.createStore('plan-steps', orgId, stepsExpiry(times.expiresAt));
  const { store } = sealed;
  let isKept = false;
  try {
    const sealer = createSealer({ vault, orgId, store });
    const finishing = { runKey: run.runKey, sealer, valueSalt: vault.deriveKey(orgId, VALUE_SALT) };
    const calls = tallyCalls();
    const now = clock.now();
    const plan = writePlan(vault, {
      frame: frameOf(input, identity, { run, times, read, now }),
      people: plannedPeople({ source, read, finishing, store, calls, tell }),
      sealed,
      calls: () => calls.predicted(),
      folder: input.folder,
      createdAt: now,
      snapshotHolding: read.snapshot.holding.id,
    });
    isKept = plan.header.terms.steps > 0;
    if (!isKept) rmSync(plan.path);
    const people = plan.header.terms.reasons.reduce((sum, one) => sum + (one.verdict === 'due' ? one.count : 0), 0);
    return {
      ...{ runKey: run.runKey, plan: isKept ? plan : null, people, until: times.until },
      ...{ left: countLeft(store), leftItems: listLeft(store, input.limit) },
    };
  } finally {
    store.close();
    if (!isKept) vault.remove(sealed.holding.id);
  }
};

/** Reads, decides and writes; what was made on the way is removed when it fails. */
const make = async (making: Making): Promise<Omit<UndoResult, 'calls'>> => {
  const { ports, run, source, times, tell } = making;
  const { org, vault } = ports;
  const identity = await org.identity();
  const moved = idsRemade(vault, identity.orgId, knownRuns(vault, identity.orgId), run.runKey);
  const order = { run: source, runKey: run.runKey, finished: run.finished, moved };
  tell({ stage: 'plan.undo.read' });
  const read = await readOrgState({ ...order, expiresAt: stepsExpiry(times.expiresAt) }, ports, tell);
  let isKept = false;
  try {
    const made = write(making, identity, read);
    isKept = made.plan !== null;
    return made;
  } finally {
    read.snapshot.store.close();
    if (!isKept) vault.remove(read.snapshot.holding.id);
  }
};

const openSource = ({ vault }: UndoPorts, run: RunToUndo): FinishedRun & { readonly close: () => void } => {
  const { orgId } = run.header.terms;
  const journal = findJournal(vault, orgId, run.header.digest);
  if (journal === undefined)
    throw refuse('RunNotFound', run.runKey, 'The run’s journal is no longer on this machine.', 'Undo by hand.');
  const { store } = run.plan;
  return { place: { vault, orgId, store }, store, journal, close: () => journal.close() };
};

/**
 * Plans the undo of a finished run: a dry look that reads the org and writes to this machine only. The plan is shown,
 * rehearsed, approved and applied like any other. Errors: RunNotFound, RunUnfinished, RunInUse, UndoOfUndo,
 * UndoPeriodOver, UndoUnfinished, those of openPlan, the org's, the vault's.
 */
export const planUndo = async (
  input: UndoInput,
  ports: UndoPorts,
  tell: ReportProgress = () => undefined,
): Promise<UndoResult> => {
  const before = ports.org.calls();
  const run = await findRun(input, ports);
  try {
    const times = timesOf(input, run, ports.clock.now());
    const source = openSource(ports, run);
    try {
      const made = await make({ input, ports, run, source, times, tell });
      return { ...made, calls: ports.org.calls() - before };
    } finally {
      source.close();
    }
  } finally {
    run.plan.store.close();
  }
};
