import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { signedInCli } from './sfCli.ts';
import type { SfCli } from './sfCli.ts';

// Every call starts a process of some seconds on a busy machine.
let twin: Twin;
let sf: SfCli;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  sf = await signedInCli(twin);
});
afterAll(async () => {
  await sf.remove();
  await twin.close();
});

describe('sf org', () => {
  it('lists the twin as a connected production org', async () => {
    const { nonScratchOrgs } = await sf.json<{ nonScratchOrgs: Record<string, unknown>[] }>(['org', 'list']);
    expect(nonScratchOrgs).toMatchObject([
      { orgId: twin.orgId, isSandbox: false, isScratch: false, connectedStatus: 'Connected' },
    ]);
  });

  it('displays its user, with id and profile', async () => {
    const user = await sf.json<Record<string, unknown>>(['org', 'display', 'user']);
    expect(user).toMatchObject({ id: twin.users['admin']!.userId, profileName: 'System Administrator' });
  });

  it('opens an address of the twin', async () => {
    const { url } = await sf.json<{ url: string }>(['org', 'open', '--url-only']);
    expect(url.startsWith(`${twin.instanceUrl}/secur/frontdoor.jsp`)).toBe(true);
  });

  it('lists metadata types', async () => {
    const { metadataObjects } = await sf.json<{ metadataObjects: { xmlName: string }[] }>([
      'org',
      'list',
      'metadata-types',
    ]);
    expect(metadataObjects.map(({ xmlName }) => xmlName)).toEqual(
      expect.arrayContaining(['CustomObject', 'PermissionSet', 'Flow']),
    );
  });
});

describe('sf api and apex', () => {
  it('sends any request', async () => {
    const { stdout } = await sf.run(['api', 'request', 'rest', '/services/data/v66.0/limits']);
    expect(JSON.parse(stdout)).toMatchObject({ DailyApiRequests: { Max: 100_000 } });
  });

  it('is told by name that no Apex runs', async () => {
    await sf.write('code.apex', 'System.debug(1);');
    const [run, test] = await Promise.all([
      sf.run(['apex', 'run', '-f', 'code.apex', '--json']),
      sf.run(['apex', 'run', 'test', '--json']),
    ]);
    for (const { code, stdout } of [run, test]) {
      expect(code).not.toBe(0);
      expect(stdout).toContain('NOT_EMULATED');
    }
  });
});

describe('sf project generate manifest', () => {
  it('asks the org for every type there is, and names what it holds', async () => {
    await sf.json(['project', 'generate', 'manifest', '--from-org', 'twin']);
    const manifest = await readFile(join(sf.folder, 'package.xml'), 'utf8');
    expect(manifest).toMatch(/<name>CustomObject<\/name>/);
    expect(manifest).toMatch(/<members>Account<\/members>/);
  });
});
