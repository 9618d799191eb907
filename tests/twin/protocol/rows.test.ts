import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { bearerOf, callTwin, rest } from './callTwin.ts';

let twin: Twin;
let account: string;
let contact: string;

const create = async (object: string, body: unknown): Promise<string> =>
  ((await rest(twin, 'POST', `/sobjects/${object}`, { body })).body as { id: string }).id;

beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  account = await create('Account', { Name: 'Les Tilleuls' });
  contact = await create('Contact', { LastName: 'Roche', AccountId: account });
});
afterAll(() => twin.close());

const NOWHERE = '001000000000000AAA';
const gone = [{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }];

/*
 * Statuses: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
 * Texts: recorded answers, and those quoted on salesforce.stackexchange.com (method, media type, key in the body).
 */
describe('refusals of single rows', () => {
  const cases: readonly (readonly [string, string, unknown, number, unknown])[] = [
    ['GET', `/sobjects/Account/${NOWHERE}`, undefined, 404, gone],
    ['PATCH', `/sobjects/Account/${NOWHERE}`, { Site: 'x' }, 404, gone],
    ['DELETE', `/sobjects/Account/${NOWHERE}`, undefined, 404, gone],
    ['GET', '/sobjects/Nothing__c/describe', undefined, 404, gone],
    [
      'GET',
      '/sobjects/Account/abc',
      undefined,
      404,
      [
        {
          message: 'Provided external ID field does not exist or is not accessible: abc',
          errorCode: 'NOT_FOUND',
        },
      ],
    ],
    [
      'POST',
      '/sobjects/Account',
      { XName: 'x' },
      400,
      [{ message: "No such column 'XName' on sobject of type Account", errorCode: 'INVALID_FIELD' }],
    ],
    [
      'POST',
      '/sobjects/Account',
      {},
      400,
      [
        {
          message: 'Required fields are missing: [Name]',
          errorCode: 'REQUIRED_FIELD_MISSING',
          fields: ['Name'],
        },
      ],
    ],
    [
      'POST',
      '/sobjects/Account',
      undefined,
      400,
      [
        {
          message: 'The HTTP entity body is required, but this request has no entity body.',
          errorCode: 'JSON_PARSER_ERROR',
        },
      ],
    ],
    [
      'PUT',
      `/sobjects/Account/${NOWHERE}`,
      {},
      405,
      [
        {
          message: "HTTP Method 'PUT' not allowed. Allowed are HEAD,GET,PATCH,DELETE",
          errorCode: 'METHOD_NOT_ALLOWED',
        },
      ],
    ],
  ];
  it.each(cases)('%s %s', async (...[method, path, body, status, answer]) => {
    const reply = await rest(twin, method, path, { body });
    expect([reply.status, reply.body]).toEqual([status, answer]);
  });

  it('refuses the key in the body of an update or upsert', async () => {
    const update = await rest(twin, 'PATCH', `/sobjects/Account/${account}`, { body: { Id: account, Site: 'x' } });
    expect(update.body).toEqual([
      {
        message: 'The Id field should not be specified in the sobject data.',
        errorCode: 'INVALID_FIELD',
        fields: ['Id'],
      },
    ]);
  });

  it('takes JSON alone: XML by name, other types with 415, and answers no one who takes XML alone', async () => {
    const post = (type: string) =>
      rest(twin, 'POST', '/sobjects/Account', { body: { Name: 'x' }, headers: { 'content-type': type } });
    const xml = await post('application/xml');
    expect({ status: xml.status, body: xml.body }).toMatchObject({
      status: 501,
      body: [{ errorCode: 'NOT_EMULATED' }],
    });
    const text = await post('text/plain');
    expect({ status: text.status, body: text.body }).toMatchObject({
      status: 415,
      body: [{ errorCode: 'UNSUPPORTED_MEDIA_TYPE' }],
    });
    const accept = (value: string) => rest(twin, 'GET', '/sobjects/Account', { headers: { accept: value } });
    expect((await accept('application/xml')).status).toBe(501);
    expect((await accept('application/xml, */*;q=0.1')).status).toBe(200);
  });
});

