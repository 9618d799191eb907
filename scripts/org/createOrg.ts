import type { Connection } from '@salesforce/core';
import { bulkLoadRows } from './bulkLoad.ts';
import { bulkQueryRows } from './bulkQuery.ts';
import { createChannel } from './channel.ts';
import { createRows, updateRows, upsertRows } from './collections.ts';
import { createDescribing } from './describe.ts';
import { downloadFile, uploadFile } from './files.ts';
import { readIdentity } from './identity.ts';
import { approximateCounts, readLimits } from './limits.ts';
import { deployFolder, listMetadata, retrieveLike } from './metadata.ts';
import type { Timing } from './patience.ts';
import type { Org, OrgIdentity } from './port.ts';
import { countRows, queryRows } from './query.ts';
import { deleteIds, mergeRecords, purgeIds, undeleteIds } from './recycleBin.ts';

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
    count: (soql) => countRows(channel, soql),
    approximateCounts: (objects) => approximateCounts(channel, objects),
    limits: () => readLimits(channel),
    listMetadata: (type) => listMetadata(channel, type),
    create: (object, rows) => createRows(channel, object, rows),
    update: (object, rows) => updateRows(channel, object, rows),
    upsert: (object, externalIdField, rows) => upsertRows(channel, { object, externalIdField }, rows),
    delete: (ids) => deleteIds(channel, ids),
    undelete: (ids) => undeleteIds(channel, ids),
    emptyRecycleBin: (ids) => purgeIds(channel, ids),
    merge: (task) => mergeRecords(channel, task),
    bulkLoad: (object, operation, rows, options) => bulkLoadRows(channel, { object, operation, ...options }, rows),
    uploadFile: (file) => uploadFile(channel, file),
    downloadFile: (object, id) => downloadFile(channel, object, id),
    deployFolder: (folder, options) => deployFolder(channel, folder, options),
    retrieveLike: (folder) => retrieveLike(channel, folder),
    calls: () => channel.calls(),
  };
};
