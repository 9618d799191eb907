import { soqlString } from '../../kernel/soql.ts';
import type { Probe } from '../probe.ts';

/** The API version Garde and its package are written for. */
const API_VERSION = '66.0';

/** Share of an allowance below which a large job is better put off. */
const SCARCE = 0.1;

export const apiAccess: Probe = async ({ org }) => {
  const { orgName, edition, username, isTwin, isSandbox } = await org.identity();
  const kind = isTwin ? ' (twin)' : isSandbox ? ' (sandbox)' : '';
  return { state: 'ok', values: { org: orgName, edition, kind, username } };
};

export const apiVersion: Probe = async ({ org }) => {
  const version = (await org.identity()).apiVersion;
  const state = Number(version) >= Number(API_VERSION) ? 'ok' : 'to-do';
  return { state, values: { version, wanted: API_VERSION } };
};

const allowance =
  (limit: string): Probe =>
  ({ limits }) => {
    const reading = limits.get(limit);
    if (reading === undefined) return { state: 'to-do', values: { remaining: '?', max: '?' } };
    const { max, remaining } = reading;
    return { state: remaining >= max * SCARCE ? 'ok' : 'to-do', values: { remaining, max } };
  };

export const apiQuota = allowance('DailyApiRequests');
export const dataStorage = allowance('DataStorageMB');
export const fileStorage = allowance('FileStorageMB');

export const integrationUser: Probe = async ({ org }) => {
  const { userId } = await org.identity();
  let license = '?';
  for await (const row of org.query(`SELECT Profile.UserLicense.Name FROM User WHERE Id = ${soqlString(userId)}`)) {
    const name = nameIn(row, ['Profile', 'UserLicense', 'Name']);
    if (name !== undefined) license = name;
  }
  return { state: /integration/i.test(license) ? 'ok' : 'by-hand', values: { license } };
};

const nameIn = (row: unknown, path: readonly string[]): string | undefined => {
  let at: unknown = row;
  for (const step of path)
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[step] : undefined;
  return typeof at === 'string' ? at : undefined;
};
