import type { OperationDefinition } from './contract.ts';
import { allReady, byRecordState, IDS_PER_CALL, IDS_PER_QUERY, recordOf, twoHundredACall } from './recycling.ts';
import { callsFor, shapeProblems } from './stepShape.ts';

const KNOWN = { inverses: ['none'], settles: ['record-state'] } as const;

/**
 * Out of the recycle bin for good, with what the record was deleted with. SOAP alone can
 * (https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_emptyrecyclebin.htm); a Bulk
 * hardDelete would take records in use, without the reading in between. The same page says that a purged row may be
 * seen as deleted for up to 24 hours: only a record in use contradicts a purge, and only one that is gone settles it.
 */
export const purgeOperation: OperationDefinition = {
  operation: 'purge',
  ...KNOWN,
  ...twoHundredACall,
  doneAs: () => 'done',
  kind: () => 'soap',
  problemsOf: (step) => shapeProblems(step, { needs: [], record: 'existing' }, KNOWN),
  cost: (steps) => ({
    mutation: callsFor(steps, IDS_PER_CALL),
    check: 0,
    readBack: callsFor(steps, IDS_PER_QUERY),
  }),
  check: allReady,
  send: (ports, { steps }) => ports.org.emptyRecycleBin(steps.map(recordOf)),
  ...byRecordState(
    (state) => state === 'gone',
    (state) => state !== 'live',
  ),
};
