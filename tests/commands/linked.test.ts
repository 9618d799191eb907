import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHome, jsonOf, runSf } from './runCommand.ts';
import { resultOf } from './twinHome.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { home, env } = createHome();
const project = join(home, 'project');

const sf = async <T>(args: readonly string[], over: NodeJS.ProcessEnv = {}, cwd = home): Promise<T> =>
  resultOf(jsonOf(await runSf([...args, '--json'], { env: { ...env, ...over }, cwd }))) as T;

let twin: {
  readonly instanceUrl: string;
  readonly accessToken: string;
  readonly orgId: string;
  readonly username: string;
};

beforeAll(async () => {
  const linked = await runSf(['plugins', 'link', root, '--no-install'], { env });
  if (linked.status !== 0) throw new Error(linked.stdout + linked.stderr);
  twin = await sf(['garde', 'twin', 'start', '--shape', 'npsp']);
  cpSync(join(root, 'lib', 'deploy'), project, { recursive: true });
});
afterAll(async () => {
  await runSf(['garde', 'twin', 'stop'], { env });
  rmSync(home, { recursive: true, force: true });
});

describe('the real sf with Garde linked', () => {
  it('logs in to the twin with its access token', async () => {
    const login = ['--instance-url', twin.instanceUrl, '--no-prompt', '--alias', 'twin', '--set-default'];
    const { orgId, username } = await sf<Record<string, unknown>>(['org', 'login', 'access-token', ...login], {
      SF_ACCESS_TOKEN: twin.accessToken,
    });
    expect({ orgId, username }).toEqual({ orgId: twin.orgId, username: twin.username });
  });

  it('queries and describes', async () => {
    const [found, described] = await Promise.all([
      sf<{ records: object[] }>(['data', 'query', '--query', 'SELECT Id FROM Organization', '--target-org', 'twin']),
      sf<{ name: string; fields: { name: string }[] }>([
        ...['sobject', 'describe', '--sobject', 'Contact', '--target-org', 'twin'],
      ]),
    ]);
    expect(found.records).toMatchObject([{ Id: twin.orgId }]);
    expect(described.name).toBe('Contact');
    expect(described.fields.map(({ name }) => name)).toContain('npsp__Deceased__c');
  });

  it('deploys the built package from its project folder', async () => {
    const deployed = await sf<{
      status: string;
      numberComponentErrors: number;
      files: { type: string; fullName: string }[];
    }>(['project', 'deploy', 'start', '--source-dir', 'force-app', '--target-org', 'twin'], {}, project);
    expect(deployed).toMatchObject({ status: 'Succeeded', numberComponentErrors: 0 });
    const names = deployed.files.map(({ type, fullName }) => `${type} ${fullName}`);
    expect(names).toEqual(
      expect.arrayContaining([
        'CustomObject GardePlan__c',
        'PermissionSet GardeOfficer',
        'LightningComponentBundle gardeHome',
      ]),
    );
  });

  it('examines the org: garde doctor', async () => {
    const { needs, counts } = await sf<{ needs: { key: string; state: string }[]; counts: Record<string, number> }>([
      ...['garde', 'doctor', '--target-org', 'twin'],
    ]);
    expect(needs.length).toBeGreaterThan(5);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(needs.length);
    expect(counts['ok']).toBeGreaterThan(0);
  });

  it('takes the inventory: garde audit', async () => {
    const audit = await sf<{ objects: number; html: string; json: string; xlsx: string }>([
      ...['garde', 'audit', '--target-org', 'twin', '--scan', 'none', '--output-dir', 'audit'],
    ]);
    expect(audit.objects).toBeGreaterThan(0);
    expect([audit.html, audit.json, audit.xlsx].filter((path) => !existsSync(path))).toEqual([]);
    expect(readFileSync(audit.html, 'utf8')).toContain('Contact');
  });

  it('shows Garde in its help', async () => {
    const { status, stdout } = await runSf(['garde', '--help'], { env });
    expect(status).toBe(0);
    expect(stdout).toContain("keep a Salesforce org's GDPR promises");
    expect(stdout).toMatch(/garde doctor/);
  });
});
