import type { PlanStep } from '../../model/plan.ts';
import type { OrgRow } from '../../org/port.ts';
import type { OperationDefinition, Settled, StepsOfObject } from './contract.ts';
import { PLANNED_WRITE, valuesOf } from './create.ts';
import { IDS_PER_CALL, IDS_PER_QUERY, recordOf } from './recycling.ts';
import { callsFor, shapeProblems, stepProblem } from './stepShape.ts';
import { checkValues, differingFields, rowsById } from './values.ts';

const KNOWN = { inverses: ['restore-values', 'none'], settles: ['record-values'] } as const;

/** Conditional changes in a composite call. */
const CONDITIONAL_PER_CALL = 25;

const isConditional = (step: PlanStep): boolean => step.precondition.ifUnmodified === true;

const rowsOf = (
  ports: Parameters<OperationDefinition['settle']>[0],
  { object, steps }: StepsOfObject,
  after: boolean,
) =>
  rowsById(
    ports.org,
    { object, ids: steps.map((step) => step.recordId) },
    steps.flatMap((step) => Object.keys((after ? step.after : undefined) ?? valuesOf(step))),
  );

const settle: OperationDefinition['settle'] = async (ports, call) => {
  const rows = await rowsOf(ports, call, false);
  const settled = call.steps.filter((step) => {
    const row = rows.get(step.recordId);
    return row !== undefined && differingFields(valuesOf(step), row).length === 0;
  });
  return new Map(settled.map((step): [string, Settled] => [step.key, {}]));
};

const readBack: OperationDefinition['readBack'] = async (ports, call) => {
  const rows = await rowsOf(ports, call, true);
  return call.steps.flatMap((step) => {
    const row = rows.get(step.recordId);
    const fields = row === undefined ? [] : differingFields(step.after ?? valuesOf(step), row);
    if (row !== undefined && fields.length === 0) return [];
    const code = row === undefined ? 'RECORD_GONE' : 'VALUE_DIFFERS';
    return [{ key: step.key, object: call.object, code, fields }];
  });
};

const withId = (step: PlanStep): OrgRow => ({ ...valuesOf(step), Id: recordOf(step) });

const send: OperationDefinition['send'] = (ports, { object, steps, stamps }) => {
  if (!steps.some(isConditional)) return ports.org.update(object, steps.map(withId), PLANNED_WRITE);
  const changes = steps.map((step) => {
    const since = stamps.get(step.key);
    if (since === undefined) throw new RangeError('a conditional change knows when its record was read');
    return { row: withId(step), since };
  });
  return ports.org.updateUnmodified(object, changes, PLANNED_WRITE);
};

const problemsOf: OperationDefinition['problemsOf'] = (step) => {
  const isSealed = step.payload?.sealed !== undefined;
  const isEmpty = !isSealed && step.payload?.values !== undefined && Object.keys(step.payload.values).length === 0;
  return [
    ...shapeProblems(step, { needs: ['values'], record: 'existing' }, KNOWN),
    ...(isEmpty ? [stepProblem(step, 'payload.values', 'Nothing is written.', 'Give the fields to write.')] : []),
    ...(step.inverse === 'restore-values' && step.before === undefined
      ? [stepProblem(step, 'before', 'There is nothing to go back to.', 'Seal the values the step replaces.')]
      : []),
  ];
};

/**
 * Writes values over others. With `precondition.values` the org is asked right before the call whether they are still
 * those the plan read; with `ifUnmodified` the call itself is refused when somebody edited the record since
 * (https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api/intro_rest_conditional_requests.htm), 25 records
 * a call instead of 200. Settled by the values: the record reads as written. Its limit: where the org's own automation
 * rewrites the value at once, the step counts as not done, and the precondition then finds the record changed.
 */
export const updateOperation: OperationDefinition = {
  operation: 'update',
  ...KNOWN,
  doneAs: () => 'done',
  kind: (step) => (isConditional(step) ? 'composite' : 'collection'),
  groupOf: (step) => (isConditional(step) ? 'conditional' : ''),
  units: () => 1,
  unitsPerCall: (step) => (isConditional(step) ? CONDITIONAL_PER_CALL : IDS_PER_CALL),
  problemsOf,
  cost: (steps) => ({
    mutation: callsFor(steps, IDS_PER_CALL),
    check: callsFor(steps, IDS_PER_CALL),
    readBack: callsFor(steps, IDS_PER_QUERY),
  }),
  check: (ports, { object, steps }) => checkValues(ports, object, steps),
  send,
  settle,
  readBack,
  bulk: {
    job: 'update',
    shape: (step) => Object.keys(valuesOf(step)).sort().join(','),
    row: withId,
    rowKey: (step) => ({ column: 'Id', value: step.recordId }),
  },
};
