import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { rest } from './callTwin.ts';

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(() => twin.close());

const step = (method: string, path: string, referenceId: string, body?: unknown) => ({
  method,
  url: `/services/data/v66.0${path}`,
  referenceId,
  ...(body === undefined ? {} : { body }),
});
const named = (referenceId: string, Name = referenceId) => step('POST', '/sobjects/Account', referenceId, { Name });
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const post = (path: string, body: unknown) => rest(twin, 'POST', path, { body });

type Step = { httpStatusCode: number; httpHeaders: Record<string, string>; body: unknown; referenceId: string };
const composite = async (compositeRequest: unknown, more = {}): Promise<Step[]> =>
  ((await post('/composite', { compositeRequest, ...more })).body as { compositeResponse: Step[] }).compositeResponse;

// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite.htm
describe('composite', () => {
  it.each([
    ['26 subrequests', () => many(26, (i) => named(`r${i}`))],
    ['6 queries', () => many(6, (i) => step('GET', '/query?q=SELECT Id FROM Account', `r${i}`))],
    ['6 collections', () => many(6, (i) => step('POST', '/composite/sobjects', `r${i}`, { records: [] }))],
  ])('refuses %s', async (_what, steps) => {
    const { status, body } = await post('/composite', { compositeRequest: steps() });
    expect({ status, body }).toMatchObject({ status: 400, body: [{ errorCode: 'LIMIT_EXCEEDED' }] });
  });

  it.each(['_first', 'a b', 'a-b'])('refuses the reference id %j', async (referenceId) => {
    const { status, body } = await post('/composite', { compositeRequest: [named(referenceId, 'x')] });
    const message = `Provided referenceId ('${referenceId}') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').`;
    expect({ status, body }).toEqual({ status: 400, body: [{ errorCode: 'JSON_PARSER_ERROR', message }] });
  });

  it('tells where a created row is, and takes headers of a subrequest', async () => {
    const [created, tagged] = await composite([
      named('acc'),
      { ...step('GET', '/sobjects/Account/@{acc.id}', 'again'), httpHeaders: { 'If-None-Match': '*' } },
    ]);
    const { id } = created!.body as { id: string };
    expect(created!.httpHeaders).toEqual({ Location: `/services/data/v66.0/sobjects/Account/${id}` });
    expect([tagged!.httpStatusCode, tagged!.body]).toEqual([304, null]);
  });

  it('gives what a reference stands for into lists and child rows, whatever collateSubrequests says', async () => {
    const steps = [
      named('acc', 'Parent'),
      step('POST', '/composite/sobjects', 'cons', {
        records: ['Un', 'Deux'].map((LastName) => ({
          attributes: { type: 'Contact' },
          LastName,
          AccountId: '@{acc.id}',
        })),
      }),
      step(
        'GET',
        "/query?q=SELECT Id, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account WHERE Id = '@{acc.id}'",
        'q',
      ),
      step('PATCH', '/sobjects/Contact/@{cons[1].id}', 'named', {
        Title: '@{q.records[0].Contacts.records[0].LastName}',
      }),
      step('GET', '/sobjects/Contact/@{cons[1].id}?fields=Title', 'read'),
    ];
    const results = await composite(steps, { collateSubrequests: true, allOrNone: true });
    expect(results.map(({ httpStatusCode }) => httpStatusCode)).toEqual([201, 200, 200, 204, 200]);
    expect(results.at(-1)?.body).toMatchObject({ Title: 'Deux' });
  });

  it('answers an unknown column as recorded', async () => {
    const [failed] = await composite([step('POST', '/sobjects/Account', 'a2', { XName: 'x' })]);
    expect(failed?.body).toEqual([
      { message: "No such column 'XName' on sobject of type Account", errorCode: 'INVALID_FIELD' },
    ]);
  });
});

