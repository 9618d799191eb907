import type { PlanStep } from '../../model/plan.ts';
import type { OrgRow } from '../../org/port.ts';
import type { OperationDefinition, OperationPorts, Settled, StepCheck, StepsOfObject } from './contract.ts';
import { byExternalId, PLANNED_WRITE, readMade, rowOf, valuesOf } from './create.ts';
import { IDS_PER_CALL, IDS_PER_QUERY, twoHundredACall } from './recycling.ts';
import { callsFor, shapeProblems } from './stepShape.ts';
import { checkValues, differingFields, textIn } from './values.ts';

const KNOWN = { inverses: ['restore-values', 'delete', 'none'], settles: ['external-id'] } as const;

const fieldOf = (step: PlanStep | undefined): string => step?.payload?.externalId?.field ?? 'Id';

const written = (step: PlanStep): OrgRow => {
  const external = step.payload?.externalId;
  return external === undefined ? valuesOf(step) : { ...valuesOf(step), [external.field]: external.value };
};

/** A step that may only make a record must find none; one that may only change one must find it. */
const presence = (step: PlanStep, row: OrgRow | undefined): StepCheck => {
  if (step.inverse === 'delete' && row !== undefined) {
    return { state: 'changed', code: 'RECORD_EXISTS', fields: [fieldOf(step)] };
  }
  if (step.inverse === 'restore-values' && row === undefined) {
    return { state: 'changed', code: 'RECORD_GONE', fields: [] };
  }
  return { state: 'ready' };
};

const check = async (ports: OperationPorts, call: StepsOfObject): Promise<ReadonlyMap<string, StepCheck>> => {
  const found = await byExternalId(ports, call);
  const present = new Map(call.steps.map((step) => [step.key, presence(step, rowOf(found, step))]));
  const known = call.steps.flatMap((step) => {
    const row = rowOf(found, step);
    const isReady = present.get(step.key)?.state === 'ready' && row !== undefined;
    return isReady ? [{ ...step, recordId: textIn(row, 'Id') }] : [];
  });
  const values = await checkValues(ports, call.object, known);
  return new Map([...present, ...values]);
};

const settle: OperationDefinition['settle'] = async (ports, call) => {
  const fields = call.steps.flatMap((step) => Object.keys(valuesOf(step)));
  const found = await byExternalId(ports, call, fields);
  return new Map(
    call.steps.flatMap((step): readonly [string, Settled][] => {
      const row = rowOf(found, step);
      const isThere = row !== undefined && differingFields(valuesOf(step), row).length === 0;
      return isThere ? [[step.key, { id: textIn(row, 'Id') }]] : [];
    }),
  );
};

/**
 * Makes a record or changes the one with the same external id. Settled by that id and the values written. A step whose
 * inverse is `delete` only makes one, `restore-values` only changes one: what the org holds right before decides.
 */
export const upsertOperation: OperationDefinition = {
  operation: 'upsert',
  ...KNOWN,
  ...twoHundredACall,
  doneAs: () => 'done',
  kind: () => 'collection',
  groupOf: fieldOf,
  problemsOf: (step) => shapeProblems(step, { needs: ['values', 'externalId'], record: 'either' }, KNOWN),
  cost: (steps) => ({
    mutation: callsFor(steps, IDS_PER_CALL),
    check: 2 * callsFor(steps, IDS_PER_CALL),
    readBack: callsFor(steps, IDS_PER_QUERY),
  }),
  check,
  send: (ports, { object, steps }) => ports.org.upsert(object, fieldOf(steps[0]), steps.map(written), PLANNED_WRITE),
  settle,
  readBack: readMade,
  bulk: {
    job: 'upsert',
    shape: (step) => [fieldOf(step), ...Object.keys(valuesOf(step)).sort()].join(','),
    row: written,
    externalIdField: fieldOf,
    rowKey: (step) => {
      const external = step.payload?.externalId;
      return external === undefined ? undefined : { column: external.field, value: external.value };
    },
  },
};
