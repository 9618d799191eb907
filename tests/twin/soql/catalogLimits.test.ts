import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { rest } from '../protocol/callTwin.ts';

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(() => twin.close());

const query = (soql: string) => rest(twin, 'GET', `/query?q=${encodeURIComponent(soql)}`);

/** Source: https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/tooling_soql_limitations.htm */
describe('the metadata catalogue', () => {
  it.each([
    [
      'SELECT COUNT(QualifiedApiName), IsFeedEnabled FROM EntityDefinition GROUP BY IsFeedEnabled',
      'The requested operation is not yet supported by this SObject storage type, contact salesforce.com support for more information.',
    ],
    [
      "SELECT QualifiedApiName FROM EntityDefinition WHERE QualifiedApiName != 'Account'",
      'Only equals comparisons permitted',
    ],
    [
      "SELECT QualifiedApiName FROM EntityDefinition WHERE NOT QualifiedApiName = 'Account'",
      'Only equals comparisons permitted',
    ],
    [
      "SELECT QualifiedApiName FROM EntityDefinition WHERE IsDeletable = true OR (IsFeedEnabled = false AND KeyPrefix = '01j')",
      'Disjunctions not supported',
    ],
    ["SELECT ApiName FROM FlowDefinitionView WHERE ApiName = 'a' OR Label = 'a'", 'Disjunctions not supported'],
    [
      "SELECT ComplianceGroup FROM FieldDefinition WHERE EntityDefinitionId = 'Account' AND ComplianceGroup INCLUDES ('GDPR')",
      'Unsupported filter type',
    ],
  ])('does not answer %s', async (soql, message) => {
    expect(await query(soql)).toMatchObject({ status: 400, body: [{ message }] });
  });

  it.each(['FlowDefinitionView', 'SetupAuditTrail'])('counts no ids of %s', async (object) => {
    const { status, body } = await query(`SELECT COUNT(Id) FROM ${object}`);
    expect({ status, body }).toMatchObject({ status: 400, body: [{ errorCode: 'MALFORMED_QUERY' }] });
    expect(JSON.stringify(body)).toContain('field Id does not support aggregate operator COUNT');
  });

  it('answers all rows, whatever LIMIT and OFFSET say', async () => {
    const soql = "SELECT QualifiedApiName FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Contact'";
    const { totalSize } = (await query(soql)).body as { readonly totalSize: number };
    expect(totalSize).toBeGreaterThan(5);
    expect((await query(`${soql} LIMIT 5`)).body).toMatchObject({ totalSize });
    expect((await query(`${soql} LIMIT 5 OFFSET 5`)).body).toMatchObject({ totalSize });
    const all = (await query('SELECT QualifiedApiName FROM EntityDefinition')).body;
    expect((await query('SELECT FIELDS(STANDARD) FROM EntityDefinition LIMIT 1')).status).toBe(200);
    expect((await query('SELECT QualifiedApiName FROM EntityDefinition LIMIT 1')).body).toEqual(all);
  });

  it('has fields to be asked by their object, through REST as through the Tooling API', async () => {
    const soql = "SELECT QualifiedApiName FROM EntityParticle WHERE EntityDefinition.QualifiedApiName = 'Contact'";
    expect((await query(soql)).body).toMatchObject({ done: true });
    expect((await query('SELECT QualifiedApiName FROM EntityParticle')).body).toEqual([
      {
        message:
          'EntityParticle: a filter on a reified column is required [EntityDefinitionId,FieldDefinitionId,DurableId]',
        errorCode: 'MALFORMED_QUERY',
      },
    ]);
  });
});

/** As an org answered a client that read all its objects, in 2020. */
describe('objects that no query may begin with', () => {
  it.each(['ActivityHistory', 'OpenActivity', 'AggregateResult', 'Name', 'FeedTrackedChange', 'ContactChangeEvent'])(
    '%s',
    async (object) => {
      const answer = [
        { message: `entity type ${object} does not support query`, errorCode: 'INVALID_TYPE_FOR_OPERATION' },
      ];
      expect((await query(`SELECT Id FROM ${object}`)).body).toEqual(answer);
      expect((await query('SELECT Id FROM NobodyChangeEvent')).body).toMatchObject([{ errorCode: 'INVALID_TYPE' }]);
    },
  );

  it('are still refused by name below another object', async () => {
    const { body } = await query('SELECT Id, (SELECT Id FROM ActivityHistories) FROM Account');
    expect(body).toMatchObject([{ errorCode: 'NOT_EMULATED' }]);
  });
});
