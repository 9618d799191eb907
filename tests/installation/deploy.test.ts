import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployPackage } from '../../scripts/installation/deploy.ts';
import type { DeployInput, DeployResult } from '../../scripts/installation/deploy.ts';
import type { Org } from '../../scripts/org/port.ts';
import type { Twin } from '../../scripts/twin/contract.ts';
import { startTwin } from '../../scripts/twin/startTwin.ts';
import { orgAs } from '../org/twinConnection.ts';
import { writeSmallPackage } from './smallPackage.ts';

const work = mkdtempSync(join(tmpdir(), 'garde-deploy-'));
const folder = writeSmallPackage(join(work, 'package'));
const newer = writeSmallPackage(join(work, 'newer'), { label: 'Probe of somebody else' });
let twin: Twin;
let org: Org;

beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  org = await orgAs(twin, 'admin');
});
afterAll(async () => {
  await twin.close();
  rmSync(work, { recursive: true, force: true });
});

const deploy = (input: Partial<DeployInput> = {}): Promise<DeployResult> =>
  deployPackage(
    { folder, recordsFolder: join(work, 'records'), checkOnly: false, force: false, assign: [], ...input },
    { org, clock: { now: () => '2026-11-22T10:00:00.000Z' } },
  );
const statesOf = ({ components }: DeployResult): Readonly<Record<string, string>> =>
  Object.fromEntries(components.map(({ type, fullName, state }) => [`${type}:${fullName}`, state]));

// one org, told as a story: each step builds on the one before
describe('deploying the package', () => {
  it('validates without deploying anything', async () => {
    const result = await deploy({ checkOnly: true, assign: ['ProbeReader'] });
    expect(result.report).toMatchObject({ success: true, checkOnly: true });
    expect(result.assigned).toEqual([]);
    expect(await org.listMetadata('CustomObject')).not.toContain('Probe__c');
  });

  it('refuses a component without its JavaScript, with the org’s words, and deploys nothing', async () => {
    const broken = writeSmallPackage(join(work, 'broken'), { script: false });
    await expect(deploy({ folder: broken })).rejects.toMatchObject({ name: 'DeployFailed' });
    expect(await org.listMetadata('CustomObject')).not.toContain('Probe__c');
  });

  it('leaves translations out when they are all that the org refuses, and says so', async () => {
    const sent: (readonly string[] | undefined)[] = [];
    const withoutWorkbench: Org = {
      ...org,
      deployFolder: (from, options) => {
        sent.push(options.leaveOut);
        if (options.leaveOut !== undefined) return org.deployFolder(from, options);
        const problem = 'Not available for deploy for this organization';
        const failures = ['Translations', 'CustomObjectTranslation'].map((type) => ({
          ...{ type, fullName: 'fr', problem, line: null },
        }));
        const { checkOnly } = options;
        return Promise.resolve({
          ...{
            id: '0Af000000000001AAA',
            success: false,
            checkOnly,
            componentsDeployed: 0,
            componentsTotal: 2,
            failures,
          },
        });
      },
    };
    const input = { folder, recordsFolder: join(work, 'records'), checkOnly: true, force: false, assign: [] };
    const result = await deployPackage(input, {
      org: withoutWorkbench,
      clock: { now: () => '2026-11-22T10:00:00.000Z' },
    });
    expect(result).toMatchObject({ translationsLeftOut: true, report: { success: true } });
    expect(sent).toEqual([undefined, ['CustomObjectTranslation', 'Translations']]);
  });

  it('deploys what is new and assigns permission sets', async () => {
    const result = await deploy({ assign: ['ProbeReader', 'ProbeReader'] });
    expect(statesOf(result)).toEqual({
      'CustomObject:Probe__c': 'new',
      'CustomField:Probe__c.Note__c': 'new',
      'PermissionSet:ProbeReader': 'new',
      'LightningComponentBundle:probePage': 'new',
    });
    expect(result.report).toMatchObject({ success: true, checkOnly: false, failures: [] });
    expect(result.assigned).toEqual([{ permissionSet: 'ProbeReader', outcome: 'assigned' }]);
    expect(result.switchOnByHand).toEqual([]);
  });

  it('deploys again over its own', async () => {
    const result = await deploy({ assign: ['ProbeReader'] });
    expect(new Set(Object.values(statesOf(result)))).toEqual(new Set(['ours']));
    expect(result.assigned).toEqual([{ permissionSet: 'ProbeReader', outcome: 'already-assigned' }]);
  });

  it('refuses a permission set the org has not', async () => {
    await expect(deploy({ assign: ['NoSuchSet'] })).rejects.toMatchObject({ name: 'PermissionSetUnknown' });
  });

  it('refuses to overwrite what was changed in the org since, unless told to', async () => {
    await org.deployFolder(newer, { checkOnly: false });
    await expect(deploy()).rejects.toMatchObject({
      name: 'PackageCollision',
      problems: [{ subject: 'CustomObject Probe__c' }],
    });
    expect(statesOf(await deploy({ force: true }))).toMatchObject({ 'CustomObject:Probe__c': 'changed' });
  });

  it('takes what is the same for its own on another machine, and refuses what is foreign', async () => {
    const elsewhere = join(work, 'elsewhere');
    expect(new Set(Object.values(statesOf(await deploy({ recordsFolder: elsewhere, checkOnly: true }))))).toEqual(
      new Set(['same']),
    );
    await org.deployFolder(newer, { checkOnly: false });
    await expect(deploy({ recordsFolder: elsewhere })).rejects.toMatchObject({
      name: 'PackageCollision',
      problems: [{ message: expect.stringContaining('was not deployed from here') }],
    });
  });

  it('says so when its record of the last deployment cannot be read', async () => {
    const { orgId } = await org.identity();
    writeFileSync(join(work, 'records', `${orgId}.json`), '{"garde":1}');
    await expect(deploy()).rejects.toMatchObject({ name: 'DeploymentRecordNotValid' });
  });
});
