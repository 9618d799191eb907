import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, readdir } from 'node:fs/promises';
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

type Rows = { totalSize: number; records: Record<string, unknown>[] };
const query = (soql: string, ...flags: string[]): Promise<Rows> =>
  sf.json<Rows>(['data', 'query', '-q', soql, ...flags]);

type Job = { jobId: string; processedRecords: number; failedRecords: number };
const bulkFlags = ['-s', 'Account', '-w', '2', '--line-ending', 'LF'];

describe('sf data, in bulk', () => {
  let rows: { Id: string; Name: string }[];

  it('imports, and fetches the results of the job', async () => {
    await sf.write('import.csv', 'Name,Site\nUn,Nord\nDeux,Sud\nTrois,Est\n');
    const job = await sf.json<Job>(['data', 'import', 'bulk', '-f', 'import.csv', ...bulkFlags]);
    expect(job).toMatchObject({ processedRecords: 3, failedRecords: 0 });
    const results = await sf.json<{ status: string; successFilePath: string }>([
      'data',
      'bulk',
      'results',
      '--job-id',
      job.jobId,
    ]);
    expect(results.status).toBe('JobComplete');
    expect(await readFile(join(sf.folder, results.successFilePath), 'utf8')).toMatch(/^"sf__Id","sf__Created"/);
    rows = (await query('SELECT Id, Name FROM Account ORDER BY Name')).records as typeof rows;
    expect(rows.map(({ Name }) => Name)).toEqual(['Deux', 'Trois', 'Un']);
  });

  it('updates and deletes', async () => {
    await sf.write('update.csv', `Id,Site\n${rows[0]!.Id},Ouest\n`);
    const updated = await sf.json<Job>(['data', 'update', 'bulk', '-f', 'update.csv', ...bulkFlags]);
    expect(updated).toMatchObject({ processedRecords: 1, failedRecords: 0 });
    await sf.write('delete.csv', `Id\n${rows[1]!.Id}\n`);
    await sf.json(['data', 'delete', 'bulk', '-f', 'delete.csv', ...bulkFlags]);
    const left = await query("SELECT Name FROM Account WHERE Site IN ('Ouest', 'Est')");
    expect(left.records).toMatchObject([{ Name: 'Deux' }]);
  });
});

describe('sf data delete bulk --hard-delete', () => {
  const hardDelete = async (ids: readonly string[]) => {
    await sf.write('hard.csv', `Id\n${ids.join('\n')}\n`);
    return sf.run(['data', 'delete', 'bulk', '--hard-delete', '-f', 'hard.csv', '--json', ...bulkFlags]);
  };
  const made = async (name: string): Promise<string> =>
    (await sf.json<{ id: string }>(['data', 'create', 'record', '-s', 'Account', '-v', `Name=${name}`])).id;

  it('is refused without the permission, and leaves no trace with it', async () => {
    const id = await made('Dure');
    const refused = await hardDelete([id]);
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('HardDeletePermissionError')]);
    const set = await sf.json<{ id: string }>([
      ...['data', 'create', 'record', '-s', 'PermissionSet'],
      ...['-v', 'Name=Hard Label=Hard PermissionsApiEnabled=true PermissionsBulkApiHardDelete=true'],
    ]);
    const { userId } = twin.users['admin']!;
    const assignment = `PermissionSetId=${set.id} AssigneeId=${userId}`;
    await sf.json(['data', 'create', 'record', '-s', 'PermissionSetAssignment', '-v', assignment]);
    const done = await hardDelete([id]);
    const jobInfo = { operation: 'hardDelete', numberRecordsProcessed: 1, numberRecordsFailed: 0 };
    expect(JSON.parse(done.stdout)).toMatchObject({ status: 0, result: { jobInfo } });
    expect((await query(`SELECT Id FROM Account WHERE Id = '${id}'`, '--all-rows')).totalSize).toBe(0);
  });
});

describe('sf data query', () => {
  it('writes CSV for people, with columns as the org describes them', async () => {
    const soql = "SELECT Name, Owner.Name FROM Account WHERE Name = 'Un'";
    const { stdout } = await sf.run(['data', 'query', '-q', soql, '--result-format', 'csv']);
    expect(stdout.trim().split('\n')).toEqual(['Name,Owner.Name', expect.stringMatching(/^Un,/)]);
  });

  it('searches', async () => {
    const found = await sf.json<{ searchRecords: Record<string, unknown>[] }>([
      'data',
      'search',
      '-q',
      'FIND {Deux} IN NAME FIELDS RETURNING Account(Name)',
    ]);
    expect(found.searchRecords).toMatchObject([{ Name: 'Deux' }]);
  });

  it('asks the Tooling API', async () => {
    const found = await query("SELECT QualifiedApiName FROM EntityDefinition WHERE QualifiedApiName = 'Contact'", '-t');
    expect(found.records).toMatchObject([{ QualifiedApiName: 'Contact' }]);
  });

  it('needs no login with a token for an org', async () => {
    const token = twin.users['officer']!.accessToken;
    const result = await sf.json<Rows>(['data', 'query', '-q', 'SELECT Id FROM Organization', '-o', token], {
      env: { SF_ORG_INSTANCE_URL: twin.instanceUrl },
    });
    expect(result.records).toMatchObject([{ Id: twin.orgId }]);
  });
});

describe('sf data, trees and files', () => {
  it('exports a plan and imports it again', async () => {
    const soql = "SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Name = 'Un'";
    await sf.write(
      'one.json',
      JSON.stringify({
        records: [
          {
            attributes: { type: 'Account', referenceId: 'a' },
            Name: 'Un',
            Contacts: { records: [{ attributes: { type: 'Contact', referenceId: 'c' }, LastName: 'Perrin' }] },
          },
        ],
      }),
    );
    await sf.json(['data', 'import', 'tree', '-f', 'one.json']);
    await sf.json(['data', 'export', 'tree', '-q', soql, '--plan', '-d', 'tree']);
    const plan = (await readdir(join(sf.folder, 'tree'))).find((name) => name.endsWith('plan.json'));
    await sf.json(['data', 'import', 'tree', '--plan', join('tree', plan ?? '')]);
    expect((await query("SELECT Id FROM Contact WHERE LastName = 'Perrin'")).totalSize).toBe(2);
  });

  it('uploads a file to a record', async () => {
    const { records } = await query("SELECT Id FROM Account WHERE Name = 'Un' LIMIT 1");
    await sf.write('note.txt', 'Bonjour');
    const parent = String(records[0]!['Id']);
    const file = await sf.json<Record<string, unknown>>([
      'data',
      'create',
      'file',
      '-f',
      'note.txt',
      '--title',
      'Note',
      '--parent-id',
      parent,
    ]);
    expect(file).toMatchObject({ Title: 'Note', FileExtension: 'txt' });
    const links = await query(`SELECT Id FROM ContentDocumentLink WHERE LinkedEntityId = '${parent}'`);
    expect(links.totalSize).toBe(1);
  });
});
