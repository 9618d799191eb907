import { AuthInfo, Connection } from '@salesforce/core';
import { createOrg } from '../../scripts/org/createOrg.ts';
import type { Timing } from '../../scripts/org/patience.ts';
import type { Org } from '../../scripts/org/port.ts';
import type { Twin } from '../../scripts/twin/contract.ts';

/** A connection as a twin's user. The version is named, since core writes a version it had to ask for into the home folder. */
export const connectionTo = async (twin: Twin, role: string): Promise<Connection> => {
  const { instanceUrl } = twin;
  const accessToken = twin.users[role]!.accessToken;
  const authInfo = await AuthInfo.create({ accessTokenOptions: { accessToken, instanceUrl, loginUrl: instanceUrl } });
  return Connection.create({ authInfo, connectionOptions: { version: '66.0' } });
};

/** The org port as a twin's user. */
export const orgAs = async (twin: Twin, role: string, timing?: Timing): Promise<Org> =>
  createOrg(await connectionTo(twin, role), timing);