describe('single rows', () => {
  it('answers HEAD without a body, and POST with _HttpMethod=PATCH as an update', async () => {
    const head = await callTwin(twin, `/services/data/v66.0/sobjects/Account/${account}`, {
      method: 'HEAD',
      headers: bearerOf(twin),
    });
    expect([head.status, head.text]).toEqual([200, '']);
    const path = `/sobjects/Account/${account}?_HttpMethod=PATCH`;
    expect((await rest(twin, 'POST', path, { body: { Site: 'Sud' } })).status).toBe(204);
    const read = await rest(twin, 'GET', `/sobjects/Account/${account}?fields=Site`);
    expect(read.body).toMatchObject({ Site: 'Sud' });
  });

  it('tells where a new row is', async () => {
    const { headers, body } = await rest(twin, 'POST', '/sobjects/Account', { body: { Name: 'Ailleurs' } });
    expect(headers.location).toBe(`/services/data/v66.0/sobjects/Account/${(body as { id: string }).id}`);
  });

  // https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_relationships.htm
  it('follows a relationship in the address, up and down', async () => {
    const parent = await rest(twin, 'GET', `/sobjects/Contact/${contact}/Account?fields=Name`);
    expect(parent.body).toMatchObject({ attributes: { type: 'Account' }, Name: 'Les Tilleuls' });
    const children = await rest(twin, 'GET', `/sobjects/Account/${account}/contacts?fields=LastName,Account.Name`);
    expect(children.body).toMatchObject({
      totalSize: 1,
      done: true,
      records: [{ LastName: 'Roche', Account: { Name: 'Les Tilleuls' } }],
    });
    expect((await rest(twin, 'GET', `/sobjects/Account/${account}/Parent`)).status).toBe(404);
    const injected = `/sobjects/Account/${account}/Contacts?fields=${encodeURIComponent('Id FROM Lead WHERE Id')}`;
    expect((await rest(twin, 'GET', injected)).status).toBe(400);
  });

  it('answers 300 with the addresses of all rows that an external id matches', async () => {
    const Email = 'partagee@tilleuls.example';
    const both = [
      await create('Contact', { LastName: 'Un', Email }),
      await create('Contact', { LastName: 'Deux', Email }),
    ];
    const path = `/sobjects/Contact/Email/${Email}`;
    const addresses = both.map((id) => `/services/data/v66.0/sobjects/Contact/${id}`).sort();
    for (const [method, body] of [['GET'], ['PATCH', { Title: 'x' }], ['DELETE']] as const) {
      const reply = await rest(twin, method, path, { body });
      expect([method, reply.status, (reply.body as string[]).sort()]).toEqual([method, 300, addresses]);
    }
    await rest(twin, 'DELETE', `/sobjects/Contact/${both[0]!}`);
    expect((await rest(twin, 'GET', path)).body).toMatchObject({ LastName: 'Deux' });
    expect((await rest(twin, 'PATCH', path, { body: { Title: 'y' } })).body).toMatchObject({ created: false });
  });

  it('creates nothing by external id when the address says updateOnly', async () => {
    const missing = await rest(twin, 'PATCH', `/sobjects/User/Username/nobody@else.example?updateOnly=true`, {
      body: { Title: 'x' },
    });
    expect(missing.status).toBe(404);
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest_conditional_requests.htm
describe('conditional requests', () => {
  const get = (path: string, headers: Readonly<Record<string, string>>) => rest(twin, 'GET', path, { headers });
  const later = new Date(Date.now() + 86_400_000).toUTCString();
  const earlier = new Date(Date.now() - 86_400_000).toUTCString();

  it('answers 304 and 412 by date, for rows and describes', async () => {
    const path = `/sobjects/Contact/${contact}`;
    expect((await get(path, { 'if-modified-since': later })).status).toBe(304);
    expect((await get(path, { 'if-modified-since': earlier })).status).toBe(200);
    expect((await get(path, { 'if-unmodified-since': earlier })).status).toBe(412);
    expect((await get(path, { 'if-unmodified-since': later })).status).toBe(200);
    for (const described of ['/sobjects', '/sobjects/Contact/describe']) {
      const { headers } = await get(described, {});
      expect((await get(described, { 'if-modified-since': headers['last-modified']! })).status).toBe(304);
      expect((await get(described, { 'if-modified-since': earlier })).status).toBe(200);
    }
    const change = await rest(twin, 'PATCH', path, {
      body: { Title: 'x' },
      headers: { 'if-unmodified-since': earlier },
    });
    expect(change.status).toBe(412);
  });

  it('compares the entity tags of accounts, which change with the row', async () => {
    const path = `/sobjects/Account/${account}`;
    const tag = (await get(path, {})).headers.etag!;
    expect((await get(`${path}?fields=Name`, {})).headers.etag).toBe(tag);
    expect((await get(path, { 'if-none-match': `"other", ${tag}` })).status).toBe(304);
    expect((await get(path, { 'if-match': '"other"' })).status).toBe(412);
    const patch = (headers: Readonly<Record<string, string>>) =>
      rest(twin, 'PATCH', path, { body: { Site: 'Ouest' }, headers });
    expect((await patch({ 'if-match': '"other"' })).status).toBe(412);
    expect((await patch({ 'if-match': 'no tag' })).status).toBe(400);
    expect((await patch({ 'if-match': tag })).status).toBe(204);
    expect((await patch({ 'if-match': tag })).status).toBe(412);
    expect((await get(`/sobjects/Contact/${contact}`, {})).headers.etag).toBeUndefined();
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_getdeleted.htm
describe('replication', () => {
  const at = (milliseconds: number): string => encodeURIComponent(new Date(Date.now() + milliseconds).toISOString());
  const HOUR = 3_600_000;

  it('lists updated and deleted rows of a span', async () => {
    const lost = await create('Account', { Name: 'Perdu' });
    await rest(twin, 'DELETE', `/sobjects/Account/${lost}`);
    const span = `start=${at(-HOUR)}&end=${at(HOUR)}`;
    expect((await rest(twin, 'GET', `/sobjects/Account/deleted?${span}`)).body).toMatchObject({
      deletedRecords: [{ id: lost }],
      earliestDateAvailable: expect.stringMatching(/\+0000$/),
    });
    const updated = (await rest(twin, 'GET', `/sobjects/Account/updated?${span}`)).body as { ids: string[] };
    expect(updated.ids).toContain(account);
    expect(updated.ids).not.toContain(lost);
  });

  it.each([
    ['a missing date', `start=${at(-HOUR)}`],
    ['an end before the start', `start=${at(0)}&end=${at(-HOUR)}`],
    ['a start of more than 30 days ago', `start=${at(-31 * 24 * HOUR)}&end=${at(0)}`],
  ])('refuses %s', async (_what, span) => {
    const { status, body } = await rest(twin, 'GET', `/sobjects/Account/updated?${span}`);
    expect({ status, body }).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_REPLICATION_DATE' }] });
  });
});
