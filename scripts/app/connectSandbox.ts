import { Org as SalesforceOrg } from '@salesforce/core';
import { createOrg } from '../org/createOrg.ts';
import type { Org } from '../org/port.ts';

/** The port to the org behind an alias or username that the CLI is logged in to. */
export const connectSandbox = async (aliasOrUsername: string): Promise<Org> => {
  const org = await SalesforceOrg.create({ aliasOrUsername });
  return createOrg(org.getConnection());
};
