import { inChunks, soqlList, soqlName } from '../../kernel/soql.ts';
import type { Org } from '../../org/port.ts';

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
  for await (const { rows } of org.queryMany(byIds(object, ids, ['Id', 'IsDeleted']), { deletedToo: true })) {
    for (const { Id, IsDeleted } of rows)
      if (typeof Id === 'string') states.set(Id, IsDeleted === true ? 'bin' : 'live');
  }
  return states;
};

/** Which of these records are in use, by object: nothing comes back for those that are gone or in the bin. */
export const liveRecords = async (
  org: Org,
  ids: ReadonlyMap<string, readonly string[]>,
): Promise<readonly { readonly object: string; readonly id: string }[]> => {
  const asked = [...ids].flatMap(([object, own]) => byIds(object, own, ['Id']).map((soql) => ({ object, soql })));
  const live: { object: string; id: string }[] = [];
  for await (const { of, rows } of org.queryMany(asked.map((one) => one.soql))) {
    for (const { Id } of rows) if (typeof Id === 'string') live.push({ object: asked[of]?.object ?? '', id: Id });
  }
  return live;
};

/** Ids in one query: with 15 characters each they stay under the platform's 100,000 characters a query. */
const IDS_PER_QUERY = 5_000;

const byIds = (object: string, ids: readonly string[], fields: readonly string[]): readonly string[] =>
  inChunks(ids, IDS_PER_QUERY).map((chunk) => {
    const list = soqlList(chunk.map((id) => id.slice(0, 15)));
    return `SELECT ${fields.join(', ')} FROM ${soqlName(object)} WHERE Id IN ${list}`;
  });