describe('composite batch', () => {
  const get = (path: string) => ({ method: 'GET', url: `v66.0${path}` });

  it('stops at the first failure when asked to', async () => {
    const batchRequests = [get('/limits'), get('/sobjects/Nothing__c'), get('/limits')];
    const { body } = await post('/composite/batch', { batchRequests, haltOnError: true });
    expect(body).toMatchObject({
      hasErrors: true,
      results: [
        { statusCode: 200 },
        { statusCode: 404 },
        { statusCode: 412, result: [{ errorCode: 'BATCH_PROCESSING_HALTED' }] },
      ],
    });
  });

  it('takes 25 requests', async () => {
    const { body } = await post('/composite/batch', { batchRequests: many(26, () => get('/limits')) });
    expect(body).toMatchObject([{ errorCode: 'LIMIT_EXCEEDED' }]);
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_graph_limits.htm
describe('composite graph', () => {
  const graph = (graphId: string, compositeRequest: unknown) => ({ graphId, compositeRequest });
  type Graphs = { graphs: { isSuccessful: boolean; graphResponse: { compositeResponse: Step[] } }[] };

  it.each([
    ['76 graphs', () => many(76, (i) => graph(`g${i}`, [named('a')]))],
    [
      '501 nodes in all',
      () => [
        graph(
          'a',
          many(251, (i) => named(`r${i}`)),
        ),
        graph(
          'b',
          many(250, (i) => named(`r${i}`)),
        ),
      ],
    ],
    [
      '16 kinds of nodes',
      () => [
        graph(
          'a',
          many(16, (i) => ({ ...named(`r${i}`), url: `/services/data/v${40 + i}.0/sobjects/Account` })),
        ),
      ],
    ],
  ])('refuses %s', async (_what, graphs) => {
    const { status, body } = await post('/composite/graph', { graphs: graphs() });
    expect({ status, body }).toMatchObject({ status: 400, body: [{ errorCode: 'LIMIT_EXCEEDED' }] });
  });

  it('refuses a graph of more than 15 levels', async () => {
    const chain = (levels: number) =>
      many(levels, (i) =>
        step('POST', '/sobjects/Account', `r${i}`, { Name: 'n', ...(i === 0 ? {} : { ParentId: `@{r${i - 1}.id}` }) }),
      );
    const { graphs } = (await post('/composite/graph', { graphs: [graph('ok', chain(15)), graph('deep', chain(16))] }))
      .body as Graphs;
    expect(graphs.map(({ isSuccessful }) => isSuccessful)).toEqual([true, false]);
    expect(graphs[1]?.graphResponse.compositeResponse).toMatchObject([
      { referenceId: null, body: [{ errorCode: 'LIMIT_EXCEEDED' }] },
    ]);
  });

  it('halts when more than 14 graphs have failed', async () => {
    const bad = many(17, (i) => graph(`g${i}`, [step('POST', '/sobjects/Account', 'a', {})]));
    const { graphs } = (await post('/composite/graph', { graphs: bad })).body as Graphs;
    const codes = graphs.map(
      ({ graphResponse }) => (graphResponse.compositeResponse[0]?.body as { errorCode: string }[])[0]?.errorCode,
    );
    expect(codes.slice(0, 15)).toEqual(many(15, () => 'REQUIRED_FIELD_MISSING'));
    expect(codes.slice(15)).toEqual(['PROCESSING_HALTED', 'PROCESSING_HALTED']);
  });

  it('holds rows alone', async () => {
    const query = step('GET', '/query?q=SELECT Id FROM Account', 'q');
    const { status, body } = await post('/composite/graph', { graphs: [graph('g', [query])] });
    expect({ status, body }).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_INPUT' }] });
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_create.htm
describe('collections', () => {
  const row = (type: string, fields: object) => ({ attributes: { type }, ...fields });

  it('take 200 rows in 10 chunks of one type each', async () => {
    const over = await post('/composite/sobjects', { records: many(201, () => row('Account', { Name: 'x' })) });
    expect(over.body).toMatchObject([{ errorCode: 'EXCEEDED_ID_LIMIT' }]);
    const alternate = many(11, (i) =>
      i % 2 === 0 ? row('Account', { Name: 'x' }) : row('Contact', { LastName: 'y' }),
    );
    expect((await post('/composite/sobjects', { records: alternate })).status).toBe(400);
    expect((await post('/composite/sobjects', { records: alternate.slice(1) })).status).toBe(200);
  });

  it('read 2,000 rows by id, and null for one that is not there', async () => {
    const [created] = (await post('/composite/sobjects', { records: [row('Account', { Name: 'Lu' })] })).body as {
      id: string;
    }[];
    const read = await post('/composite/sobjects/Account', {
      ids: [created!.id, '001000000000000AAA'],
      fields: ['Name'],
    });
    expect(read.body).toEqual([expect.objectContaining({ Name: 'Lu' }), null]);
    const over = await post('/composite/sobjects/Account', { ids: many(2_001, () => created!.id), fields: ['Id'] });
    expect(over.status).toBe(400);
  });
});
