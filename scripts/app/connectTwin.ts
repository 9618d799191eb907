import { AuthInfo, Connection } from '@salesforce/core';
import { GardeError } from '../kernel/result.ts';
import { createOrg } from '../org/createOrg.ts';
import type { Org } from '../org/port.ts';
import type { TwinState } from './twinState.ts';

/** What it takes to connect to a twin: its address, its org and its users. */
type ReachedTwin = Pick<TwinState, 'instanceUrl' | 'orgId' | 'users'>;

const userOf = (twin: ReachedTwin, role: string): TwinState['users'][string] => {
  const user = twin.users[role];
  if (user === undefined)
    throw new GardeError([
      {
        code: 'TwinUserUnknown',
        subject: role,
        message: `The twin has no user for the role ${role}.`,
        actions: ['Use one of the roles that "garde twin start --json" lists.'],
      },
    ]);
  return user;
};

/** A connection as one of the twin's users; nothing is written to the CLI's own logins. */
export const connectTwin = async (twin: ReachedTwin, role: string): Promise<Connection> => {
  const { instanceUrl, orgId } = twin;
  const { username, accessToken } = userOf(twin, role);
  const authInfo = await AuthInfo.create({
    accessTokenOptions: {
      ...{ accessToken, instanceUrl, loginUrl: instanceUrl, orgId, username },
      // what is not told here the SDK asks the org for and saves, behind a lock that fails when a test keeps it waiting
      ...{ isDevHub: false, namespacePrefix: null },
    },
  });
  // deploying asks for the newest version and would save that too
  authInfo.save = () => Promise.resolve(authInfo);
  return Connection.create({ authInfo, connectionOptions: { version: '66.0' } });
};

/** The org port as one of the twin's users. */
export const openTwinAs = async (twin: ReachedTwin, role: string): Promise<Org> =>
  createOrg(await connectTwin(twin, role));

/** Logs the CLI in to the twin as one of its users, under an alias, as `sf org login` would; returns the username. */
export const loginToTwin = async (twin: ReachedTwin, role: string, alias: string): Promise<string> => {
  const { instanceUrl } = twin;
  const { accessToken } = userOf(twin, role);
  const authInfo = await AuthInfo.create({ accessTokenOptions: { accessToken, instanceUrl, loginUrl: instanceUrl } });
  await authInfo.save();
  await authInfo.handleAliasAndDefaultSettings({
    alias,
    setDefault: false,
    setDefaultDevHub: false,
    setTracksSource: false,
  });
  return authInfo.getUsername();
};
