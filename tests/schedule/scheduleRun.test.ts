import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectTwin } from '../../scripts/app/connectTwin.ts';
import { runScheduled, type ScheduledOrder, type ScheduledResult } from '../../scripts/app/schedule.ts';
import { approve, ORG_NAME } from '../plan/cycle.ts';
import { seededRandom, temporaryVault } from '../plan/temporaryVault.ts';
import { oldContact, openTestOrg, type TestOrg } from '../plan/testOrg.ts';
import { openLocalAuthority, type LocalAuthority } from '../evidence/localAuthority.ts';

/** Friday, 2026-11-20; Paris is an hour ahead of UTC. */
const DAY = '2026-11-20T11:00:00.000Z';
const NIGHT = '2026-11-20T21:30:00.000Z';
const NEXT_NIGHT = '2026-11-21T21:30:00.000Z';
const LATE = '2026-11-22T03:00:00.000Z';

let at: TestOrg;
let home: ReturnType<typeof temporaryVault>;
let folder: string;
let plans: string;
let authority: LocalAuthority;
let server: Server;
let opened = 0;
const random = seededRandom('scheduled');

beforeAll(async () => {
  authority = openLocalAuthority();
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      void authority.answer(Buffer.concat(parts)).then((answer) => {
        response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(answer);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  at = await openTestOrg();
  folder = mkdtempSync(join(tmpdir(), 'garde-schedule-'));
  plans = join(folder, 'plans');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  writeFileSync(join(folder, 'roots.pem'), authority.root);
  const charter = readFileSync('config/charters/demo.yml', 'utf8');
  writeFileSync(
    join(folder, 'garde.yml'),
    `${charter}\nledger:\n  timestamps:\n    url: ${url}\n    roots: roots.pem\n`,
  );
  home = temporaryVault('schedule', DAY);
  at.load('Contact', [oldContact('Nuit'), oldContact('Veille')]);
});
afterAll(async () => {
  await at.close();
  home.remove();
  authority.remove();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const order = (): ScheduledOrder => ({
  ...{ charterPath: join(folder, 'garde.yml'), plansDir: plans, windowText: '22:00-05:00', planOn: ['fri'] },
  ...{ orgName: ORG_NAME, language: 'en' },
});
const startAt = (instant: string, over: Partial<ScheduledOrder> = {}): Promise<ScheduledResult> =>
  startWith({ ...order(), ...over }, instant);
const startWith = async (of: ScheduledOrder, instant: string): Promise<ScheduledResult> => {
  at.setTime(instant);
  return runScheduled(
    of,
    async () => {
      opened += 1;
      const { admin: org, clock } = at;
      return { org, clock, random, vault: home.vault, connection: await connectTwin(at.twin, 'admin') };
    },
    at.clock,
    () => undefined,
  );
};
const planFile = (): string =>
  join(
    plans,
    readdirSync(plans).find((name) => /^plan-.*\.json$/.test(name))!,
  );
const remaining = async (): Promise<number> => {
  const ids: unknown[] = [];
  for await (const row of at.admin.query("SELECT Id FROM Contact WHERE LastName IN ('Nuit', 'Veille')"))
    ids.push(row['Id']);
  return ids.length;
};

describe('a schedule through its nights', () => {
  it('asks the org nothing outside the window and on other days', async () => {
    expect(await startAt(DAY)).toMatchObject({ act: 'outside-window', exitCode: 0 });
    expect(await startAt(NIGHT, { planOn: ['mon'] })).toMatchObject({ act: 'nothing-to-do', exitCode: 0 });
    expect(opened).toBe(0);
  });

  it('plans and rehearses, then waits for the approval however often it is started', async () => {
    expect(await startAt(NIGHT)).toMatchObject({ act: 'plan', outcome: 'waiting', exitCode: 0 });
    expect(await startAt('2026-11-20T22:30:00.000Z')).toMatchObject({ act: 'apply', outcome: 'waiting', exitCode: 0 });
    expect(await remaining()).toBe(2);
  });

  it('applies what was approved, in the next window, with a certificate that a third party time-stamped', async () => {
    await approve(at, planFile());
    expect(await startAt('2026-11-21T12:00:00.000Z')).toMatchObject({ act: 'outside-window' });
    expect(await startAt(NEXT_NIGHT)).toMatchObject({ act: 'apply', outcome: 'done', exitCode: 0 });
    expect(await remaining()).toBe(0);
    const name = readdirSync(plans).find((one) => /^certificate-.*\.html$/.test(one))!;
    expect(readFileSync(join(plans, name), 'utf8')).toContain('time-stamped by a third party (RFC 3161)');
    const proof = join(plans, name.replace('.html', '.proof.ndjson'));
    const options = ['--certificate', join(plans, name), '--tsa', join(folder, 'roots.pem')];
    const said = execFileSync(process.execPath, [join(plans, 'verify-ledger.mjs'), proof, ...options]).toString();
    expect(said).toMatch(/^VERIFIED\n/);
    expect(said).toContain('names the certificate given');
    expect(said).toContain('says a time-stamp authority');
  });

  it('has nothing to do until the next planning day, and remembers nothing about anybody', async () => {
    expect(await startAt(LATE)).toMatchObject({ act: 'nothing-to-do', exitCode: 0 });
    const text = readFileSync(join(plans, 'schedule.json'), 'utf8');
    expect(Object.keys(JSON.parse(text) as object).sort()).toEqual(['expiresAt', 'phase', 'plan', 'plannedOn']);
    expect(text).not.toMatch(/Nuit|Veille|003/);
  });

  it('plans on any day and at any hour where neither is named, once a day', async () => {
    const byHand: ScheduledOrder = { charterPath: join(folder, 'garde.yml'), plansDir: plans, language: 'en' };
    expect(await startWith(byHand, '2026-11-24T10:00:00.000Z')).toMatchObject({ act: 'plan', outcome: 'nothing-due' });
    expect(await startWith(byHand, '2026-11-24T11:00:00.000Z')).toMatchObject({ act: 'nothing-to-do' });
  });

  it('says so when what it remembers cannot be read', async () => {
    writeFileSync(join(plans, 'schedule.json'), '{"plan":1}');
    await expect(startAt(NIGHT)).rejects.toMatchObject({ name: 'ScheduleStateUnreadable' });
  });
});
