import { z } from 'zod';
import { inChunks, soqlList, soqlName } from '../../kernel/soql.ts';
import type { RecordId } from '../../kernel/recordId.ts';
import type { PlanStep, StepPayload } from '../../model/plan.ts';
import type { Org, WriteOutcome } from '../../org/port.ts';
import type { OperationDefinition, OperationPorts, Settled, StepsOfCall, StepsOfObject } from './contract.ts';
import { allReady, IDS_PER_CALL, IDS_PER_QUERY, idsOf } from './recycling.ts';
import { callsFor, shapeProblems, stepProblem } from './stepShape.ts';
import { rowsById, textIn } from './values.ts';

const KNOWN = { inverses: ['none'], settles: ['history-rows'] } as const;

/** Rows that a step with `historyOf` is taken to have, so that calls hold about as many as they may. */
const ROWS_TO_COME = 25;

const lookupOf = (step: PlanStep): string | undefined => step.payload?.historyOf;
const namedRows = (step: PlanStep): readonly RecordId[] => idsOf(step.payload?.historyIds ?? []);

/** Steps of one call are about the same changes: rows are told apart by their record alone. */
const groupOf = ({ payload }: PlanStep): string => {
  const { fields = [], after = '' } = payload?.historyOnly ?? {};
  return [payload?.historyOf ?? '', after, ...fields.toSorted()].join(' ').trimEnd();
};

/** Rows by the record they name, as `prepare` read them. */
const memoryShape = z.record(z.string(), z.array(z.string()));
type Memory = z.infer<typeof memoryShape>;

/** Rows that steps with `historyOf` share a reading of: by this lookup, and with `only` of those changes alone. */
type Reading = { readonly lookup: string; readonly only: StepPayload['historyOnly'] };

const conditionOf = ({ only }: Reading): string =>
  only === undefined
    ? ''
    : ` AND Field IN ${soqlList(only.fields)} AND CreatedDate > ${new Date(only.after).toISOString()}`;

const lookedUp = async (org: Org, object: string, reading: Reading, ids: readonly string[]): Promise<Memory> => {
  const { lookup } = reading;
  const found: Memory = {};
  const select = `SELECT Id, ${soqlName(lookup)} FROM ${soqlName(object)} WHERE ${soqlName(lookup)}`;
  for (const chunk of inChunks([...new Set(ids)])) {
    for await (const row of org.query(`${select} IN ${soqlList(chunk)}${conditionOf(reading)}`)) {
      (found[textIn(row, lookup)] ??= []).push(textIn(row, 'Id'));
    }
  }
  return found;
};

/** Every row that steps with `historyOf` are about, as the org has it now. */
const rowsByLookup = async ({ org }: OperationPorts, { object, steps }: StepsOfObject): Promise<Memory> => {
  const open = steps.filter((step) => lookupOf(step) !== undefined);
  let found: Memory = {};
  for (const group of [...new Set(open.map(groupOf))].sort()) {
    const own = open.filter((step) => groupOf(step) === group);
    const [first] = own;
    const reading = { lookup: first?.payload?.historyOf ?? '', only: first?.payload?.historyOnly };
    const ids = own.map((step) => step.recordId);
    found = { ...found, ...(await lookedUp(org, object, reading, ids)) };
  }
  return found;
};

/** Steps of which rows are left. */
const withRows = async (ports: OperationPorts, call: StepsOfObject): Promise<ReadonlySet<string>> => {
  const found = await rowsByLookup(ports, call);
  const named = call.steps.filter((step) => lookupOf(step) === undefined);
  const living = await rowsById(ports.org, { object: call.object, ids: named.flatMap(namedRows) }, []);
  const left = call.steps.filter((step) =>
    lookupOf(step) === undefined
      ? namedRows(step).some((id) => living.has(id))
      : (found[step.recordId]?.length ?? 0) > 0,
  );
  return new Set(left.map((step) => step.key));
};

const noAnswer: WriteOutcome = { id: null, success: false, created: false, errors: [] };
const done: WriteOutcome = { id: null, success: true, created: false, errors: [] };

/** One answer for all rows of a step: the first failure, or success. */
const together = (rows: readonly RecordId[], answers: ReadonlyMap<string, WriteOutcome>): WriteOutcome =>
  rows.map((id) => answers.get(id) ?? noAnswer).find((answer) => !answer.success) ?? done;

const send = async (ports: OperationPorts, { steps, memory }: StepsOfCall): Promise<readonly WriteOutcome[]> => {
  const read = memory === null ? {} : memoryShape.parse(JSON.parse(memory));
  const rowsOf = (step: PlanStep): readonly RecordId[] =>
    lookupOf(step) === undefined ? namedRows(step) : idsOf(read[step.recordId] ?? []);
  const ids = [...new Set(steps.flatMap(rowsOf))];
  const outcomes = ids.length === 0 ? [] : await ports.org.delete(ids);
  const answers = new Map(ids.map((id, at) => [id, outcomes[at] ?? noAnswer]));
  return steps.map((step) => together(rowsOf(step), answers));
};

const problemsOf: OperationDefinition['problemsOf'] = (step) => {
  const rows = namedRows(step);
  const isOpen = lookupOf(step) !== undefined;
  const wrong = rows.length > IDS_PER_CALL || (rows.length === 0 && !isOpen);
  return [
    ...shapeProblems(step, { needs: [], may: ['historyIds', 'historyOf', 'historyOnly'], record: 'existing' }, KNOWN),
    ...(wrong
      ? [stepProblem(step, 'payload.historyIds', 'A step takes 1 to 200 rows.', 'Make several steps of it.')]
      : []),
  ];
};

/**
 * Rows that keep an old value after the record was changed: field history (`ContactHistory`, `Gift__History`) and
 * feed items of tracked changes (`FeedItem` of type TrackedChangeEvent). `object` is theirs, `recordId` the record they
 * belong to. Either rows that the plan names (`historyIds`), or every row that names the record by the lookup
 * `historyOf` (with `historyOnly` those changes alone), read right before the call, since a change makes history that no plan can name. History goes by SOAP
 * delete alone, for good, with the permission "Delete From Field History"
 * (https://developer.salesforce.com/docs/atlas.en-us.264.0.field_history_retention.meta/field_history_retention/field_history_delete.htm).
 * Settled by the rows: none of them is left.
 */
export const deleteHistoryOperation: OperationDefinition = {
  operation: 'deleteHistory',
  ...KNOWN,
  doneAs: () => 'done',
  kind: () => 'soap',
  groupOf,
  units: (step) => (lookupOf(step) === undefined ? namedRows(step).length : namedRows(step).length + ROWS_TO_COME),
  unitsPerCall: () => IDS_PER_CALL,
  problemsOf,
  cost: (steps) => ({
    mutation: callsFor(steps, IDS_PER_CALL),
    check: callsFor(steps, IDS_PER_QUERY),
    readBack: callsFor(steps, IDS_PER_QUERY),
  }),
  check: allReady,
  prepare: async (ports, call) =>
    call.steps.some((step) => lookupOf(step) !== undefined) ? JSON.stringify(await rowsByLookup(ports, call)) : null,
  send,
  settle: async (ports, call) => {
    const left = await withRows(ports, call);
    const gone = call.steps.filter((step) => !left.has(step.key));
    return new Map(gone.map((step): [string, Settled] => [step.key, {}]));
  },
  readBack: async (ports, call) => {
    const left = await withRows(ports, call);
    return call.steps
      .filter((step) => left.has(step.key))
      .map((step) => ({ key: step.key, object: call.object, code: 'RECORD_LIVE', fields: [] }));
  },
};
