import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import type { Org } from '../org/port.ts';

/** Where a record is: in use, in the recycle bin, or nowhere. */
export type RecordState = 'live' | 'bin' | 'gone';

/**
 * Asks the org where records are: the settle probe of deletions. A purged row may be seen as deleted for up to 24 hours
 * (https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_emptyrecyclebin.htm), so that `bin`
 * after a purge is no contradiction.
 */
export const recordStates = async (
  org: Org,
  object: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RecordState>> => {
  const states = new Map<string, RecordState>(ids.map((id) => [id, 'gone']));
  for (const chunk of inChunks(ids)) {
    const soql = `SELECT Id, IsDeleted FROM ${soqlName(object)} WHERE Id IN ${soqlList(chunk)}`;
    for await (const row of org.query(soql, { deletedToo: true })) {
      if (typeof row['Id'] === 'string') states.set(row['Id'], row['IsDeleted'] === true ? 'bin' : 'live');
    }
  }
  return states;
};
