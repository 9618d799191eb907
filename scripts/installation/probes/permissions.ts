import type { Probe, ProbeContext } from '../probe.ts';

const ofUser =
  (...permissions: readonly string[]): Probe =>
  ({ permissions: { held, known } }) => {
    if (permissions.some((name) => held.has(name))) return { state: 'ok' };
    return { state: permissions.some((name) => known.has(name)) ? 'by-hand' : 'impossible' };
  };

/** Like `ofUser`, for permissions every edition has. */
const ofEveryEdition =
  (...permissions: readonly string[]): Probe =>
  ({ permissions: { held } }) => ({ state: permissions.some((name) => held.has(name)) ? 'ok' : 'by-hand' });

export const seeMetadata = ofEveryEdition('ViewSetup');
export const seeAllRows = ofEveryEdition('ViewAllData', 'ModifyAllData');
export const seeAllFiles = ofUser('QueryAllFiles');
export const viewEncrypted = ofUser('ViewEncryptedData');
export const deployPermission = ofEveryEdition('ModifyMetadata', 'ModifyAllData');

export const auditFields: Probe = ({ permissions }) => ({
  state: permissions.held.has('CreateAuditFields') ? 'to-do' : 'ok',
});

const HISTORY_DELETION = ['DeleteFieldHistory', 'DeleteFromFieldHistory'];

export const historyDeletion: Probe = ({ permissions: { held, known } }) => {
  if (HISTORY_DELETION.some((name) => held.has(name))) return { state: 'to-do' };
  return { state: HISTORY_DELETION.some((name) => known.has(name)) ? 'ok' : 'by-hand' };
};

/** Assignments of sets and profiles that grant it, as far as the running user may see them. */
const hardDeleteAssignments = ({ org }: ProbeContext): Promise<number> =>
  org.count('SELECT COUNT() FROM PermissionSetAssignment WHERE PermissionSet.PermissionsBulkApiHardDelete = true');

export const hardDelete: Probe = async (context) => {
  const { held, known } = context.permissions;
  if (!known.has('BulkApiHardDelete')) return { state: 'ok' };
  const holders = Math.max(await hardDeleteAssignments(context), held.has('BulkApiHardDelete') ? 1 : 0);
  return holders === 0 ? { state: 'ok' } : { state: 'to-do', values: { holders } };
};

/** Permissions any probe asks about. */
export const PROBED_PERMISSIONS = [
  'ViewSetup',
  'ViewAllData',
  'ModifyAllData',
  'QueryAllFiles',
  'ViewEncryptedData',
  'ModifyMetadata',
  'CreateAuditFields',
  'BulkApiHardDelete',
  ...HISTORY_DELETION,
];
