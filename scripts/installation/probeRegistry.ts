import type { Probe } from './probe.ts';
import {
  consentObjects,
  dataProtection,
  fieldHistory,
  gardePackage,
  packagesFound,
  permissionSets,
} from './probes/dataModel.ts';
import { apiAccess, apiQuota, apiVersion, dataStorage, fileStorage, integrationUser } from './probes/org.ts';
import {
  auditFields,
  deployPermission,
  hardDelete,
  historyDeletion,
  seeAllFiles,
  seeAllRows,
  seeMetadata,
  viewEncrypted,
} from './probes/permissions.ts';

/** One probe per need of config/installation/needs.yml: a new need is one function here and one entry there. */
export const PROBES: ReadonlyMap<string, Probe> = new Map([
  ['api-access', apiAccess],
  ['api-version', apiVersion],
  ['see-metadata', seeMetadata],
  ['see-all-rows', seeAllRows],
  ['see-all-files', seeAllFiles],
  ['view-encrypted', viewEncrypted],
  ['data-protection', dataProtection],
  ['consent-objects', consentObjects],
  ['packages-found', packagesFound],
  ['garde-package', gardePackage],
  ['permission-sets', permissionSets],
  ['deploy-permission', deployPermission],
  ['field-history', fieldHistory],
  ['history-deletion', historyDeletion],
  ['hard-delete', hardDelete],
  ['audit-fields', auditFields],
  ['api-quota', apiQuota],
  ['data-storage', dataStorage],
  ['file-storage', fileStorage],
  ['integration-user', integrationUser],
]);
