import type { Connection } from '@salesforce/core';
import { bulkLoadRows } from './bulkLoad.ts';
import { bulkQueryRows } from './bulkQuery.ts';
import { createChannel } from './channel.ts';
import { createRows, updateRows, updateUnmodifiedRows, upsertRows } from './collections.ts';
import { createDescribing } from './describe.ts';
import { downloadFile, uploadFile } from './files.ts';
import { createIngestJobs } from './ingestJobs.ts';
import { readIdentity } from './identity.ts';
import { approximateCounts, readLimits, readTime } from './limits.ts';
import { deployFolder, listMetadata, retrieveLike } from './metadata.ts';
import type { Timing } from './patience.ts';
import type { Org, OrgIdentity } from './port.ts';
import { countRows, queryRows } from './query.ts';
import { queryManyRows } from './queryMany.ts';
import { deleteIds, mergeRecords, purgeIds, undeleteIds } from './recycleBin.ts';
import { searchRows } from './search.ts';

/**
 * The port to the org a connection points at. Reads are repeated while the org is busy (with `timing`, the system's by
 * default); writes never are. All failures are OrgErrors: our code and remedy, Salesforce's code and field names.
 */
export const createOrg = (connection: Connection, timing?: Timing): Org => {
  const channel = createChannel(connection, timing);
  const describing = createDescribing(channel);
  let identity: Promise<OrgIdentity> | undefined;
  return {
    identity: () => (identity ??= readIdentity(channel)),
    ...describing,
    query: (soql, options) => queryRows(channel, soql, options),
    bulkQuery: (soql, options) => bulkQueryRows(channel, describing, soql, options?.deletedToo ?? false),
    queryMany: (queries, options) => queryManyRows(channel, queries, options),
    search: (sosl) => searchRows(channel, sosl),
    count: (soql) => countRows(channel, soql),
    approximateCounts: (objects) => approximateCounts(channel, objects),
    limits: () => readLimits(channel),
    listMetadata: (type) => listMetadata(channel, type),
    create: (object, rows, options) => createRows(channel, { object, options }, rows),
    update: (object, rows, options) => updateRows(channel, { object, options }, rows),
    updateUnmodified: (object, changes, options) => updateUnmodifiedRows(channel, { object, options }, changes),
    upsert: (object, externalIdField, rows, options) => upsertRows(channel, { object, externalIdField, options }, rows),
    delete: (ids) => deleteIds(channel, ids),
    undelete: (ids) => undeleteIds(channel, ids),
    emptyRecycleBin: (ids) => purgeIds(channel, ids),
    merge: async (task) => {
      const [outcome] = await mergeRecords(channel, [task]);
      if (outcome === undefined) throw new RangeError('one request has one outcome');
      return outcome;
    },
    mergeAll: (tasks) => mergeRecords(channel, tasks),
    bulkLoad: (object, operation, rows, options) => bulkLoadRows(channel, { object, operation, ...options }, rows),
    ingest: createIngestJobs(channel),
    uploadFile: (file) => uploadFile(channel, file),
    downloadFile: (object, id) => downloadFile(channel, object, id),
    deployFolder: (folder, options) => deployFolder(channel, folder, options),
    retrieveLike: (folder) => retrieveLike(channel, folder),
    now: () => readTime(channel),
    calls: () => channel.calls(),
  };
};
