import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTwin } from '../../scripts/twin/startTwin.ts';
import type { Twin } from '../../scripts/twin/contract.ts';
import { createHome, jsonOf, runGarde, runSf } from './runCommand.ts';
import type { Answer } from './runCommand.ts';
import { hasEnded, resultOf, until } from './twinHome.ts';

const { home, env } = createHome();
let org: Twin;

const garde = async (...args: readonly string[]): Promise<Answer> =>
  jsonOf(await runGarde(['garde', ...args, '--json'], { env, cwd: home }));

beforeAll(async () => {
  org = await startTwin({ shape: 'npsp', port: 0, production: true });
  org.engine.adminLoad('Contact', [
    { Id: '003000000000001AAA', LastName: 'Sonde', MailingCity: 'Lyon' },
    { Id: '003000000000002AAA', LastName: 'Autre', MailingCity: 'Nantes' },
  ]);
  const { accessToken } = org.users['admin']!;
  const login = ['org', 'login', 'access-token', '--instance-url', org.instanceUrl, '--no-prompt', '--alias', 'org'];
  const { status, stderr } = await runSf(login, { env: { ...env, SF_ACCESS_TOKEN: accessToken } });
  if (status !== 0) throw new Error(stderr);
});
afterAll(async () => {
  await garde('twin', 'stop');
  await org.close();
});

type Pulled = {
  readonly dryRun: boolean;
  readonly describes: number;
  readonly rows: readonly { readonly object: string; readonly rows: number | null }[];
  readonly calls: number;
  readonly twin: { readonly instanceUrl: string; readonly accessToken: string; readonly pid: number } | null;
  readonly holding: string | null;
};

const holdings = (): readonly Readonly<Record<string, unknown>>[] => {
  const orgs = join(home, 'garde', 'orgs');
  if (!existsSync(orgs)) return [];
  return readdirSync(orgs).flatMap((orgId) => {
    const folder = join(orgs, orgId, 'holdings');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>);
  });
};

describe('garde twin pull', () => {
  it('tells with --dry-run what it would read and cost, and keeps nothing', async () => {
    const answer = resultOf(await garde('twin', 'pull', '-o', 'org', '--objects', 'Contact', '--dry-run')) as Pulled;
    expect(answer).toMatchObject({ dryRun: true, rows: [{ object: 'Contact', rows: 2 }], twin: null, holding: null });
    expect(answer.calls).toBeGreaterThan(answer.describes);
    expect(holdings()).toEqual([]);
  });

  it('pulls everything only for a reason', async () => {
    expect(await garde('twin', 'pull', '-o', 'org', '--all')).toMatchObject({ status: 1, name: 'PullReasonMissing' });
  });

  it('refuses a condition that closes its parentheses', async () => {
    const where = "LastName = 'a') OR (Id != null";
    expect(await garde('twin', 'pull', '-o', 'org', '--objects', 'Contact', '--where', where)).toMatchObject({
      status: 1,
      name: 'PullConditionUnreadable',
    });
  });

  it('starts a twin like the org with the chosen records, in memory only, and ends it without a trace', async () => {
    const where = "MailingCity = 'Lyon'";
    const pull = await garde('twin', 'pull', '-o', 'org', '--objects', 'Contact', '--where', where);
    const { twin, rows, holding } = resultOf(pull) as Pulled;
    expect(rows).toEqual([{ object: 'Contact', rows: 1 }]);
    const url = `${twin!.instanceUrl}/services/data/v66.0/query?q=${encodeURIComponent('SELECT Id, LastName FROM Contact')}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${twin!.accessToken}` } });
    expect(await answer.json()).toMatchObject({ records: [{ Id: '003000000000001AAA', LastName: 'Sonde' }] });
    expect(holdings()).toEqual([expect.objectContaining({ id: holding, kind: 'pulled-twin', orgId: org.orgId })]);
    expect(resultOf(await garde('twin', 'status'))).toMatchObject({ running: true, shape: 'pulled' });
    expect(await garde('twin', 'pull', '-o', 'org')).toMatchObject({ status: 1, name: 'TwinAlreadyRunning' });
    resultOf(await garde('twin', 'stop'));
    await until('the pulled twin has ended', () => hasEnded(twin!.pid));
    expect(holdings()).toEqual([]);
    expect(readdirSync(join(home, 'garde', 'orgs', org.orgId, 'stores'))).toEqual([]);
  });

  it('keeps in the vault, encrypted and with its reason, what is to be kept', async () => {
    const reason = 'rehearsing a merger';
    const pull = await garde('twin', 'pull', '-o', 'org', '--all', '--reason', reason, '--keep-days', '2');
    const { holding } = resultOf(pull) as Pulled;
    resultOf(await garde('twin', 'stop'));
    expect(holdings()).toEqual([expect.objectContaining({ id: holding, reason })]);
    const stores = join(home, 'garde', 'orgs', org.orgId, 'stores');
    const bytes = readdirSync(stores).map((name) => readFileSync(join(stores, name)).toString('latin1'));
    expect(bytes.some((text) => text.includes('Sonde') || text.includes('LastName'))).toBe(false);
  });
});

describe('garde probe', () => {
  it('asks the org, writes cassettes and leaves nothing behind', async () => {
    const before = org.engine.recordCounts(['Account', 'Contact', 'Case']);
    const answer = resultOf(await garde('probe', '-o', 'org', '--only', 'P4,P6', '--out', 'tapes'));
    expect(answer).toMatchObject({
      probes: [
        { probe: 'P4', outcome: 'recorded' },
        { probe: 'P6', outcome: 'recorded' },
      ],
      leftovers: [],
      benchLeft: false,
    });
    expect(readdirSync(join(home, 'tapes')).toSorted()).toEqual(['P4.json', 'P6.json']);
    expect(org.engine.recordCounts(['Account', 'Contact', 'Case'])).toEqual(before);
  });

  it('refuses probes that are not on the list, all at once', async () => {
    expect(await garde('probe', '-o', 'org', '--only', 'P4,P99,P100')).toMatchObject({
      status: 1,
      name: 'ProbeUnknown',
      data: [{ subject: 'P99' }, { subject: 'P100' }],
    });
  });
});
