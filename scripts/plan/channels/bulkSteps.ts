import type { PlanStep } from '../../model/plan.ts';
import { OrgError } from '../../org/orgProblems.ts';
import type { IngestState, OrgRow } from '../../org/port.ts';
import { operationPorts } from '../apply/callPorts.ts';
import type { JournaledOutcome } from '../apply/journal.ts';
import { haltAfter, haltOf, isAboutOneRow, judge, mayRepeat } from '../apply/judgeAnswers.ts';
import type { BulkForm } from '../operations/contract.ts';
import { definitionOf } from '../operations/registry.ts';
import { readySteps } from '../apply/readySteps.ts';
import { journaledCall, type CallPorts } from '../apply/runCalls.ts';
import { RunHalt } from '../apply/runHalt.ts';
import { settlePending } from '../apply/settleCalls.ts';
import { BULK_FROM, JOB_BYTES, JOB_ROWS } from './bulkSize.ts';

/** Name under which the journal keeps the job in hand; empty when there is none. */
export const BULK_JOB = 'bulk-job';

export type BulkPorts = CallPorts & {
  /** Renews the lease when it is due. */
  readonly stayAlive?: () => Promise<void>;
};

export type BulkTask = { readonly operation: PlanStep['operation']; readonly object: string; readonly form: BulkForm };

const FIRST_WAIT = 500;
const LONGEST_WAIT = 60_000;
/** Looks at a job that does not end before the run pauses; `plan resume` goes on waiting. */
const LOOKS = 240;

/** Milliseconds until the next look: as long as the rows left take at the speed so far. */
export const waitForRest = (rows: number, processed: number, waited: number): number => {
  if (waited === 0) return FIRST_WAIT;
  const rest = processed === 0 ? waited * 3 : ((rows - processed) * waited) / processed;
  return Math.min(LONGEST_WAIT, Math.max(FIRST_WAIT, Math.ceil(rest * 1.1)));
};

const isOver = ({ state }: IngestState): boolean =>
  state === 'JobComplete' || state === 'Failed' || state === 'Aborted';

/** Looks at a closed job until it has ended. Throws RunHalt `org-unavailable` when it does not. */
const waitForEnd = async (ports: BulkPorts, id: string, rows: number): Promise<IngestState | undefined> => {
  let waited = 0;
  let processed = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    const pause = waitForRest(rows, processed, waited);
    await ports.wait(pause);
    waited += pause;
    await ports.stayAlive?.();
    const state = await ports.org.ingest.state(id);
    if (state === undefined || isOver(state)) return state;
    processed = state.processed;
  }
  throw new RunHalt('paused', 'org-unavailable', 'BULK_JOB_SLOW');
};

/**
 * Ends what a job without a journaled outcome may still do: an open one is aborted, a closed one waited for. Only then
 * do the records themselves say what came of it.
 */
export const endBulkJob = async (ports: BulkPorts): Promise<void> => {
  const id = ports.journal.get(BULK_JOB) ?? '';
  if (id === '') return;
  const state = await ports.org.ingest.state(id);
  if (state?.state === 'Open') await ports.org.ingest.abort(id);
  else if (state !== undefined && !isOver(state)) await waitForEnd(ports, id, state.processed);
  if (state !== undefined) await ports.org.ingest.remove(id);
  ports.journal.set(BULK_JOB, '');
};

/** Closes the job; a lost answer is settled by looking whether it is still open. */
const closeJob = async (ports: BulkPorts, id: string): Promise<void> => {
  try {
    await ports.org.ingest.close(id);
  } catch (error) {
    if (!(error instanceof OrgError) || error.name !== 'AnswerLost') throw error;
    const state = await ports.org.ingest.state(id);
    if (state?.state === 'Open') await ports.org.ingest.close(id);
  }
};

/**
 * How these steps go as Bulk jobs; undefined when they do not: too few, an operation whose outcomes a job does not tell
 * apart, or values that have to be compared in the call itself.
 */
export const bulkFormFor = (steps: readonly PlanStep[], from = BULK_FROM): BulkForm | undefined => {
  const [first] = steps;
  if (first === undefined || steps.length < from) return undefined;
  const { bulk, prepare } = definitionOf(first.operation);
  if (bulk === undefined || prepare !== undefined) return undefined;
  const isPlain = (step: PlanStep): boolean =>
    step.precondition.values === undefined && bulk.rowKey(step) !== undefined;
  return steps.every(isPlain) ? bulk : undefined;
};

type Ended = { readonly job: IngestState | undefined; readonly failures: ReadonlyMap<string, string> };

const failuresOf = async (ports: BulkPorts, job: IngestState, column: string): Promise<Ended['failures']> => {
  const failures = new Map<string, string>();
  if (job.failed === 0 && job.state === 'JobComplete') return failures;
  for await (const { row, errors } of ports.org.ingest.failures(job.id)) {
    failures.set(row[column] ?? '', errors[0]?.code ?? 'NO_ANSWER');
  }
  return failures;
};

