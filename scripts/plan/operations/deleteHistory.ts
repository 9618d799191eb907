import type { RecordId } from '../../kernel/recordId.ts';
import type { PlanStep } from '../../model/plan.ts';
import type { WriteOutcome } from '../../org/port.ts';
import type { OperationDefinition, OperationPorts, Settled, StepsOfObject } from './contract.ts';
import { allReady, IDS_PER_CALL, IDS_PER_QUERY, idsOf } from './recycling.ts';
import { callsFor, shapeProblems, stepProblem } from './stepShape.ts';
import { rowsById } from './values.ts';

const KNOWN = { inverses: ['none'], settles: ['history-rows'] } as const;

const rowsOf = (step: PlanStep): readonly RecordId[] => idsOf(step.payload?.historyIds ?? []);

const left = async (ports: OperationPorts, { object, steps }: StepsOfObject): Promise<ReadonlySet<string>> =>
  new Set((await rowsById(ports.org, { object, ids: steps.flatMap(rowsOf) }, [])).keys());

/** One answer for all rows of a step: the first failure, or success. */
const together = (step: PlanStep, answers: ReadonlyMap<string, WriteOutcome>): WriteOutcome => {
  const own = rowsOf(step).map((id) => answers.get(id));
  const failed = own.find((answer) => answer?.success !== true);
  if (own.every((answer) => answer?.success === true)) return { id: null, success: true, created: false, errors: [] };
  return failed ?? { id: null, success: false, created: false, errors: [] };
};

const send = async (ports: OperationPorts, { steps }: StepsOfObject): Promise<readonly WriteOutcome[]> => {
  const ids = steps.flatMap(rowsOf);
  const outcomes = await ports.org.delete(ids);
  const answers = new Map(ids.map((id, at) => [id as string, outcomes[at] ?? noAnswer]));
  return steps.map((step) => together(step, answers));
};

const noAnswer: WriteOutcome = { id: null, success: false, created: false, errors: [] };

/**
 * Rows that keep an old value after the record was changed: field history (`ContactHistory`, `Gift__History`) and
 * feed items of tracked changes (`FeedItem` of type TrackedChangeEvent). `object` is theirs, `recordId` the record they
 * belong to. History goes by SOAP delete alone, for good, with the permission "Delete From Field History"
 * (https://developer.salesforce.com/docs/atlas.en-us.264.0.field_history_retention.meta/field_history_retention/field_history_delete.htm).
 * Settled by the rows: none of them is left.
 */
export const deleteHistoryOperation: OperationDefinition = {
  operation: 'deleteHistory',
  ...KNOWN,
  doneAs: () => 'done',
  kind: () => 'soap',
  groupOf: () => '',
  units: (step) => rowsOf(step).length,
  unitsPerCall: () => IDS_PER_CALL,
  problemsOf: (step) => [
    ...shapeProblems(step, { needs: ['historyIds'], record: 'existing' }, KNOWN),
    ...(step.payload?.historyIds !== undefined && (rowsOf(step).length === 0 || rowsOf(step).length > IDS_PER_CALL)
      ? [stepProblem(step, 'payload.historyIds', 'A step takes 1 to 200 rows.', 'Make several steps of it.')]
      : []),
  ],
  cost: (steps) => ({
    mutation: callsFor(steps, IDS_PER_CALL),
    check: 0,
    readBack: callsFor(steps, IDS_PER_QUERY),
  }),
  check: allReady,
  send,
  settle: async (ports, call) => {
    const living = await left(ports, call);
    const gone = call.steps.filter((step) => !rowsOf(step).some((id) => living.has(id)));
    return new Map(gone.map((step): [string, Settled] => [step.key, {}]));
  },
  readBack: async (ports, call) => {
    const living = await left(ports, call);
    return call.steps.flatMap((step) =>
      rowsOf(step).some((id) => living.has(id))
        ? [{ key: step.key, object: call.object, code: 'RECORD_LIVE', fields: [] }]
        : [],
    );
  },
};
