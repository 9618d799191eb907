import type { Org as SalesforceOrg } from '@salesforce/core';
import { Flags } from '@salesforce/sf-plugins-core';
import { parseRecordId } from '../kernel/recordId.ts';
import { languageFlag } from './gardeCommand.ts';

/** Which org's part of the vault: of an org that can be logged in to, or by its id when it no longer can. */
export const vaultOrgFlags = {
  ...languageFlag,
  'target-org': Flags.optionalOrg(),
  'org-id': Flags.salesforceId({
    startsWith: '00D',
    length: 'both',
    summary: 'Id of the org, when no login to it is left.',
  }),
};

/** The id of 18 characters; undefined when no org is named and none is the default. Asks no org. */
export const orgIdOf = (flags: {
  readonly 'target-org': SalesforceOrg | undefined;
  readonly 'org-id': string | undefined;
}): string | undefined => {
  const id = flags['org-id'] ?? flags['target-org']?.getOrgId();
  return id === undefined ? undefined : parseRecordId(id);
};