const runJob = async (ports: BulkPorts, task: BulkTask, steps: readonly PlanStep[]): Promise<Ended> => {
  const { ingest } = ports.org;
  const [first] = steps;
  const external = first === undefined ? undefined : task.form.externalIdField?.(first);
  const id = await ingest.create(task.object, task.form.job, external);
  ports.journal.set(BULK_JOB, id);
  await ingest.upload(id, steps.map(task.form.row));
  await closeJob(ports, id);
  const job = await waitForEnd(ports, id, steps.length);
  const column = first === undefined ? undefined : task.form.rowKey(first)?.column;
  const failures =
    job === undefined || column === undefined ? new Map<string, string>() : await failuresOf(ports, job, column);
  return { job, failures };
};

/** Whether the job's own figures account for every row: otherwise the records are asked. */
const isWhole = ({ job, failures }: Ended, steps: number): boolean =>
  job?.state === 'JobComplete' && job.processed === steps && job.failed === failures.size;

const outcomesOf = (task: BulkTask, steps: readonly PlanStep[], { failures }: Ended): readonly JournaledOutcome[] =>
  steps.flatMap((step) => {
    const code = failures.get(task.form.rowKey(step)?.value ?? '');
    const errors = code === undefined ? [] : [{ code, fields: [] }];
    return judge(task.operation, step, { id: null, success: code === undefined, created: false, errors }) ?? [];
  });

const errorsOf = ({ failures }: Ended) =>
  [...failures.values()].map((code) => ({ id: null, success: false, created: false, errors: [{ code, fields: [] }] }));

/** One job; returns what ends the run. Steps without an outcome afterwards were not carried out. */
const oneJob = async (ports: BulkPorts, task: BulkTask, steps: readonly PlanStep[]): Promise<RunHalt | undefined> => {
  const { operation, object } = task;
  const call = { operation, object, steps: steps.map(({ key, subject, recordId }) => ({ key, subject, recordId })) };
  try {
    const ended = await journaledCall(
      ports,
      call,
      async () => {
        const found = await runJob(ports, task, steps);
        // Figures that do not add up leave the call open: the records are asked below.
        if (!isWhole(found, steps.length)) throw new Unsettled();
        return found;
      },
      (found) => outcomesOf(task, steps, found),
    );
    await endBulkJob(ports);
    return haltAfter(errorsOf(ended));
  } catch (error) {
    if (error instanceof RunHalt) throw error;
    if (!(error instanceof Unsettled) && !(error instanceof OrgError)) throw error;
    await settlePending(ports, () => endBulkJob(ports));
    // What is left goes in smaller calls, where one row's error is that row's.
    const isLeft =
      error instanceof Unsettled || mayRepeat(error) || isAboutOneRow(error) || error.name === 'AnswerLost';
    return isLeft ? undefined : haltOf(error);
  }
};
class Unsettled extends Error {}

/** Parts of at most so many rows and bytes. */
export const jobsOf = (
  steps: readonly PlanStep[],
  row: (step: PlanStep) => OrgRow,
  most: { readonly rows: number; readonly bytes: number } = { rows: JOB_ROWS, bytes: JOB_BYTES },
): readonly (readonly PlanStep[])[] => {
  const jobs: PlanStep[][] = [];
  let bytes = 0;
  for (const step of steps) {
    const size = Buffer.byteLength(JSON.stringify(row(step)));
    const last = jobs.at(-1);
    if (last === undefined || last.length >= most.rows || bytes + size > most.bytes) {
      jobs.push([step]);
      bytes = size;
    } else {
      last.push(step);
      bytes += size;
    }
  }
  return jobs;
};

/**
 * Carries steps of one object out by Bulk API 2.0 jobs. The job's id is journaled before rows are uploaded; what a job
 * did without telling is asked of the records, never sent again unseen. Steps that a job left undone (rows locked by
 * others, a job that failed) have no outcome afterwards: the caller takes them in smaller calls.
 */
export const bulkSteps = async (ports: BulkPorts, task: BulkTask, steps: readonly PlanStep[]): Promise<void> => {
  const shapes = new Map<string, PlanStep[]>();
  const ready = await readySteps(ports, operationPorts(ports), definitionOf(task.operation), steps);
  for (const step of ready.steps) {
    const shape = `${task.form.shape(step)} ${task.form.externalIdField?.(step) ?? ''}`;
    const own = shapes.get(shape);
    if (own === undefined) shapes.set(shape, [step]);
    else own.push(step);
  }
  for (const own of shapes.values()) {
    for (const part of jobsOf(own, task.form.row)) {
      const halt = await oneJob(ports, task, part);
      if (halt !== undefined) throw halt;
    }
  }
};
