import type { OperationDefinition } from './contract.ts';
import { allReady, byRecordState, IDS_PER_CALL, IDS_PER_QUERY, recordOf, twoHundredACall } from './recycling.ts';
import { callsFor, shapeProblems } from './stepShape.ts';

const KNOWN = { inverses: ['delete', 'none'], settles: ['record-state'] } as const;

/**
 * Back out of the recycle bin, with what was deleted along
 * (https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_undelete.htm). Also how a run puts
 * back what it deleted when a decision no longer stands: the outcome is then `put-back`.
 */
export const undeleteOperation: OperationDefinition = {
  operation: 'undelete',
  ...KNOWN,
  ...twoHundredACall,
  doneAs: (step) => (step.operation === 'undelete' ? 'done' : 'put-back'),
  kind: () => 'soap',
  problemsOf: (step) => shapeProblems(step, { needs: [], record: 'existing' }, KNOWN),
  cost: (steps) => ({
    mutation: callsFor(steps, IDS_PER_CALL),
    check: 0,
    readBack: callsFor(steps, IDS_PER_QUERY),
  }),
  check: allReady,
  send: (ports, { steps }) => ports.org.undelete(steps.map(recordOf)),
  ...byRecordState((state) => state === 'live'),
};
