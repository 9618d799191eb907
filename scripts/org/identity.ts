import { z } from 'zod';
import { parseRecordId } from '../kernel/recordId.ts';
import type { RecordId } from '../kernel/recordId.ts';
import { soqlString } from '../kernel/soql.ts';
import type { Channel } from './channel.ts';
import { namedOrgError, readAs } from './orgProblems.ts';
import type { OrgIdentity, OrgRow } from './port.ts';
import { queryRows } from './query.ts';

/** What a twin answers as the name of its instance (`TWIN1`); real instances are named like `FRA12` or `EU42`. */
const TWIN_INSTANCE = /^TWIN\d*$/;

const id = z.string().transform((text, context): RecordId => {
  const parsed = parseRecordId(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: 'not a record id' });
  return z.NEVER;
});
const organization = z.object({
  Id: id,
  Name: z.string(),
  OrganizationType: z.string(),
  IsSandbox: z.boolean(),
  InstanceName: z.string().nullable(),
});
const user = z.object({ Id: id, Username: z.string() });
const userInfo = z
  .object({ user_id: id, preferred_username: z.string() })
  .transform((raw) => ({ Id: raw.user_id, Username: raw.preferred_username }));

const oneRow = async (channel: Channel, soql: string): Promise<OrgRow> => {
  for await (const row of queryRows(channel, soql)) return row;
  throw namedOrgError('PermissionMissing', 'ask-human', 'Organization');
};

/** A connection made from a bare access token has no user name; user info needs a scope that others may lack. */
const readUser = async (channel: Channel): Promise<z.infer<typeof user>> => {
  const name = channel.connection.getUsername();
  if (name?.includes('@') === true) {
    const row = await oneRow(channel, `SELECT Id, Username FROM User WHERE Username = ${soqlString(name)}`);
    return readAs(user, row, 'User');
  }
  return readAs(userInfo, await channel.json({ method: 'GET', path: '/services/oauth2/userinfo' }), 'userinfo');
};

/** Which org this is and who asks. */
export const readIdentity = async (channel: Channel): Promise<OrgIdentity> => {
  const soql = 'SELECT Id, Name, OrganizationType, IsSandbox, InstanceName FROM Organization';
  const org = readAs(organization, await oneRow(channel, soql), 'Organization');
  const who = await readUser(channel);
  return {
    orgId: org.Id,
    orgName: org.Name,
    edition: org.OrganizationType,
    isSandbox: org.IsSandbox,
    userId: who.Id,
    username: who.Username,
    instanceUrl: channel.connection.instanceUrl.replace(/\/+$/, ''),
    apiVersion: channel.connection.getApiVersion(),
    isTwin: TWIN_INSTANCE.test(org.InstanceName ?? ''),
  };
};
