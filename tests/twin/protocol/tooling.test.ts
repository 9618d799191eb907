import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { rest } from './callTwin.ts';

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'npsp', port: 0, production: true });
});
afterAll(() => twin.close());

type Rows = { size: number; entityTypeName: string; queryLocator: null; records: Record<string, unknown>[] };
const query = async (soql: string, role = 'admin'): Promise<Rows> =>
  (await rest(twin, 'GET', `/tooling/query?q=${encodeURIComponent(soql)}`, { role })).body as Rows;

// https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/reference_objects_list.htm
describe('the Tooling API', () => {
  it('knows custom objects and fields, with ids that stay', async () => {
    const soql = "SELECT Id, DeveloperName, NamespacePrefix FROM CustomObject WHERE DeveloperName = 'Allocation'";
    const [object] = (await query(soql)).records;
    expect(object).toMatchObject({ DeveloperName: 'Allocation', NamespacePrefix: 'npsp' });
    expect(object!['Id']).toMatch(/^01I\w{15}$/);
    expect((await query(soql)).records[0]).toEqual(object);
    const fields = await query(
      `SELECT Id, DeveloperName, TableEnumOrId FROM CustomField WHERE TableEnumOrId = '${String(object!['Id'])}'`,
    );
    expect(fields.records.map(({ DeveloperName }) => DeveloperName)).toContain('Amount');
    const own = await query(
      "SELECT DeveloperName FROM CustomField WHERE TableEnumOrId = 'Contact' AND NamespacePrefix = null",
    );
    expect(own.records.map(({ DeveloperName }) => DeveloperName)).toContain('Religion');
  });

  it('tells every particle of an object', async () => {
    const { records, entityTypeName } = await query(
      "SELECT QualifiedApiName, DataType, FieldDefinitionId FROM EntityParticle WHERE EntityDefinition.QualifiedApiName = 'Contact'",
    );
    expect(entityTypeName).toBe('EntityParticle');
    expect(records.find(({ QualifiedApiName }) => QualifiedApiName === 'MailingCity')).toMatchObject({
      DataType: 'string',
      FieldDefinitionId: 'Contact.MailingAddress',
    });
  });

  it('shows them to who may view the set-up', async () => {
    expect(await query('SELECT Id FROM CustomField', 'officer')).toMatchObject([{ errorCode: 'INVALID_TYPE' }]);
  });

  it('reaches objects of the Tooling API alone, and has no source tracking', async () => {
    const plain = await rest(twin, 'GET', '/query?q=SELECT+Id+FROM+CustomField');
    expect(plain.body).toMatchObject([{ errorCode: 'INVALID_TYPE' }]);
    const tracking = await rest(twin, 'GET', '/tooling/sobjects/SourceMember/describe');
    expect(tracking.body).toEqual([{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }]);
  });
});
