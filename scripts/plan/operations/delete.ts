import type { OperationDefinition } from './contract.ts';
import { byRecordState, IDS_PER_CALL, IDS_PER_QUERY, recordOf, twoHundredACall } from './recycling.ts';
import { callsFor, shapeProblems } from './stepShape.ts';
import { checkValues } from './values.ts';

const KNOWN = { inverses: ['undelete', 'recreate', 'none'], settles: ['record-state'] } as const;

/**
 * To the recycle bin, with all that the org deletes along. SOAP, in calls of 200: each row by itself
 * (https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_delete.htm). Settled by where the
 * record is: no longer in use = done, whoever deleted it.
 */
export const deleteOperation: OperationDefinition = {
  operation: 'delete',
  ...KNOWN,
  ...twoHundredACall,
  doneAs: () => 'done',
  kind: () => 'soap',
  problemsOf: (step) => shapeProblems(step, { needs: [], record: 'existing' }, KNOWN),
  cost: (steps) => ({
    mutation: callsFor(steps, IDS_PER_CALL),
    check: callsFor(steps, IDS_PER_QUERY),
    readBack: callsFor(steps, IDS_PER_QUERY),
  }),
  check: (ports, { object, steps }) => checkValues(ports, object, steps),
  send: (ports, { steps }) => ports.org.delete(steps.map(recordOf)),
  ...byRecordState((state) => state !== 'live'),
  bulk: {
    job: 'delete',
    shape: () => 'Id',
    row: (step) => ({ Id: step.recordId }),
    rowKey: (step) => ({ column: 'Id', value: step.recordId }),
  },
};
