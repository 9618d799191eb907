import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { bearerOf, callTwin, rest } from './callTwin.ts';

/*
 * What test suites that clients run against real orgs expect, and what CumulusCI's recorded sessions
 * (https://github.com/SFDO-Tooling/CumulusCI) hold.
 */

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(() => twin.close());

type Row = Readonly<Record<string, unknown>>;

const contact = (fields: Row): Row => ({ attributes: { type: 'Contact' }, ...fields });
const upsert = async (path: string, records: readonly Row[], allOrNone = false): Promise<readonly Row[]> =>
  (await rest(twin, 'PATCH', `/composite/sobjects/${path}`, { body: { allOrNone, records } })).body as readonly Row[];
const query = async (soql: string): Promise<readonly Row[]> =>
  ((await rest(twin, 'GET', `/query?q=${encodeURIComponent(soql)}`)).body as { records: readonly Row[] }).records;

/** Source: https://salesforce.stackexchange.com/questions/246995 and CumulusCI's TestUpsert recordings. */
describe('email addresses', () => {
  it('are kept in lower case, and found by any case', async () => {
    await upsert('Contact/Email', [contact({ LastName: 'Myers', Email: 'Chloe.Myers@Example.example' })]);
    expect(await query("SELECT Email FROM Contact WHERE LastName = 'Myers'")).toMatchObject([
      { Email: 'chloe.myers@example.example' },
    ]);
    const [again] = await upsert('Contact/Email', [
      contact({ LastName: 'Roux', Email: 'CHLOE.Myers@example.example' }),
    ]);
    expect(again).toMatchObject({ success: true, created: false });
  });
});

/** Source: https://developer.salesforce.com/docs/platform/api-rest/guide/resources-composite-sobjects-collections-upsert.html, jsforce's own suite. */
describe('upserting many', () => {
  it('says of every failed row whether it would have been a new one', async () => {
    await upsert('Contact/Email', [contact({ LastName: 'Known', Email: 'known@asso.example' })]);
    const rows = [
      contact({ LastName: 'New', Email: 'new@asso.example' }),
      contact({ LastName: 'Owned', Email: 'owned@asso.example', OwnerId: 'INVALID_OWNER' }),
      contact({ LastName: 'Known', Email: 'known@asso.example', OwnerId: 'INVALID_OWNER' }),
    ];
    expect(await upsert('Contact/Email', rows, true)).toMatchObject([
      { success: false, created: true, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] },
      { success: false, created: true, errors: [{ statusCode: 'MALFORMED_ID' }] },
      { success: false, created: false, errors: [{ statusCode: 'MALFORMED_ID' }] },
    ]);
  });

  it('fails a record alone that does not say its type', async () => {
    const results = await upsert('Account/Id', [{ Id: '001000000000000AAA', Name: 'Sans type' }]);
    const message = 'Nested object for polymorphic foreign key must have an attributes field before any other fields.';
    expect(results).toEqual([
      { success: false, errors: [{ statusCode: 'JSON_PARSER_ERROR', message, fields: [] }], created: false },
    ]);
  });

  it('inserts by record id where the id is null or left out', async () => {
    const results = await upsert('Account/Id', [
      { attributes: { type: 'Account' }, Id: null, Name: 'Un' },
      { attributes: { type: 'Account' }, Name: 'Deux' },
    ]);
    expect(results).toMatchObject([{ created: true }, { created: true }]);
  });
});

/** Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_list.htm */
describe('objects that every org has and the twin does not', () => {
  it.each([
    'SELECT Id FROM LeadStatus',
    'SELECT Id FROM recentlyviewed',
    'SELECT Id FROM AccountShare',
    'SELECT Id, (SELECT Id FROM ActivityHistories) FROM Account',
    'SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM AccountShare)',
  ])('are refused by name, not called unknown: %s', async (soql) => {
    const { status, body } = await rest(twin, 'GET', `/query?q=${encodeURIComponent(soql)}`);
    expect([status, body]).toEqual([501, [expect.objectContaining({ errorCode: 'NOT_EMULATED' })]]);
  });

  it('are refused by their addresses too', async () => {
    for (const path of ['/sobjects/LeadStatus/describe', '/sobjects/ContactShare/003000000000000AAA'])
      expect((await rest(twin, 'GET', path)).status).toBe(501);
  });

  it.each(['WorkOrder', 'Nothing__c', 'Nothing__History', 'NothingShare'])(
    'an org without %s says that it is not there',
    async (object) => {
      const { status, body } = await rest(twin, 'GET', `/query?q=${encodeURIComponent(`SELECT Id FROM ${object}`)}`);
      expect([status, body]).toEqual([400, [expect.objectContaining({ errorCode: 'INVALID_TYPE' })]]);
    },
  );
});

