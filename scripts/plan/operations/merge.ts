import type { RecordId } from '../../kernel/recordId.ts';
import type { PlanStep } from '../../model/plan.ts';
import type { OrgRow } from '../../org/port.ts';
import type { OperationDefinition, OperationPorts, Settled, StepCheck, StepsOfObject } from './contract.ts';
import { valuesOf } from './create.ts';
import { IDS_PER_QUERY, idsOf, recordOf } from './recycling.ts';
import { callsFor, shapeProblems, stepProblem } from './stepShape.ts';
import { checkValues, differingFields, rowsById } from './values.ts';

const KNOWN = { inverses: ['undelete', 'recreate', 'none'], settles: ['merge-state'] } as const;

/**
 * Merges in a call. The platform takes 200 requests
 * (https://developer.salesforce.com/docs/platform/salesforce-app-limits-cheatsheet/guide/salesforce-app-limits-platform-apicalls.html),
 * each a transaction that moves all children; ten keep a call far from the time limit.
 */
const MERGES_PER_CALL = 10;

const losersOf = (step: PlanStep): readonly RecordId[] => idsOf(step.payload?.losers ?? []);

const losersIn = (ports: OperationPorts, { object, steps }: StepsOfObject): Promise<ReadonlyMap<string, OrgRow>> =>
  rowsById(ports.org, { object, ids: steps.flatMap(losersOf), deletedToo: true }, ['IsDeleted', 'MasterRecordId']);

const isMergedInto = (row: OrgRow | undefined, master: string): boolean =>
  row?.['IsDeleted'] === true && row['MasterRecordId'] === master;

const loserCheck = (step: PlanStep, rows: ReadonlyMap<string, OrgRow>): StepCheck => {
  const losers = losersOf(step).map((id) => rows.get(id));
  if (losers.every((row) => isMergedInto(row, step.recordId))) return { state: 'already-done' };
  if (losers.some((row) => row?.['IsDeleted'] !== false)) return { state: 'changed', code: 'LOSER_GONE', fields: [] };
  return { state: 'ready' };
};

const check = async (ports: OperationPorts, call: StepsOfObject): Promise<ReadonlyMap<string, StepCheck>> => {
  const rows = await losersIn(ports, call);
  const losers = new Map(call.steps.map((step) => [step.key, loserCheck(step, rows)]));
  const ready = call.steps.filter((step) => losers.get(step.key)?.state === 'ready');
  // A master that has the values already is not merged yet: what it lacks are the losers' children.
  const masters = await checkValues(
    ports,
    call.object,
    ready.map((step) => ({ ...step, payload: { losers: [...losersOf(step)] } })),
  );
  return new Map([...losers, ...masters]);
};

const settle: OperationDefinition['settle'] = async (ports, call) => {
  const rows = await losersIn(ports, call);
  const merged = call.steps.filter((step) => losersOf(step).every((id) => isMergedInto(rows.get(id), step.recordId)));
  return new Map(merged.map((step): [string, Settled] => [step.key, {}]));
};

const readBack: OperationDefinition['readBack'] = async (ports, call) => {
  const losers = await losersIn(ports, call);
  const masters = await rowsById(
    ports.org,
    { object: call.object, ids: call.steps.map((step) => step.recordId) },
    call.steps.flatMap((step) => Object.keys(step.after ?? valuesOf(step))),
  );
  return call.steps.flatMap((step) => {
    const { key } = step;
    const isMerged = losersOf(step).every((id) => {
      const row = losers.get(id);
      return row === undefined || isMergedInto(row, step.recordId);
    });
    if (!isMerged) return [{ key, object: call.object, code: 'NOT_MERGED', fields: [] }];
    const master = masters.get(step.recordId);
    if (master === undefined) return [{ key, object: call.object, code: 'RECORD_GONE', fields: [] }];
    const fields = differingFields(step.after ?? valuesOf(step), master);
    return fields.length === 0 ? [] : [{ key, object: call.object, code: 'VALUE_DIFFERS', fields }];
  });
};

/**
 * One or two records go into a master, which takes the values given; the platform re-parents what hangs off them, in
 * one transaction. Settled by the losers' MasterRecordId: it names the master once they were merged
 * (https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_merge.htm). Its limit: losers purged
 * from the bin since tell nothing any more; the step is then reported as changed, never sent again.
 */
export const mergeOperation: OperationDefinition = {
  operation: 'merge',
  ...KNOWN,
  doneAs: () => 'done',
  kind: () => 'soap',
  groupOf: () => '',
  units: () => 1,
  unitsPerCall: () => MERGES_PER_CALL,
  problemsOf: (step) => [
    ...shapeProblems(step, { needs: ['losers'], may: ['values'], record: 'existing' }, KNOWN),
    ...((step.payload?.losers ?? []).includes(step.recordId)
      ? [stepProblem(step, 'payload.losers', 'The master is among the losers.', 'Name other records.')]
      : []),
  ],
  cost: (steps) => ({
    mutation: callsFor(steps, MERGES_PER_CALL),
    check: 2 * callsFor(steps, MERGES_PER_CALL),
    readBack: 2 * callsFor(2 * steps, IDS_PER_QUERY),
  }),
  check,
  send: (ports, { object, steps }) =>
    ports.org.mergeAll(
      steps.map((step) => ({
        object,
        masterId: recordOf(step),
        masterFields: valuesOf(step),
        loserIds: losersOf(step),
      })),
    ),
  settle,
  readBack,
};
