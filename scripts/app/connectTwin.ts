import { AuthInfo, Connection } from '@salesforce/core';
import { GardeError } from '../kernel/result.ts';
import { createOrg } from '../org/createOrg.ts';
import type { Org } from '../org/port.ts';
import type { TwinState } from './twinState.ts';

const authInfoOf = async (state: Pick<TwinState, 'instanceUrl' | 'users'>, role: string): Promise<AuthInfo> => {
  const user = state.users[role];
  if (user === undefined)
    throw new GardeError([
      {
        code: 'TwinUserUnknown',
        subject: role,
        message: `The twin has no user for the role ${role}.`,
        actions: ['Use one of the roles that "garde twin start --json" lists.'],
      },
    ]);
  const { instanceUrl } = state;
  return AuthInfo.create({ accessTokenOptions: { accessToken: user.accessToken, instanceUrl, loginUrl: instanceUrl } });
};

/** A connection as one of the twin's users; nothing is written to the CLI's own logins. */
export const connectTwin = async (state: Pick<TwinState, 'instanceUrl' | 'users'>, role: string): Promise<Connection> =>
  Connection.create({
    authInfo: await authInfoOf(state, role),
    // asking for the newest version would make the SDK save it, behind a lock on the CLI's own files
    connectionOptions: { version: '66.0' },
  });

/** The org port as one of the twin's users. */
export const openTwinAs = async (state: Pick<TwinState, 'instanceUrl' | 'users'>, role: string): Promise<Org> =>
  createOrg(await connectTwin(state, role));

/** Logs the CLI in to the twin as one of its users, under an alias, as `sf org login` would; returns the username. */
export const loginToTwin = async (
  state: Pick<TwinState, 'instanceUrl' | 'users'>,
  role: string,
  alias: string,
): Promise<string> => {
  const authInfo = await authInfoOf(state, role);
  await authInfo.save();
  await authInfo.handleAliasAndDefaultSettings({
    alias,
    setDefault: false,
    setDefaultDevHub: false,
    setTracksSource: false,
  });
  return authInfo.getUsername();
};