/** Source: https://github.com/forcedotcom/SalesforceMobileSDK-Android (RestClientTest), run against orgs. */
describe('mobile clients', () => {
  it('delete only what was not changed since they read it', async () => {
    const { id } = (await rest(twin, 'POST', '/sobjects/Account', { body: { Name: 'Neuf' } })).body as { id: string };
    const path = `/sobjects/Account/${id}`;
    const since = (instant: number) => ({ headers: { 'If-Unmodified-Since': new Date(instant).toUTCString() } });
    expect((await rest(twin, 'DELETE', path, since(Date.now() - 3_600_000))).status).toBe(412);
    expect((await rest(twin, 'DELETE', path, since(Date.now() + 3_600_000))).status).toBe(204);
  });

  it('find where to search among the resources', async () => {
    const { body } = await rest(twin, 'GET', '');
    expect(body).toMatchObject({ sobjects: '/services/data/v66.0/sobjects', search: '/services/data/v66.0/search' });
  });
});

/** Source: recorded in 2026 by the tests of https://github.com/NangoHQ/integration-templates (integrations/salesforce/tests). */
describe('answers of a Developer Edition org', () => {
  const made = async (): Promise<string> =>
    ((await rest(twin, 'POST', '/sobjects/Account', { body: { Name: 'Mesure' } })).body as { id: string }).id;

  it('an update that fails has no id in its result', async () => {
    const records = [{ attributes: { type: 'Account' }, id: '001xx000003DHP0AAO', Name: 'Personne' }];
    const { body } = await rest(twin, 'PATCH', '/composite/sobjects', { body: { allOrNone: false, records } });
    expect(body).toEqual([
      {
        success: false,
        errors: [{ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [] }],
      },
    ]);
  });

  it('an upsert by record id that may only update does, and tells where the record is', async () => {
    const id = await made();
    const path = `/sobjects/Account/Id/${id}?updateOnly=true`;
    const { status, body, headers } = await rest(twin, 'PATCH', path, { body: { Phone: '1' } });
    expect([status, body]).toEqual([200, { id, success: true, errors: [], created: false }]);
    expect(headers['location']).toBe(`/services/data/v66.0/sobjects/Account/${id}`);
  });

  it('refusals tell of the limits as every answer does', async () => {
    for (const path of ['/sobjects/Nothing__c/describe', '/query?q=SELEKT', '/sobjects/Account/abc']) {
      const { status, headers } = await rest(twin, 'GET', path);
      expect([path, status >= 400, headers['sforce-limit-info']]).toEqual([
        path,
        true,
        expect.stringMatching(/^api-usage=\d+\/\d+$/),
      ]);
    }
  });

  it('user info leaves out what the address does not hold', async () => {
    const reply = await callTwin(twin, '/services/oauth2/userinfo', { headers: bearerOf(twin) });
    expect(JSON.parse(reply.text)).toMatchObject({ address: {}, is_salesforce_integration_user: false });
  });
});

/** Source: CumulusCI's recording ManualEditTestCompositeParallelSalesforce.test_http_headers. */
describe('describes in a composite request', () => {
  it('have their entity tag and date besides 200 and 304', async () => {
    const url = '/services/data/v66.0/sobjects/Account/describe';
    const later = { 'If-Modified-Since': new Date(Date.now() + 3_600_000).toUTCString() };
    const { body } = await rest(twin, 'POST', '/composite', {
      body: {
        compositeRequest: [
          { referenceId: 'now', method: 'GET', url },
          { referenceId: 'later', method: 'GET', url, httpHeaders: later },
        ],
      },
    });
    const headers = {
      ETag: expect.stringMatching(/^"[\da-f]{8}"$/),
      'Last-Modified': expect.stringMatching(/ GMT$/),
    };
    const { compositeResponse } = body as { compositeResponse: readonly Row[] };
    expect(compositeResponse).toMatchObject([
      { httpStatusCode: 200, httpHeaders: headers },
      { httpStatusCode: 304, httpHeaders: headers, body: null },
    ]);
  });
});

