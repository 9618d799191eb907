import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { QUIET, withoutProxies } from './sfCli.ts';

let twin: Twin;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'twin-core-'));
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(async () => {
  await twin.close();
  await rm(home, { recursive: true, force: true });
});

describe('@salesforce/core', () => {
  it('connects, learns the newest listed version, pages, and takes the refusal that means no source tracking', async () => {
    const env = {
      ...withoutProxies(process.env),
      ...QUIET,
      HOME: home,
      USERPROFILE: home,
      TWIN_URL: twin.instanceUrl,
      TWIN_TOKEN: twin.users['admin']!.accessToken,
    };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [fileURLToPath(new URL('./coreClient.ts', import.meta.url))],
      {
        env,
      },
    );
    expect(JSON.parse(stdout)).toEqual({
      maxApiVersion: '66.0',
      organization: twin.orgId,
      leads: 2_100,
      organizationName: expect.any(String),
      entities: 1,
      tracking: 'The requested resource does not exist',
      unknown: expect.stringContaining("No such column 'Nothing' on entity 'Contact'"),
    });
  });
});
