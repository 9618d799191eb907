import { parseRecordId } from '../../kernel/recordId.ts';
import type { RecordId } from '../../kernel/recordId.ts';
import type { PlanStep } from '../../model/plan.ts';
import { recordStates, type RecordState } from '../apply/recordState.ts';
import type { OperationDefinition, OperationPorts, ReadBackDifference, Settled, StepsOfObject } from './contract.ts';

/** Ids in one collection or SOAP call. https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/ */
export const IDS_PER_CALL = 200;
/** Ids in one reading. */
export const IDS_PER_QUERY = 400;

/** The id of the step's record, which references to come must have been replaced in. */
export const recordOf = (step: PlanStep): RecordId => {
  const id = parseRecordId(step.recordId);
  if (id === undefined) throw new RangeError('a step that is sent names a record');
  return id;
};

/** Ids of a payload, which its schema has checked. */
export const idsOf = (texts: readonly string[]): readonly RecordId[] =>
  texts.flatMap((text) => parseRecordId(text) ?? []);

const statesOf = (ports: OperationPorts, { object, steps }: StepsOfObject): Promise<ReadonlyMap<string, RecordState>> =>
  recordStates(
    ports.org,
    object,
    steps.map((step) => step.recordId),
  );

type ByState = Pick<OperationDefinition, 'settle' | 'readBack'>;

/** Settles and reads back by where the record is: in use, in the recycle bin, or nowhere. */
export const byRecordState = (
  hasTakenEffect: (state: RecordState) => boolean,
  isAsWanted: (state: RecordState) => boolean = hasTakenEffect,
): ByState => ({
  settle: async (ports, call) => {
    const states = await statesOf(ports, call);
    const settled = call.steps.filter((step) => hasTakenEffect(states.get(step.recordId) ?? 'gone'));
    return new Map(settled.map((step): [string, Settled] => [step.key, {}]));
  },
  readBack: async (ports, call) => {
    const states = await statesOf(ports, call);
    return call.steps.flatMap((step): readonly ReadBackDifference[] => {
      const state = states.get(step.recordId) ?? 'gone';
      return isAsWanted(state)
        ? []
        : [{ key: step.key, object: step.object, code: `RECORD_${state.toUpperCase()}`, fields: [] }];
    });
  },
});

/** Nothing to ask before the call. */
export const allReady: OperationDefinition['check'] = (_ports, { steps }) =>
  Promise.resolve(new Map(steps.map((step) => [step.key, { state: 'ready' as const }])));

/** Two hundred records of any number of the object share a call. */
export const twoHundredACall: Pick<OperationDefinition, 'units' | 'unitsPerCall' | 'groupOf'> = {
  units: () => 1,
  unitsPerCall: () => IDS_PER_CALL,
  groupOf: () => '',
};
