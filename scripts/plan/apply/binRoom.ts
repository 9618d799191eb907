import { soqlName } from '../../kernel/soql.ts';
import type { Org } from '../../org/port.ts';

/**
 * Records a recycle bin holds per megabyte of data storage; over that the oldest are dropped once they are two hours in
 * it. https://help.salesforce.com/s/articleView?id=sf.home_delete.htm
 */
const RECORDS_PER_MEGABYTE = 25;

/**
 * Objects that the platform answers about only for one record or file at a time: they are not counted.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentdocumentlink.htm
 */
const NOT_COUNTED = new Set(['ContentDocumentLink']);

/** Rows of each object that can be counted, in use or in the recycle bin; five objects a call. */
export const countRows = async (
  org: Org,
  named: readonly string[],
  where: 'in-use' | 'in-bin' = 'in-use',
): Promise<ReadonlyMap<string, number>> => {
  const objects = named.filter((object) => !NOT_COUNTED.has(object));
  const condition = where === 'in-bin' ? ' WHERE IsDeleted = true' : '';
  const counts = new Map<string, number>(objects.map((object) => [object, 0]));
  const queries = objects.map((object) => `SELECT COUNT(Id) n FROM ${soqlName(object)}${condition}`);
  for await (const { of, rows } of org.queryMany(queries, { deletedToo: where === 'in-bin' })) {
    counts.set(objects[of] ?? '', Number(rows[0]?.['n'] ?? 0));
  }
  return counts;
};

const withBin = async (org: Org, objects: readonly string[]): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const object of objects) {
    const described = await org.describe(object);
    if (described?.fields.some((field) => field.name === 'IsDeleted') === true) found.push(object);
  }
  return found;
};

/**
 * How many records the recycle bin still takes: its capacity by the org's storage, less what lies in it of these
 * objects. The platform tells nobody the whole content of the bin, so that half of the rest is left to others.
 * Infinity when the org does not tell its storage.
 */
export const binRoom = async (org: Org, objects: readonly string[]): Promise<number> => {
  const storage = (await org.limits()).get('DataStorageMB');
  if (storage === undefined) return Number.POSITIVE_INFINITY;
  const binned = await countRows(org, await withBin(org, objects), 'in-bin');
  const inBin = [...binned.values()].reduce((sum, count) => sum + count, 0);
  return Math.max(0, Math.floor((storage.max * RECORDS_PER_MEGABYTE - inBin) / 2));
};
