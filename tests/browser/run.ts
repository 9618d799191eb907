/** The officer's page in a real browser against the twin: content, both languages, keyboard, axe, and who is let in. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request as httpRequest } from 'node:http';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import { systemClock } from '../../scripts/app/ports.ts';
import { startTwinProcess } from '../../scripts/app/twinControl.ts';
import { startWorkbenchProcess } from '../../scripts/app/workbenchProcess.ts';
import { deployPackage } from '../../scripts/installation/deploy.ts';
import { approvalChecks, preparePlans } from './approvals.ts';
import { duplicateChecks, prepareGroups } from './duplicates.ts';
import { findChromium } from './findChromium.ts';
import { prepareRetention, retentionChecks } from './retention.ts';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const argument = (name: string): string | undefined =>
  process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
const picture = argument('picture');

type Check = { readonly name: string; run(): Promise<void> };
const daysFromNow = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const home = await mkdtemp(join(tmpdir(), 'garde-browser-'));
const twin = await startTwinProcess({ dataDir: home, shape: 'npsp', port: 0, attached: true });
const admin = await openTwinAs(twin.state, 'admin');
await deployPackage(
  {
    folder: 'lib/deploy/force-app',
    recordsFolder: home,
    checkOnly: false,
    force: false,
    assign: ['GardeOfficer', 'GardeAdmin', 'GardeReader'],
  },
  { org: admin, clock: systemClock },
  () => undefined,
);

const now = new Date().toISOString();
const created = [
  ...(await admin.create('GardeFigure__c', [
    { Key__c: 'people-held', Value__c: 2047, AsOf__c: now, IsIncomplete__c: false },
    { Key__c: 'special-category-fields', Value__c: 3, AsOf__c: now, IsIncomplete__c: true },
  ])),
  ...(await admin.create('GardeRequest__c', [
    { RequestKey__c: 'browser-1', ReceivedAt__c: now, DueDate__c: daysFromNow(12) },
    { RequestKey__c: 'browser-2', ReceivedAt__c: now, DueDate__c: daysFromNow(-3) },
  ])),
];
assert.deepEqual(
  created.filter(({ success }) => !success).map(({ errors }) => errors),
  [],
);

const { accessToken } = twin.state.users['admin'] ?? { accessToken: '' };
const workbench = await startWorkbenchProcess({
  instanceUrl: twin.state.instanceUrl,
  accessToken,
  apiVersion: '66.0',
  orgName: 'Association d’exemple',
  port: 0,
  artefacts: [],
});
const address = new URL(workbench.url);

const officer = twin.state.users['officer'] ?? { accessToken: '', userId: '' };
for await (const set of admin.query("SELECT Id FROM PermissionSet WHERE Name IN ('GardeOfficer', 'GardeAccess')"))
  await admin.create('PermissionSetAssignment', [{ AssigneeId: officer.userId, PermissionSetId: set['Id'] }]);
await preparePlans(admin, officer.userId);
await prepareGroups(admin);
await prepareRetention(admin);
const officersWorkbench = await startWorkbenchProcess({
  instanceUrl: twin.state.instanceUrl,
  accessToken: officer.accessToken,
  apiVersion: '66.0',
  orgName: 'Association d’exemple',
  port: 0,
  artefacts: [],
});

const browser = await chromium.launch({
  executablePath: findChromium(),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const pageErrors: string[] = [];
page.on('pageerror', (error) => pageErrors.push(error.message));
page.on('console', (message) => {
  if (message.type() === 'error') pageErrors.push(message.text());
});

const open = async (language: string): Promise<void> => {
  await page.goto(`${workbench.url}&lang=${language}`);
  await page.locator('[data-request]').first().waitFor();
};

const violations = async (shown: Page): Promise<readonly string[]> => {
  await shown.evaluate(axeSource);
  return shown.evaluate(async () => {
    type Axe = { run(options: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    const found = await (globalThis as unknown as { axe: Axe }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
    });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
  });
};

const statusOf = async (path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: address.port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });

const checks: readonly Check[] = [
  {
    name: 'the page shows what the commands published, and marks what is incomplete',
    run: async () => {
      await open('en');
      assert.match(await page.locator('[data-figure="people-held"]').innerText(), /People held\s+2,047/i);
      assert.match(await page.locator('[data-figure="special-category-fields"]').innerText(), /3\s*incomplete/i);
      assert.match(await page.locator('[data-figure="ledger-verified"]').innerText(), /–/);
    },
  },
  {
    name: 'open requests stand by due date, the late one first and marked',
    run: async () => {
      const rows = await page.locator('[data-request]').allInnerTexts();
      assert.equal(rows.length, 2);
      assert.match(rows[0] ?? '', /days late: 3/i);
      assert.match(rows[1] ?? '', /days left: 12/i);
    },
  },
  {
    name: 'it breaks no accessibility rule of WCAG A and AA in English and in French',
    run: async () => {
      for (const language of ['en', 'fr']) {
        await open(language);
        assert.deepEqual(await violations(page), []);
      }
    },
  },
  {
    name: 'in French everything is French, numbers and dates too',
    run: async () => {
      await open('fr');
      assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
      assert.match(await page.locator('[data-figure="people-held"]').innerText(), /2[\u202f\u00a0\s]047/);
      assert.match((await page.locator('[data-request]').allInnerTexts())[0] ?? '', /retard/i);
    },
  },
  {
    name: 'the keyboard reaches the language switch',
    run: async () => {
      await open('en');
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('hreflang')), 'fr');
    },
  },
  {
    name: 'a stranger without the token, with another host name or from another site is not let in',
    run: async () => {
      assert.equal(await statusOf('/', { host: address.host }), 401);
      assert.equal(await statusOf('/?token=guess', { host: address.host }), 401);
      assert.equal(await statusOf(`/${address.search}`, { host: 'evil.example' }), 421);
      assert.equal(await statusOf(`/${address.search}`, { host: address.host, origin: 'http://evil.example' }), 403);
    },
  },
  ...approvalChecks({
    ...{ page, url: officersWorkbench.url, admin, officerId: officer.userId, violations },
    picture: argument('approvals-picture'),
  }),
  ...duplicateChecks({
    ...{ page, url: officersWorkbench.url, admin, officerId: officer.userId, violations },
    picture: argument('duplicates-picture'),
  }),
  ...retentionChecks({
    ...{ page, url: officersWorkbench.url, admin, violations },
    picture: argument('retention-picture'),
  }),
  {
    name: 'the page raised no error',
    run: () => {
      assert.deepEqual(pageErrors, []);
      return Promise.resolve();
    },
  },
];

let failures = 0;
for (const check of checks)
  try {
    await check.run();
    process.stdout.write(`✓ ${check.name}\n`);
  } catch (error) {
    failures += 1;
    process.stdout.write(`✗ ${check.name}\n${String(error)}\n`);
  }
if (picture !== undefined) {
  await open('en');
  await page.screenshot({ path: picture });
}
await browser.close();
await workbench.stop();
await officersWorkbench.stop();
await twin.stop();
await rm(home, { recursive: true, force: true });
process.stdout.write(`browser: ${checks.length - failures} passed, ${failures} failed\n`);
process.exitCode = failures === 0 ? 0 : 1;
