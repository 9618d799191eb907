import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { signedInCli } from './sfCli.ts';
import type { SfCli } from './sfCli.ts';

// Every call starts a process of some seconds on a busy machine.
let twin: Twin;
let sf: SfCli;

const xml = (root: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://soap.sforce.com/2006/04/metadata">\n${body}\n</${root}>\n`;
const fieldXml = (name: string): string =>
  xml('CustomField', `<fullName>${name}</fullName><label>${name}</label><length>60</length><type>Text</type>`);

beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  sf = await signedInCli(twin);
  const object = 'force-app/main/default/objects/Crate__c';
  await sf.write(
    `${object}/Crate__c.object-meta.xml`,
    xml(
      'CustomObject',
      '<deploymentStatus>Deployed</deploymentStatus><label>Crate</label><nameField><label>Name</label><type>Text</type></nameField><pluralLabel>Crates</pluralLabel><sharingModel>ReadWrite</sharingModel>',
    ),
  );
  await sf.write(`${object}/fields/Key__c.field-meta.xml`, fieldXml('Key__c'));
});
afterAll(async () => {
  await sf.remove();
  await twin.close();
});

type Deployed = { id: string; status: string; checkOnly: boolean };
const names = async (): Promise<string[]> =>
  (await sf.json<{ fullName: string }[]>(['org', 'list', 'metadata', '-m', 'CustomObject'])).map(
    ({ fullName }) => fullName,
  );

describe('sf project deploy', () => {
  it('validates without a trace, then deploys what was validated, and reports it', async () => {
    const validated = await sf.json<Deployed>([
      'project',
      'deploy',
      'validate',
      '-d',
      'force-app',
      '-l',
      'RunLocalTests',
    ]);
    expect(validated).toMatchObject({ status: 'Succeeded', checkOnly: true });
    expect(await names()).not.toContain('Crate__c');
    const quick = await sf.json<Deployed>(['project', 'deploy', 'quick', '--job-id', validated.id]);
    expect(quick.status).toBe('Succeeded');
    const report = await sf.json<Deployed>(['project', 'deploy', 'report', '--job-id', quick.id]);
    expect(report).toMatchObject({ id: quick.id, status: 'Succeeded' });
    expect(await names()).toContain('Crate__c');
  });

  it('deploys a folder in metadata format, over REST', async () => {
    const object = xml(
      'CustomObject',
      fieldXml('More__c')
        .replace(/^[^\n]*\n<CustomField[^>]*>/, '<fields>')
        .replace('</CustomField>', '</fields>'),
    );
    await sf.write('mdapi/objects/Crate__c.object', object);
    await sf.write(
      'mdapi/package.xml',
      xml(
        'Package',
        '<types><members>Crate__c.More__c</members><name>CustomField</name></types><version>66.0</version>',
      ),
    );
    const deployed = await sf.json<Deployed>(['project', 'deploy', 'start', '--metadata-dir', 'mdapi'], {
      env: { SF_ORG_METADATA_REST_DEPLOY: 'true' },
    });
    expect(deployed.status).toBe('Succeeded');
  });

  it('cannot cancel what is done, and says so', async () => {
    const { code, stdout } = await sf.run(['project', 'deploy', 'cancel', '--use-most-recent', '--json']);
    expect([code === 0, stdout]).toEqual([false, expect.stringContaining('CannotCancelDeploy')]);
  });
});

describe('sf project retrieve', () => {
  it('brings source back, after asking in vain for source tracking', async () => {
    const { files } = await sf.json<{ files: { fullName: string }[] }>([
      'project',
      'retrieve',
      'start',
      '-m',
      'CustomObject:Crate__c',
    ]);
    expect(files.map(({ fullName }) => fullName)).toEqual(
      expect.arrayContaining(['Crate__c', 'Crate__c.Key__c', 'Crate__c.More__c']),
    );
    const field = 'force-app/main/default/objects/Crate__c/fields/More__c.field-meta.xml';
    expect(await readFile(join(sf.folder, field), 'utf8')).toContain('<length>60</length>');
  });
});
