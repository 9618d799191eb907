import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthInfo as AuthInfoType, Connection as ConnectionType } from '@salesforce/core';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';

let twin: Twin;
let home: string;
let connection: ConnectionType;
let authInfo: AuthInfoType;

// The library reads HOME and its switches when it is loaded, so it is loaded after they are set.
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'twin-core-'));
  Object.assign(process.env, {
    HOME: home,
    USERPROFILE: home,
    SF_DISABLE_TELEMETRY: 'true',
    SF_DISABLE_LOG_FILE: 'true',
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  });
  expect(homedir()).toBe(home);
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  const { AuthInfo, Connection } = await import('@salesforce/core');
  authInfo = await AuthInfo.create({
    accessTokenOptions: { instanceUrl: twin.instanceUrl, accessToken: twin.users['admin']!.accessToken },
  });
  connection = await Connection.create({ authInfo });
});
afterAll(async () => {
  await twin.close();
  await rm(home, { recursive: true, force: true });
});

describe('@salesforce/core', () => {
  it('learns the newest listed version, the user and the org', async () => {
    expect(await connection.retrieveMaxApiVersion()).toBe('66.0');
    expect(authInfo.getFields()).toMatchObject({ orgId: twin.orgId, instanceUrl: twin.instanceUrl });
    expect(await connection.identity()).toMatchObject({ organization_id: twin.orgId });
  });

  it('fetches all pages and single rows', async () => {
    await connection.sobject('Lead').create(
      Array.from({ length: 2_100 }, (_, i) => ({ LastName: `L${i}`, Company: 'Longue file' })),
      { allowRecursive: true },
    );
    const { records } = await connection.query("SELECT Id FROM Lead WHERE Company = 'Longue file'", {
      autoFetch: true,
      maxFetch: 5_000,
    });
    expect(records).toHaveLength(2_100);
    expect(await connection.singleRecordQuery('SELECT Name FROM Organization')).toHaveProperty('Name');
  });

  it('gets tooling rows and the refusal that means no source tracking', async () => {
    expect(
      (
        await connection.tooling.query(
          "SELECT QualifiedApiName FROM EntityDefinition WHERE QualifiedApiName = 'Contact'",
        )
      ).records,
    ).toHaveLength(1);
    await expect(connection.tooling.describeSObject('SourceMember')).rejects.toThrow(
      'The requested resource does not exist',
    );
  });
});
