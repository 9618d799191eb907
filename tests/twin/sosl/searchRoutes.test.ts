import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { bearerOf, callTwin, jsonOf, rest } from '../protocol/callTwin.ts';

let twin: Twin;
let id: string;

beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  const { body } = await rest(twin, 'POST', '/sobjects/Account', { body: { Name: 'Société Générée' } });
  ({ id } = body as { id: string });
});

afterAll(() => twin.close());

const find = (sosl: string) => rest(twin, 'GET', `/search/?q=${encodeURIComponent(sosl)}`);

// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_search.htm
describe('GET /search', () => {
  it('answers searchRecords', async () => {
    const url = `/services/data/v66.0/sobjects/Account/${id}`;
    expect((await find('FIND {societe*} RETURNING Account(Id, Name)')).body).toEqual({
      searchRecords: [{ attributes: { type: 'Account', url }, Id: id, Name: 'Société Générée' }],
    });
    expect((await find('FIND {nowhere}')).body).toEqual({ searchRecords: [] });
  });

  it('answers a bare list before version 37', async () => {
    const q = encodeURIComponent('FIND {societe} RETURNING Account');
    const reply = await callTwin(twin, `/services/data/v36.0/search?q=${q}`, { headers: bearerOf(twin) });
    expect(jsonOf(reply)).toMatchObject([{ Id: id }]);
  });

  it('refuses in the words of the platform', async () => {
    expect(await find('FIND Jones')).toMatchObject({
      status: 400,
      body: [
        {
          errorCode: 'MALFORMED_SEARCH',
          message: 'No search term found. The search term must be enclosed in braces.',
        },
      ],
    });
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_search_parameterized.htm
describe('/parameterizedSearch', () => {
  it('is asked by body', async () => {
    const body = { q: 'generee', fields: ['id', 'name'], sobjects: [{ name: 'Account', limit: 3 }], in: 'NAME' };
    const reply = await rest(twin, 'POST', '/parameterizedSearch', { body });
    expect(reply.body).toMatchObject({ searchRecords: [{ Id: id, Name: 'Société Générée' }] });
  });

  it('is asked by address', async () => {
    const query = 'q=generee&sobject=Account&Account.fields=id,name&Account.limit=10&sobject=Contact';
    const reply = await rest(twin, 'GET', `/parameterizedSearch/?${query}`);
    expect(reply.body).toMatchObject({ searchRecords: [{ Id: id, Name: 'Société Générée' }] });
  });

  it('refuses by name what it does not do, and what is wrong with its path', async () => {
    const named = await rest(twin, 'POST', '/parameterizedSearch', { body: { q: 'generee', snippet: 'x' } });
    expect(named).toMatchObject({ status: 501, body: [{ message: 'NOT_EMULATED: parameterized search: snippet' }] });
    const wrong = await rest(twin, 'POST', '/parameterizedSearch', { body: { q: 'generee', overallLimit: 5000 } });
    expect(wrong).toMatchObject({ status: 400, body: [{ message: expect.stringContaining('overallLimit') }] });
  });
});
