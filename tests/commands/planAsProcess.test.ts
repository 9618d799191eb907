import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import { startTwin } from '../../scripts/twin/startTwin.ts';
import { jsonOf, runSf, type Answer } from './runCommand.ts';
import { openTwinHome, resultOf, type TwinHome } from './twinHome.ts';

/** `garde plan rehearse --on`, `plan sign` and `plan apply --approval` as processes, with a key pinned in the org. */
type Signed = { readonly path: string; readonly publicKey: string };
type Planned = { readonly path: string };

let at: TwinHome;
let plan: Planned;
let other: Planned;
let orgName: string;

const must = async (...args: readonly string[]): Promise<unknown> => resultOf(await at.garde(...args));
const usernameOf = (role: string): string => at.twin.users[role]!.username;

const assign = async (role: string, name: string): Promise<void> => {
  const [user] = await at.rows(`SELECT Id FROM User WHERE Username = '${usernameOf(role)}'`);
  const [set] = await at.rows(`SELECT Id FROM PermissionSet WHERE Name = '${name}'`);
  const answer = await fetch(`${at.twin.instanceUrl}/services/data/v66.0/sobjects/PermissionSetAssignment`, {
    method: 'POST',
    headers: { authorization: `Bearer ${at.twin.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ AssigneeId: user!['Id'], PermissionSetId: set!['Id'] }),
  });
  if (!answer.ok) throw new Error(await answer.text());
};

/** Signs a plan in somebody's name; a key that is not there yet is made. */
const sign = async (planPath: string, role: string, key: string, ...more: readonly string[]): Promise<Signed> => {
  const folder = join(at.home, `signed-${key}-${String(more.length)}-${planPath.slice(-13, -5)}`);
  mkdirSync(folder, { recursive: true });
  const named = ['--plan', planPath, '--approver', usernameOf(role), '--key-file', join(at.home, `${key}.pem`)];
  return (await must('plan', 'sign', ...named, '--no-prompt', '--output-dir', folder, ...more)) as Signed;
};

const value = (field: string, type: string, text: string): string =>
  `<values><field>${field}</field><value xsi:type="xsd:${type}">${text}</value></values>`;

/** As an administrator pins a key without Setup: a record of the custom metadata type, by the Salesforce CLI. */
const pin = async (role: string, publicKey: string): Promise<void> => {
  const folder = join(at.home, 'pinned');
  mkdirSync(join(folder, 'customMetadata'), { recursive: true });
  writeFileSync(
    join(folder, 'package.xml'),
    `<Package xmlns="http://soap.sforce.com/2006/04/metadata"><types><members>GardeApprovalKey.Officer</members>
     <name>CustomMetadata</name></types><version>66.0</version></Package>`,
  );
  writeFileSync(
    join(folder, 'customMetadata', 'GardeApprovalKey.Officer.md'),
    `<CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
       xmlns:xsd="http://www.w3.org/2001/XMLSchema"><label>Officer</label><protected>false</protected>
     ${value('PublicKey__c', 'string', publicKey)}${value('Username__c', 'string', usernameOf(role))}
     ${value('ValidToDate__c', 'date', '2099-12-31')}</CustomMetadata>`,
  );
  const args = ['project', 'deploy', 'start', '--metadata-dir', folder, '--target-org', 'admin', '--json'];
  expect(jsonOf(await runSf(args, { env: at.env, cwd: at.home }))).toMatchObject({ status: 0 });
};

const person = (id: string, LastName: string) => ({ Id: id, LastName, CreatedDate: '2015-03-01T10:00:00.000Z' });
const FIRST = person('003000000000001AAA', 'Ancienne');
const SECOND = person('003000000000002AAA', 'Autre');

const planned = async (due: ReturnType<typeof person>): Promise<Planned> => {
  await at.load('Contact', [due]);
  const { path } = (await must('retention', 'plan', '--target-org', 'admin')) as Planned;
  return { path: join(at.home, path) };
};
const apply = (approval: string): Promise<Answer> =>
  at.garde(
    ...['plan', 'apply', '--target-org', 'admin', '--plan', plan.path, '--org-name', orgName, '--approval', approval],
  );
const contacts = () => at.rows('SELECT LastName FROM Contact ORDER BY LastName');

beforeAll(async () => {
  at = await openTwinHome('bare');
  await must('deploy', '--target-org', 'admin', '--assign', 'GardeAdmin,GardeAccess');
  await assign('admin', 'GardePurge');
  const charter = readFileSync(resolve('config/charters/demo.yml'), 'utf8');
  writeFileSync(
    join(at.home, 'garde.yml'),
    charter.replace('approvals: { people: 1 }', 'approvals: { people: 1, rehearsal: advised }'),
  );
  other = await planned(FIRST);
  plan = await planned(SECOND);
  const [org] = await at.rows('SELECT Name FROM Organization');
  orgName = String(org!['Name']);
});
afterAll(() => at.end());

/** The header as somebody shows it who wants less to be read than will be done. */
const shownSmaller = (): string => {
  const header = JSON.parse(readFileSync(plan.path, 'utf8')) as { terms: { steps: number } };
  const path = join(at.home, 'shown-smaller.json');
  writeFileSync(path, JSON.stringify({ ...header, terms: { ...header.terms, steps: 1 } }));
  return path;
};

/** A sandbox with the plan's people and somebody else, logged in to as `my-sandbox`. */
const openSandbox = async () => {
  const twin = await startTwin({ shape: 'bare', port: 0, production: false, now: () => Date.now() });
  const { engine, users, instanceUrl } = twin;
  engine.adminLoad('Contact', [FIRST, SECOND, { Id: '003000000000003AAA', LastName: 'Reste' }]);
  engine.adminLoad('Organization', [{ Id: twin.orgId, Name: 'Bac à sable', IsSandbox: true }]);
  const login = ['org', 'login', 'access-token', '--instance-url', instanceUrl, '--alias', 'my-sandbox', '--no-prompt'];
  const env = { ...at.env, SF_ACCESS_TOKEN: users['loader']!.accessToken };
  expect(jsonOf(await runSf([...login, '--json'], { env, cwd: at.home }))).toMatchObject({ status: 0 });
  return twin;
};

describe('a rehearsal in a sandbox, as a process', () => {
  it('RET-02: runs the plan there for real, as planned, and changes nothing in the org itself', async () => {
    const twin = await openSandbox();
    try {
      const before = await at.changes();
      const result = await must('plan', 'rehearse', '--target-org', 'admin', '--plan', plan.path, '--on', 'my-sandbox');
      expect(result).toMatchObject({ tier: 'sandbox', asPlanned: true, deleted: 2, differences: [] });
      const sandbox = await openTwinAs(twin, 'admin');
      expect(await sandbox.count('SELECT COUNT() FROM Contact')).toBe(1);
      expect(await contacts()).toHaveLength(2);
      expect(await at.changes()).toBe(before);
    } finally {
      await twin.close();
    }
  });
});

describe('an approval by signature, as processes', () => {
  it('is refused with what to do, and changes nothing: unpinned, forged, of another plan, of other terms', async () => {
    const before = await contacts();
    const own = await sign(plan.path, 'officer', 'officer', '--make-key');
    const refused = async (file: string): Promise<unknown> => {
      const { status, name, actions } = await apply(file);
      expect([status, await contacts()]).toEqual([1, before]);
      return [name, actions?.[0]];
    };
    const says = (code: string, remedy: RegExp) => [code, expect.stringMatching(remedy)];
    expect(await refused(own.path)).toEqual(says('ApprovalKeyNotPinned', /pin the public key in Setup/));
    await pin('officer', own.publicKey);
    const intruder = await sign(plan.path, 'officer', 'intruder', '--make-key');
    expect(await refused(intruder.path)).toEqual(says('ApprovalForged', /do not run the plan before/));
    const ofOther = await sign(other.path, 'officer', 'officer');
    expect(await refused(ofOther.path)).toEqual(says('ApprovalOfOtherPlan', /approve this plan: `garde plan sign`/));
    const ofLess = await sign(shownSmaller(), 'officer', 'officer');
    expect(await refused(ofLess.path)).toEqual(says('ApprovalOfOtherSummary', /approve this plan/));
    expect(await at.rows('SELECT Id FROM GardeRun__c')).toEqual([]);
  });

  it('counts once the key is pinned: the plan is carried out', async () => {
    const { path } = await sign(plan.path, 'officer', 'officer');
    expect(resultOf(await apply(path))).toMatchObject({ state: 'done', peopleDone: 2 });
    expect(await contacts()).toEqual([]);
  });
});
