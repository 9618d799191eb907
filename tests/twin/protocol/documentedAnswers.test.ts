import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { rest } from './callTwin.ts';

/* Answers as the REST API guide shows them: https://developer.salesforce.com/docs/platform/api-rest/guide/ (page names below). */

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(() => twin.close());

type Row = Readonly<Record<string, unknown>>;

const call = async (method: string, path: string, body?: unknown): Promise<unknown> =>
  (await rest(twin, method, path, body === undefined ? {} : { body })).body;
const account = (fields: Row): Row => ({ attributes: { type: 'Account' }, ...fields });
const insert = async (name: string): Promise<string> => {
  const saved = (await call('POST', '/sobjects/Account', { Name: name })) as { readonly id: string };
  return saved.id;
};

const rolledBack = {
  statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
  fields: [],
};

/** resources-composite-sobjects-collections-*.html */
describe('collections', () => {
  it('name the rows that were there before and were undone', async () => {
    const id = await insert('Un');
    const records = [account({ id, Name: 'Deux' }), account({ id: '001xx000003DGb2999', Name: 'x' })];
    expect(await call('PATCH', '/composite/sobjects', { allOrNone: true, records })).toEqual([
      { id, success: false, errors: [rolledBack] },
      {
        success: false,
        errors: [
          {
            statusCode: 'MALFORMED_ID',
            message: 'Account ID: id value of incorrect type: 001xx000003DGb2999',
            fields: ['Id'],
          },
        ],
      },
    ]);
    expect(await call('DELETE', `/composite/sobjects?ids=${id},001RM000003oLrB000&allOrNone=true`)).toEqual([
      { id, success: false, errors: [rolledBack] },
      {
        success: false,
        errors: [{ statusCode: 'MALFORMED_ID', message: 'malformed id 001RM000003oLrB000', fields: [] }],
      },
    ]);
    expect(await call('GET', `/sobjects/Account/${id}?fields=Name`)).toMatchObject({ Name: 'Un' });
  });

  it('name no row that was to be new', async () => {
    const records = [account({ Name: 'Neuf' }), account({})];
    expect(await call('POST', '/composite/sobjects', { allOrNone: true, records })).toEqual([
      { success: false, errors: [rolledBack] },
      { success: false, errors: [expect.objectContaining({ statusCode: 'REQUIRED_FIELD_MISSING' })] },
    ]);
  });

  it('read null for ids that are none, of other objects, or not there, and refuse unknown fields', async () => {
    const id = await insert('Lue');
    const ids = `${id},001000000000001AAA,003000000000001AAA,foo`;
    expect(await call('GET', `/composite/sobjects/Account?ids=${ids}&fields=Name`)).toEqual([
      expect.objectContaining({ Name: 'Lue' }),
      null,
      null,
      null,
    ]);
    const body = { ids: ['001000000000001AAA'], fields: ['Id', 'Nothing'] };
    const refused = await rest(twin, 'POST', '/composite/sobjects/Account', { body });
    expect(refused).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_FIELD' }] });
  });
});

/** resources-composite-composite-post.html */
describe('composite', () => {
  it('says of a value that is not there what a reference must look like', async () => {
    const query = '/services/data/v66.0/query?q=SELECT+Id+FROM+Account+LIMIT+1';
    const answer = await call('POST', '/composite', {
      compositeRequest: [
        { method: 'GET', url: query, referenceId: 'ref' },
        {
          method: 'GET',
          url: '/services/data/v66.0/sobjects/Account/@{ref.records[0].ParentId}',
          referenceId: 'parent',
        },
      ],
    });
    expect((answer as { readonly compositeResponse: readonly unknown[] }).compositeResponse[1]).toEqual({
      body: [
        {
          errorCode: 'PROCESSING_HALTED',
          message:
            "Invalid reference specified. No value for ref.records[0].ParentId found in ref. Provided referenceId ('ref.records[0].ParentId') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').",
        },
      ],
      httpHeaders: {},
      httpStatusCode: 400,
      referenceId: 'parent',
    });
  });

  it('lists its resources', async () => {
    const base = '/services/data/v66.0/composite';
    expect(await call('GET', '/composite')).toEqual({
      tree: `${base}/tree`,
      batch: `${base}/batch`,
      sobjects: `${base}/sobjects`,
      graph: `${base}/graph`,
    });
  });
});

/** resources-composite-sobject-tree.html */
describe('a tree', () => {
  const record = (type: string, referenceId: string, fields: Row): Row => ({
    attributes: { type, referenceId },
    ...fields,
  });
  const tree = (records: readonly Row[]) => rest(twin, 'POST', '/composite/tree/Account', { body: { records } });
  const people = (...names: readonly string[]): Row => ({
    Contacts: { records: names.map((name) => record('Contact', name, { LastName: name })) },
  });

  it('is saved and answered level by level', async () => {
    const { status, body } = await tree([
      record('Account', 'ref1', { Name: 'SampleAccount', NumberOfEmployees: '100', ...people('ref2', 'ref3') }),
      record('Account', 'ref4', { Name: 'SampleAccount2' }),
    ]);
    expect(status).toBe(201);
    const { results } = body as { readonly results: readonly { readonly referenceId: string }[] };
    expect(results.map(({ referenceId }) => referenceId)).toEqual(['ref1', 'ref4', 'ref2', 'ref3']);
  });

  it('answers every record of a level that fails, and nothing is saved', async () => {
    const broken = record('Contact', 'ref2', { LastName: 'Smith', Email: '123' });
    const { status, body } = await tree([
      record('Account', 'ref1', { Name: 'Brisé', Contacts: { records: [broken, record('Contact', 'ref3', {})] } }),
    ]);
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        hasErrors: true,
        results: [
          {
            referenceId: 'ref2',
            errors: [
              { statusCode: 'INVALID_EMAIL_ADDRESS', message: 'Email: invalid email address: 123', fields: ['Email'] },
            ],
          },
          { referenceId: 'ref3', errors: [expect.objectContaining({ statusCode: 'REQUIRED_FIELD_MISSING' })] },
        ],
      },
    });
    expect(await call('GET', "/query?q=SELECT+COUNT()+FROM+Account+WHERE+Name='Brisé'".replace('é', '%C3%A9'))).toEqual(
      { totalSize: 0, done: true, records: [] },
    );
  });

  it('answers every record of a reference id given twice', async () => {
    const { status, body } = await tree([
      record('Account', 'ref1', { Name: 'Un' }),
      record('Account', 'ref2', { Name: 'Deux' }),
      record('Account', 'ref1', { Name: 'Trois' }),
    ]);
    const { hasErrors, results } = body as {
      readonly hasErrors: boolean;
      readonly results: readonly { readonly referenceId: string }[];
    };
    expect([status, hasErrors, results.map(({ referenceId }) => referenceId)]).toEqual([400, true, ['ref1', 'ref1']]);
  });
});