const JOB = '/services/async/66.0/job';
const classic = async (path: string, body: string, type = 'application/json'): Promise<Row & { status: number }> => {
  const headers = { ...bearerOf(twin), 'content-type': type, accept: 'application/json' };
  const reply = await callTwin(twin, `${JOB}${path}`, { method: 'POST', headers, body });
  return { ...(JSON.parse(reply.text) as Row), status: reply.status };
};
const classicJob = async (operation: string, rest_: Row = {}): Promise<string> => {
  const job = { operation, object: 'Account', contentType: 'JSON', ...rest_ };
  return String((await classic('', JSON.stringify(job)))['id']);
};
const batchOf = async (job: string, body: string): Promise<Row> => {
  const { id } = await classic(`/${job}/batch`, body);
  const headers = { ...bearerOf(twin), 'content-type': 'application/json' };
  return JSON.parse((await callTwin(twin, `${JOB}/${job}/batch/${String(id)}`, { headers })).text) as Row;
};

/** Texts: reported by users of simple-salesforce (issues 382 and 502), Force CLI (issue 531) and jsforce (issue 545). */
describe('Bulk API v1 batches', () => {
  it.each([
    [0, 'Parallel'],
    [1, 'Serial'],
  ])('are of jobs whose mode simple-salesforce sends as %s', async (concurrencyMode, mode) => {
    const job = { operation: 'insert', object: 'Account', contentType: 'JSON', concurrencyMode };
    expect(await classic('', JSON.stringify(job))).toMatchObject({ status: 201, concurrencyMode: mode });
  });

  it('are refused without any content', async () => {
    expect(await classic(`/${await classicJob('insert')}/batch`, '')).toMatchObject({
      status: 400,
      exceptionCode: 'ClientInputError',
      exceptionMessage: 'Unable to find any data to create batch',
    });
  });

  it.each([
    [
      'SELECT Id FROM Contact',
      'InvalidBatch : Failed to process query: INVALID_TYPE_FOR_OPERATION: The root entity of the requested query (Contact) does not match the entity of the requested Bulk API Job (Account).',
    ],
    [
      'SELECT Id, BillingAddress FROM Account',
      'InvalidBatch : Failed to process query: FUNCTIONALITY_NOT_ENABLED: Selecting compound data not supported in Bulk Query',
    ],
    [
      'SELECT Id, BadField FROM Account',
      expect.stringMatching(
        /^InvalidBatch : Failed to process query: INVALID_FIELD: \nSELECT Id, BadField FROM Account\n/,
      ),
    ],
  ])('tell why the query %s is refused', async (soql, stateMessage) => {
    expect(await batchOf(await classicJob('query'), soql)).toMatchObject({ state: 'Failed', stateMessage });
  });
});

/** Source: jsforce's suite (bulk2.test.ts), run by its maintainers against scratch orgs. */
describe('Bulk API 2.0 uploads', () => {
  const loaded = async (job: Row, csv: string): Promise<{ readonly id: string; readonly job: Row }> => {
    const { id } = (await rest(twin, 'POST', '/jobs/ingest', { body: job })).body as { id: string };
    const headers = { ...bearerOf(twin), 'content-type': 'text/csv' };
    const path = `/services/data/v66.0/jobs/ingest/${id}/batches`;
    await callTwin(twin, path, { method: 'PUT', headers, body: csv });
    await rest(twin, 'PATCH', `/jobs/ingest/${id}`, { body: { state: 'UploadComplete' } });
    return { id, job: (await rest(twin, 'GET', `/jobs/ingest/${id}`)).body as Row };
  };

  it.each(['insert', 'delete'])('of no bytes are a job without records (%s)', async (operation) => {
    const { id, job } = await loaded({ object: 'Account', operation }, '');
    expect(job).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 0, numberRecordsFailed: 0 });
    const headers = bearerOf(twin);
    const path = `/services/data/v66.0/jobs/ingest/${id}/successfulResults`;
    expect((await callTwin(twin, path, { headers })).text).toBe('"sf__Id","sf__Created"\n');
  });

  it('upsert by record id without its column: every row is a new one', async () => {
    const job = { object: 'Account', operation: 'upsert', externalIdFieldName: 'Id' };
    const { id } = await loaded(job, 'Name\nSans colonne\n');
    const path = `/services/data/v66.0/jobs/ingest/${id}/successfulResults`;
    const { text } = await callTwin(twin, path, { headers: bearerOf(twin) });
    expect(text).toMatch(/^"sf__Id","sf__Created","Name"\n"001\w{15}","true","Sans colonne"\n$/);
  });
});
