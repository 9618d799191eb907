import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openWithPassphrase } from '../../scripts/vault/sealedFiles.ts';
import { runGarde, type Outcome } from '../commands/runCommand.ts';
import { openTwinHome, resultOf, type TwinHome } from '../commands/twinHome.ts';

/** `garde archive open` as a process, from the plan that archives to the file that opens elsewhere. */
const FORMER = '003000000000001AAA';
const REASON = 'Audit of the receipts of 2020';
const RULE = `
  - key: members
    purpose: member-management
    from: fr-cnil/members
    people: Contact
    action: archive
`;

let at: TwinHome;
let archive: Readonly<Record<string, unknown>>;

const post = async (object: string, values: object): Promise<void> => {
  const answer = await fetch(`${at.twin.instanceUrl}/services/data/v66.0/sobjects/${object}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${at.twin.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(values),
  });
  if (!answer.ok) throw new Error(await answer.text());
};
const assign = async (role: string, name: string): Promise<void> => {
  const [user] = await at.rows(`SELECT Id FROM User WHERE Username = '${at.twin.users[role]!.username}'`);
  const [set] = await at.rows(`SELECT Id FROM PermissionSet WHERE Name = '${name}'`);
  await post('PermissionSetAssignment', { AssigneeId: user!['Id'], PermissionSetId: set!['Id'] });
};
const must = async (...args: readonly string[]): Promise<unknown> => resultOf(await at.garde(...args));

/** Two people who can restore the org's key, without whom nothing is archived. */
const addRecipients = async (): Promise<void> => {
  for (let number = 0; number < 2; number += 1) {
    const identity = await generateX25519Identity();
    await must('keys', 'add-recipient', await identityToRecipient(identity), '--target-org', 'admin');
  }
};

const archiveOne = async (): Promise<void> => {
  const charter = readFileSync(resolve('config/charters/demo.yml'), 'utf8');
  const path = join(at.home, 'garde.yml');
  writeFileSync(path, charter.replace('\napprovals:', `${RULE.trimEnd()}\napprovals:`));
  const planned = (await must('retention', 'plan', '--target-org', 'admin', '--rule', 'members')) as { path: string };
  await must('plan', 'rehearse', '--target-org', 'admin', '--plan', planned.path);
  await must('plan', 'approve', '--target-org', 'officer', '--plan', planned.path, '--no-prompt');
  const [org] = await at.rows('SELECT Name FROM Organization');
  await must('plan', 'apply', '--target-org', 'admin', '--plan', planned.path, '--org-name', String(org!['Name']));
};

beforeAll(async () => {
  at = await openTwinHome('npsp');
  await must('twin', 'start', '--alias', 'officer', '--as', 'officer');
  await must('deploy', '--target-org', 'admin', '--assign', 'GardeAdmin,GardeAccess');
  await assign('admin', 'GardePurge');
  await assign('officer', 'GardeOfficer');
  const old = '2015-03-01T10:00:00.000Z';
  await at.load('Contact', [
    {
      ...{ Id: FORMER, FirstName: 'Nadine', LastName: 'Exemple', CreatedDate: old, Birthdate: '1961-04-03' },
      ...{ Email: 'nadine.exemple+asso@people.example', MobilePhone: '06 39 98 12 34' },
    },
  ]);
  await at.load('Opportunity', [
    {
      ...{ Id: '006000000000001AAA', Name: 'Don', StageName: 'Closed Won', IsWon: true, IsClosed: true, Amount: 50 },
      ...{ CloseDate: '2020-01-01', CreatedDate: old, npsp__Primary_Contact__c: FORMER },
      ...{ npe01__Membership_Start_Date__c: '2020-01-01', npe01__Membership_End_Date__c: '2020-12-31' },
    },
  ]);
  await addRecipients();
  await archiveOne();
  [archive] = (await at.rows('SELECT Id, ArchiveKey__c FROM GardeArchive__c')) as [typeof archive];
});
afterAll(() => at.end());

const openNamed = (named: string, ...args: readonly string[]): Promise<Outcome> =>
  runGarde(['garde', 'archive', 'open', '--target-org', 'admin', '--archive', named, ...args], {
    env: at.env,
    cwd: at.home,
  });
const open = (...args: readonly string[]): Promise<Outcome> => openNamed(String(archive['Id']), ...args);
const logged = () =>
  at.rows('SELECT Reason__c, Form__c, ArchiveKey__c, CreatedBy.Username FROM GardeArchiveAccess__c ORDER BY Name');

describe('garde archive open, as a process', () => {
  it('RET-05: is refused without the role, and without a reason, and nothing is logged or written', async () => {
    const path = join(at.home, 'archive.age');
    const without = await open('--reason', REASON, '--out', path);
    expect([without.status, without.stderr]).toEqual([1, expect.stringContaining('GardeArchiveReader')]);
    await assign('admin', 'GardeArchiveReader');
    const unreasoned = await open('--reason', ' asked ', '--out', path);
    expect([unreasoned.status, unreasoned.stderr]).toEqual([1, expect.stringContaining('reason of 10 to 255')]);
    const silent = await open('--out', path);
    expect([silent.status, silent.stderr]).toEqual([2, expect.stringContaining('Missing required flag reason')]);
    expect(await logged()).toEqual([]);
    expect(existsSync(path)).toBe(false);
  });

  it('RET-05: writes a file that opens with the passphrase alone, and is logged each time by whoever opened', async () => {
    const path = join(at.home, 'archive.age');
    const first = await open('--reason', REASON, '--out', path, '--json');
    expect([first.status, first.stdout]).toEqual([0, expect.not.stringMatching(/Nadine|Exemple/)]);
    const { result } = JSON.parse(first.stdout) as { result: { passphrase: string; rows: number; access: string } };
    expect(readFileSync(path).includes('Nadine')).toBe(false);
    await expect(openWithPassphrase(path, 'abcde-fghjk')).rejects.toMatchObject({ name: 'SealedFileClosed' });
    const content = JSON.parse(Buffer.from(await openWithPassphrase(path, result.passphrase)).toString()) as {
      rows: readonly { object: string; values: Readonly<Record<string, unknown>> }[];
    };
    expect(content.rows.map(({ object, values }) => [object, values['LastName'] ?? values['Amount']])).toEqual([
      ['Contact', 'Exemple'],
      ['Opportunity', 50],
    ]);
    const second = await open('--reason', 'Question of the tax office of March', '--in-clear', '--language', 'fr');
    expect([second.status, second.stdout]).toEqual([0, expect.stringContaining('Exemple')]);
    const by = { CreatedBy: expect.objectContaining({ Username: at.twin.users['admin']!.username }) };
    expect(await logged()).toMatchObject([
      { Reason__c: REASON, Form__c: 'sealed', ArchiveKey__c: archive['ArchiveKey__c'], ...by },
      { Reason__c: 'Question of the tax office of March', Form__c: 'json', ...by },
    ]);
  });

  it('DSR-08: finds the archive of somebody whom the org knows no more, by how they write their own marks', async () => {
    const find = async (...args: readonly string[]) =>
      (await must('archive', 'find', '--target-org', 'admin', ...args)) as {
        found: readonly { archive: string; by: readonly string[] }[];
        looked: number;
      };
    const byMail = await find('--email', ' Nadine.EXEMPLE+asso@people.example');
    expect(byMail).toMatchObject({ looked: 1, found: [{ archive: archive['Id'], by: ['email'] }] });
    const byPhone = await find('--phone', '0033 6 39 98 12 34');
    expect(byPhone.found).toMatchObject([{ archive: archive['Id'], by: ['phone'] }]);
    const byName = await find('--first-name', 'EXEMPLE', '--last-name', 'nadine', '--birth-date', '1961-04-03');
    expect(byName.found).toMatchObject([{ by: ['name-birth'] }]);
    expect((await find('--email', 'nadine.exemples@people.example')).found).toEqual([]);
    const alone = await runGarde(
      ['garde', 'archive', 'find', '--target-org', 'admin', '--first-name', 'Nadine', '--last-name', 'Exemple'],
      { env: at.env, cwd: at.home },
    );
    expect([alone.status, alone.stderr]).toEqual([1, expect.stringContaining('tells nobody apart')]);
    const [row] = await at.rows('SELECT Fingerprints__c FROM GardeArchive__c');
    expect(String(row!['Fingerprints__c'])).not.toMatch(/nadine|exemple|39981234/i);
  });

  it('never writes over a file, and names an archive that is not there', async () => {
    const path = join(at.home, 'taken.age');
    writeFileSync(path, 'mine');
    const taken = await open('--reason', REASON, '--out', path);
    expect([taken.status, taken.stderr]).toEqual([1, expect.stringContaining('already at the chosen path')]);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    const gone = await openNamed('no-such-key', '--reason', REASON, '--in-clear');
    expect([gone.status, gone.stderr]).toEqual([1, expect.stringContaining('No archive of this org')]);
  });
});
