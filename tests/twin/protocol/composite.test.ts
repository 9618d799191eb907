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
const count = async (soql: string): Promise<number> =>
  ((await rest(twin, 'GET', `/query?q=${encodeURIComponent(soql)}`)).body as { totalSize: number }).totalSize;

describe('composite', () => {
  it('hands results from step to step, also out of query records', async () => {
    const { status, body } = await rest(twin, 'POST', '/composite', {
      body: {
        allOrNone: true,
        compositeRequest: [
          step('POST', '/sobjects/Account', 'acc', { Name: 'Maison Claire' }),
          step('POST', '/sobjects/Contact', 'con', { LastName: 'Claire', AccountId: '@{acc.id}' }),
          step('GET', "/query?q=SELECT Id, AccountId FROM Contact WHERE Id = '@{con.id}'", 'found'),
          step('PATCH', '/sobjects/Account/@{found.records[0].AccountId}', 'named', { Site: 'Lyon' }),
          step('GET', '/sobjects/Account/@{acc.id}?fields=Name,Site', 'read'),
        ],
      },
    });
    expect(status).toBe(200);
    const { compositeResponse } = body as {
      compositeResponse: { httpStatusCode: number; body: unknown; referenceId: string }[];
    };
    expect(compositeResponse.map(({ httpStatusCode, referenceId }) => [referenceId, httpStatusCode])).toEqual([
      ['acc', 201],
      ['con', 201],
      ['found', 200],
      ['named', 204],
      ['read', 200],
    ]);
    expect(compositeResponse.at(-1)?.body).toMatchObject({ Name: 'Maison Claire', Site: 'Lyon' });
  });

  it('undoes every step of an all-or-none request when one fails', async () => {
    const { status, body } = await rest(twin, 'POST', '/composite', {
      body: {
        allOrNone: true,
        compositeRequest: [
          step('POST', '/sobjects/Account', 'a1', { Name: 'Défait' }),
          step('POST', '/sobjects/Account', 'a2', { XName: 'x' }),
          step('POST', '/sobjects/Account', 'a3', { Name: 'Défait' }),
        ],
      },
    });
    const halted = {
      errorCode: 'PROCESSING_HALTED',
      message: 'The transaction was rolled back since another operation in the same transaction failed.',
    };
    expect(status).toBe(200);
    expect(body).toMatchObject({
      compositeResponse: [
        { referenceId: 'a1', httpStatusCode: 400, body: [halted] },
        { referenceId: 'a2', httpStatusCode: 400, body: [{ errorCode: 'INVALID_FIELD' }] },
        { referenceId: 'a3', httpStatusCode: 400, body: [halted] },
      ],
    });
    expect(await count("SELECT Id FROM Account WHERE Name = 'Défait'")).toBe(0);
  });

  it('keeps the good steps otherwise, and fails what refers to a failed one', async () => {
    const { body } = await rest(twin, 'POST', '/composite', {
      body: {
        compositeRequest: [
          step('POST', '/sobjects/Account', 'bad', {}),
          step('POST', '/sobjects/Contact', 'lost', { LastName: 'Perdu', AccountId: '@{bad.id}' }),
          step('POST', '/sobjects/Account', 'good', { Name: 'Gardé' }),
          step('POST', '/services/nowhere', 'unknown'),
        ],
      },
    });
    expect(body).toMatchObject({
      compositeResponse: [
        { httpStatusCode: 400 },
        { httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED' }] },
        { httpStatusCode: 201 },
        { httpStatusCode: 501, body: [{ errorCode: 'NOT_EMULATED' }] },
      ],
    });
    expect(await count("SELECT Id FROM Account WHERE Name = 'Gardé'")).toBe(1);
  });

  it('runs batches of independent requests', async () => {
    const { body } = await rest(twin, 'POST', '/composite/batch', {
      body: {
        batchRequests: [
          { method: 'GET', url: 'v66.0/limits' },
          { method: 'GET', url: 'v66.0/sobjects/Nothing__c/describe' },
          { method: 'POST', url: 'v66.0/sobjects/Account', richInput: { Name: 'Lot' } },
        ],
      },
    });
    expect(body).toMatchObject({
      hasErrors: true,
      results: [{ statusCode: 200 }, { statusCode: 404 }, { statusCode: 201 }],
    });
  });

  it('runs graphs alone, each to its end or not at all', async () => {
    const graph = (graphId: string, body: unknown) => ({
      graphId,
      compositeRequest: [
        step('POST', '/sobjects/Account', 'first', { Name: `Graphe ${graphId}` }),
        step('POST', '/sobjects/Account', 'second', body),
      ],
    });
    const { body } = await rest(twin, 'POST', '/composite/graph', {
      body: { graphs: [graph('g1', { Name: 'Suite' }), graph('g2', {})] },
    });
    expect(body).toMatchObject({
      graphs: [
        { graphId: 'g1', isSuccessful: true },
        { graphId: 'g2', isSuccessful: false },
      ],
    });
    expect(await count("SELECT Id FROM Account WHERE Name LIKE 'Graphe %'")).toBe(1);
  });

  it('refuses a graph of more than 500 nodes in the platform’s words', async () => {
    const compositeRequest = Array.from({ length: 501 }, (_, i) =>
      step('POST', '/sobjects/Account', `r${i}`, { Name: 'x' }),
    );
    const { body } = await rest(twin, 'POST', '/composite/graph', {
      body: { graphs: [{ graphId: 'g', compositeRequest }] },
    });
    expect(body).toMatchObject({
      graphs: [
        {
          isSuccessful: false,
          graphResponse: {
            compositeResponse: [
              {
                body: [
                  { errorCode: 'LIMIT_EXCEEDED', message: 'Limit of 500 reached for number of Nodes in the Graph' },
                ],
              },
            ],
          },
        },
      ],
    });
  });

  it('creates trees with children, and nothing of a tree with an error', async () => {
    const tree = (name: string, lastName: string | undefined) => ({
      records: [
        {
          attributes: { type: 'Account', referenceId: 'r1' },
          Name: name,
          Contacts: {
            records: [
              {
                attributes: { type: 'Contact', referenceId: 'r2' },
                ...(lastName === undefined ? {} : { LastName: lastName }),
              },
            ],
          },
        },
      ],
    });
    const good = await rest(twin, 'POST', '/composite/tree/Account', { body: tree('Arbre', 'Feuille') });
    expect(good).toMatchObject({
      status: 201,
      body: { hasErrors: false, results: [{ referenceId: 'r1' }, { referenceId: 'r2' }] },
    });
    expect(await count("SELECT Id FROM Contact WHERE Account.Name = 'Arbre'")).toBe(1);
    const bad = await rest(twin, 'POST', '/composite/tree/Account', { body: tree('Arbre mort', undefined) });
    expect(bad).toMatchObject({
      status: 400,
      body: {
        hasErrors: true,
        results: [{ referenceId: 'r2', errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', fields: ['LastName'] }] }],
      },
    });
    expect(await count("SELECT Id FROM Account WHERE Name = 'Arbre mort'")).toBe(0);
  });
});
