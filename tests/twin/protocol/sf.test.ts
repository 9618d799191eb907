import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { chmod, readFile, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { createSfCli } from './sfCli.ts';
import type { SfCli } from './sfCli.ts';

// Every call starts a process of some seconds on a busy machine.
let twin: Twin;
let sf: SfCli;

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });

beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  sf = await createSfCli(await freePort());
  await sf.json(
    [
      'org',
      'login',
      'access-token',
      '--instance-url',
      twin.instanceUrl,
      '--no-prompt',
      '--alias',
      'twin',
      '--set-default',
    ],
    {
      env: { SF_ACCESS_TOKEN: twin.users['admin']!.accessToken },
    },
  );
});
afterAll(async () => {
  await sf.remove();
  await twin.close();
});

type Rows = { totalSize: number; records: Record<string, unknown>[] };
const query = (soql: string): Promise<Rows> => sf.json<Rows>(['data', 'query', '-q', soql]);

describe('sf signs in', () => {
  it('by JWT with any key, as another user', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = await sf.write('server.key', privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
    const { username } = twin.users['officer']!;
    const result = await sf.json<{ username: string; orgId: string; instanceUrl: string }>([
      'org',
      'login',
      'jwt',
      '--username',
      username,
      '--jwt-key-file',
      key,
      '--client-id',
      'any',
      '--instance-url',
      twin.instanceUrl,
      '--alias',
      'officer',
    ]);
    expect(result).toMatchObject({ username, orgId: twin.orgId, instanceUrl: twin.instanceUrl });
  });

  it('by web, answered at once', async () => {
    // Like a real one, this browser returns at once and loads the page behind; sf listens only after it returned.
    const load =
      'let tries = 30; const go = () => tries-- > 0 && fetch(process.argv[1], { signal: AbortSignal.timeout(3000) }).catch(go); go();';
    const browser = await sf.write(
      'bin/firefox',
      `#!${process.execPath}\nrequire('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(load)}, process.argv[2]], { detached: true, stdio: 'ignore' }).unref();\n`,
    );
    await chmod(browser, 0o755);
    const result = await sf.json<{ username: string }>(
      ['org', 'login', 'web', '--browser', 'firefox', '--instance-url', twin.instanceUrl, '--alias', 'web'],
      { env: { SF_CONTAINER_MODE: 'false', PATH: join(sf.folder, 'bin') + delimiter + (process.env['PATH'] ?? '') } },
    );
    expect(result.username).toBe(twin.users['admin']!.username);
  });
});

describe('sf org', () => {
  it('display says connected, and the limits are listed', async () => {
    const [display, limits] = await Promise.all([
      sf.json<{ id: string; connectedStatus: string; apiVersion: string }>(['org', 'display', '-o', 'twin']),
      sf.json<{ name: string; max: number }[]>(['org', 'list', 'limits', '-o', 'twin']),
    ]);
    expect(display).toMatchObject({ id: twin.orgId, connectedStatus: 'Connected', apiVersion: '66.0' });
    expect(limits.map(({ name }) => name)).toContain('DailyApiRequests');
  });
});

describe('sf data', () => {
  it('creates, reads, updates and deletes one record', async () => {
    const { id } = await sf.json<{ id: string }>([
      'data',
      'create',
      'record',
      '-s',
      'Account',
      '-v',
      "Name='Le Moulin' Site=Nord",
    ]);
    await sf.json(['data', 'update', 'record', '-s', 'Account', '-i', id, '-v', 'Site=Sud']);
    const found = await sf.json<Record<string, unknown>>([
      'data',
      'get',
      'record',
      '-s',
      'Account',
      '-w',
      "Name='Le Moulin'",
    ]);
    expect(found).toMatchObject({ Id: id, Site: 'Sud' });
    await sf.json(['data', 'delete', 'record', '-s', 'Account', '-i', id]);
    expect((await query(`SELECT Id FROM Account WHERE Id = '${id}'`)).totalSize).toBe(0);
  });

  it('imports a tree and queries it nested, as JSON and for people', async () => {
    const contact = (referenceId: string, LastName: string) => ({
      attributes: { type: 'Contact', referenceId },
      LastName,
    });
    const records = [
      {
        attributes: { type: 'Account', referenceId: 'a1' },
        Name: 'Les Glycines',
        Contacts: { records: [contact('c1', 'Perrin'), contact('c2', 'Marchand')] },
      },
    ];
    const file = await sf.write('tree.json', JSON.stringify({ records }));
    expect(await sf.json<unknown[]>(['data', 'import', 'tree', '-f', file])).toHaveLength(3);
    const soql = "SELECT Name, Owner.Name, (SELECT LastName FROM Contacts) FROM Account WHERE Name = 'Les Glycines'";
    const [{ records: rows }, human] = await Promise.all([query(soql), sf.run(['data', 'query', '-q', soql])]);
    expect(rows[0]).toMatchObject({ Contacts: { records: [{ LastName: expect.any(String) }, {}] } });
    expect(human.stdout).toContain('Les Glycines');
    expect(human.stdout).toMatch(/Perrin|Marchand/);
  });

  it('upserts and exports in bulk', async () => {
    const { records } = await query("SELECT Id FROM Account WHERE Name = 'Les Glycines'");
    const file = await sf.write('rows.csv', `Id,Site\n${String(records[0]!['Id'])},Est\n`);
    const job = await sf.json<{ state: string } & Record<string, unknown>>([
      'data',
      'upsert',
      'bulk',
      '-s',
      'Account',
      '-f',
      file,
      '-i',
      'Id',
      '-w',
      '2',
      '--line-ending',
      'LF',
    ]);
    expect(job).toMatchObject({ jobInfo: { state: 'JobComplete', numberRecordsFailed: 0 } });
    const out = join(sf.folder, 'export.csv');
    await sf.json([
      'data',
      'export',
      'bulk',
      '-q',
      'SELECT Name, Site FROM Account',
      '--output-file',
      out,
      '-w',
      '2',
      '--result-format',
      'csv',
    ]);
    expect(await readFile(out, 'utf8')).toMatch(/Les Glycines"?,"?Est/);
  });
});

