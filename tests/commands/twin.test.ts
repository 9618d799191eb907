import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHome, jsonOf, runGarde } from './runCommand.ts';
import { hasEnded, openTwinHome, resultOf, until } from './twinHome.ts';
import type { TwinHome } from './twinHome.ts';

let at: TwinHome;
beforeAll(async () => {
  at = await openTwinHome('bare');
});
afterAll(() => at.end());

const isSealedFromOthers = (path: string, mode: number): boolean =>
  process.platform === 'win32' || (statSync(path).mode & 0o777) === mode;

describe('garde twin start', () => {
  it('returns when the org answers, and says how to reach it', async () => {
    expect(at.twin).toMatchObject({
      instanceUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      orgId: expect.stringMatching(/^00D[A-Za-z0-9]{15}$/),
      username: at.twin.users['admin']?.username,
      accessToken: at.twin.users['admin']?.accessToken,
      shape: 'bare',
      alreadyRunning: false,
    });
    const [organization] = await at.rows('SELECT Id FROM Organization');
    expect(organization?.['Id']).toBe(at.twin.orgId);
  });

  it('logs the CLI in under the alias', () => {
    const aliases = JSON.parse(readFileSync(join(at.home, '.sfdx', 'alias.json'), 'utf8')) as object;
    expect(aliases).toEqual({ orgs: { admin: at.twin.username } });
  });

  it('keeps its tokens in a file that only its owner reads', () => {
    const file = join(at.home, 'garde', 'twin.json');
    expect(readFileSync(file, 'utf8')).toContain(at.twin.accessToken);
    expect(isSealedFromOthers(file, 0o600)).toBe(true);
    expect(isSealedFromOthers(join(at.home, 'garde'), 0o700)).toBe(true);
  });

  it('leaves a running twin as it is', async () => {
    const again = resultOf(await at.garde('twin', 'start', '--shape', 'npsp'));
    expect(again).toEqual({ ...at.twin, alreadyRunning: true });
  });

  it('refuses a role that the twin has not, and says where the roles are', async () => {
    expect(await at.garde('twin', 'start', '--alias', 'nobody', '--as', 'nobody')).toMatchObject({
      status: 1,
      name: 'TwinUserUnknown',
      actions: [expect.stringContaining('garde twin start --json')],
    });
  });
});

describe('garde twin status', () => {
  it('tells what runs and what is in it', async () => {
    const { instanceUrl, orgId, pid } = at.twin;
    expect(resultOf(await at.garde('twin', 'status'))).toMatchObject({
      running: true,
      details: expect.any(Object),
      ...{ instanceUrl, orgId, pid, shape: 'bare' },
    });
  });
});

describe('garde twin reset', () => {
  it('empties the org and keeps address, org id and tokens', async () => {
    await at.load('Account', [{ Id: '001000000000001AAA', Name: 'Les Glycines' }]);
    expect(await at.rows('SELECT Name FROM Account')).toHaveLength(1);
    const { instanceUrl, orgId } = at.twin;
    expect(resultOf(await at.garde('twin', 'reset'))).toEqual({ instanceUrl, orgId });
    expect(await at.rows('SELECT Name FROM Account')).toEqual([]);
    expect(await at.rows('SELECT Id FROM Organization', 'officer')).toMatchObject([{ Id: orgId }]);
  });
});

describe('garde twin start --foreground', () => {
  it('takes the twin along when its own process is killed', async () => {
    const { home, env } = createHome();
    const state = join(home, 'garde', 'twin.json');
    const run = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
    const parent = spawn(process.execPath, [run, 'garde', 'twin', 'start', '--shape', 'bare', '--foreground'], { env });
    const closed = new Promise((resolve) => parent.once('close', resolve));
    await until('the twin in the foreground answers', () => existsSync(state));
    const { pid } = JSON.parse(readFileSync(state, 'utf8')) as { pid: number };
    expect(hasEnded(pid)).toBe(false);
    parent.kill('SIGKILL');
    await closed;
    await until('the twin has ended', () => hasEnded(pid));
    rmSync(home, { recursive: true, force: true });
  });
});

describe('garde twin stop', () => {
  it('ends the process and leaves no tokens behind', async () => {
    expect(resultOf(await at.garde('twin', 'stop'))).toEqual({ stopped: true });
    await until('the process has ended', () => hasEnded(at.twin.pid));
    expect(existsSync(join(at.home, 'garde', 'twin.json'))).toBe(false);
    expect(resultOf(await at.garde('twin', 'status'))).toEqual({ running: false });
  });

  it('says so when none ran', async () => {
    expect(resultOf(await at.garde('twin', 'stop'))).toEqual({ stopped: false });
    expect(await at.garde('twin', 'reset')).toMatchObject({
      status: 1,
      message: 'No twin is running.',
      actions: ['Start one with "garde twin start".'],
    });
    const { status, stdout, stderr } = await runGarde(['garde', 'twin', 'reset'], { env: at.env });
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('No twin is running.');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('is not fooled by the state of a twin whose process died', async () => {
    resultOf(await at.garde('twin', 'start', '--shape', 'bare'));
    const { pid } = JSON.parse(readFileSync(join(at.home, 'garde', 'twin.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await until('the process has ended', () => hasEnded(pid));
    expect(resultOf(await at.garde('twin', 'status'))).toEqual({ running: false });
    expect(jsonOf(await runGarde(['garde', 'twin', 'stop', '--json'], { env: at.env })).result).toEqual({
      stopped: false,
    });
  });
});