describe('sf sobject', () => {
  it('describes an object and lists all', async () => {
    const [described, listed] = await Promise.all([
      sf.json<{ name: string; keyPrefix: string }>(['sobject', 'describe', '-s', 'contact']),
      sf.json<string[]>(['sobject', 'list']),
    ]);
    expect(described).toMatchObject({ name: 'Contact', keyPrefix: '003' });
    expect(listed).toEqual(expect.arrayContaining(['Account', 'Contact']));
  });
});

const xml = (root: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://soap.sforce.com/2006/04/metadata">\n${body}\n</${root}>\n`;

describe('sf project', () => {
  it('deploys source, lists and retrieves it, and assigns its permission set', async () => {
    const object = 'force-app/main/default/objects/Basket__c';
    await sf.write(
      `${object}/Basket__c.object-meta.xml`,
      xml(
        'CustomObject',
        '<deploymentStatus>Deployed</deploymentStatus><label>Basket</label><nameField><label>Name</label><type>Text</type></nameField><pluralLabel>Baskets</pluralLabel><sharingModel>ReadWrite</sharingModel>',
      ),
    );
    for (const name of ['Key__c', 'Note__c']) {
      const key = name === 'Key__c' ? '<externalId>true</externalId>' : '';
      await sf.write(
        `${object}/fields/${name}.field-meta.xml`,
        xml(
          'CustomField',
          `<fullName>${name}</fullName>${key}<label>${name}</label><length>60</length><type>Text</type>`,
        ),
      );
    }
    await sf.write(
      'force-app/main/default/permissionsets/Baskets.permissionset-meta.xml',
      xml(
        'PermissionSet',
        '<fieldPermissions><editable>true</editable><field>Basket__c.Note__c</field><readable>true</readable></fieldPermissions><label>Baskets</label><objectPermissions><allowCreate>true</allowCreate><allowDelete>false</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Basket__c</object><viewAllRecords>false</viewAllRecords></objectPermissions>',
      ),
    );
    const deployed = await sf.json<{ status: string; files: { type: string; fullName: string; state: string }[] }>([
      'project',
      'deploy',
      'start',
      '-d',
      'force-app',
    ]);
    expect(deployed.status).toBe('Succeeded');
    expect(deployed.files.map(({ type, fullName }) => `${type} ${fullName}`)).toEqual(
      expect.arrayContaining([
        'CustomObject Basket__c',
        'CustomField Basket__c.Key__c',
        'CustomField Basket__c.Note__c',
        'PermissionSet Baskets',
      ]),
    );
    const [listed, , retrieved] = await Promise.all([
      sf.json<{ fullName: string }[]>(['org', 'list', 'metadata', '-m', 'CustomObject']),
      sf.json(['org', 'assign', 'permset', '-n', 'Baskets', '-o', 'twin']),
      sf.json<{ files: unknown[] }>([
        'project',
        'retrieve',
        'start',
        '-m',
        'CustomObject:Basket__c',
        '--target-metadata-dir',
        'out',
        '--unzip',
      ]),
    ]);
    expect(listed.map(({ fullName }) => fullName)).toContain('Basket__c');
    expect(retrieved).toBeDefined();
    const files = await readdir(join(sf.folder, 'out'), { recursive: true });
    expect(files.some((path) => path.endsWith('Basket__c.object'))).toBe(true);
    expect((await query("SELECT Id FROM PermissionSetAssignment WHERE PermissionSet.Name = 'Baskets'")).totalSize).toBe(
      1,
    );
  });

  it('shows a failing component with its message', async () => {
    await sf.write(
      'broken/objects/Basket__c/fields/Wrong__c.field-meta.xml',
      xml('CustomField', '<fullName>Wrong__c</fullName><label>Wrong</label><type>Nonsense</type>'),
    );
    const run = await sf.run(['project', 'deploy', 'start', '-d', 'broken', '--json']);
    expect(run.code).not.toBe(0);
    expect(run.stdout).toContain('Wrong__c');
  });
});
