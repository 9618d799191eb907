import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { rest } from './callTwin.ts';

let twin: Twin;
let accountId: string;

type Wrapped = { readonly value: unknown; readonly displayValue?: string | null };
type Connection = {
  readonly edges: readonly { readonly cursor: string; readonly node: Readonly<Record<string, unknown>> }[];
  readonly pageInfo: { readonly endCursor: string };
};
type GraphQLAnswer = {
  readonly data: {
    readonly uiapi: Readonly<Record<string, unknown>> & {
      readonly query: Readonly<Record<string, Connection>>;
      readonly aggregate: Readonly<Record<string, Connection>>;
    };
  } | null;
  readonly errors: readonly { readonly message: string }[];
};

const ask = async (query: string, variables: unknown = {}, role = 'admin'): Promise<GraphQLAnswer> =>
  (await rest(twin, 'POST', '/graphql', { body: { query, variables }, role })).body as GraphQLAnswer;
const save = async (object: string, body: unknown): Promise<string> =>
  ((await rest(twin, 'POST', `/sobjects/${object}`, { body })).body as { id: string }).id;

beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  accountId = await save('Account', { Name: 'Collectif des Rives', AnnualRevenue: 1234 });
  for (const name of ['Alix', 'Bao', 'Chloé', 'Dounia', 'Élie'])
    await save('Contact', { LastName: name, AccountId: accountId });
});
afterAll(() => twin.close());

const page = `query People($first: Int, $after: String, $where: Contact_Filter) {
  uiapi { query { Contact(first: $first, after: $after, where: $where, orderBy: { LastName: { order: ASC } }) {
    totalCount pageResultCount
    edges { cursor node { Id ApiName LastName { value displayValue } Account { Id Name { value } } } }
    pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`;

describe('GraphQL queries', () => {
  it('page forward with parents, counts and cursors', async () => {
    const first = (await ask(page, { first: 3 })).data!.uiapi.query['Contact']!;
    expect(first).toMatchObject({
      totalCount: 5,
      pageResultCount: 3,
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    expect(first.edges[0]?.node).toEqual({
      Id: expect.stringMatching(/^003\w{15}$/),
      ApiName: 'Contact',
      LastName: { value: 'Alix', displayValue: null },
      Account: { Id: accountId, Name: { value: 'Collectif des Rives' } },
    });
    const second = (await ask(page, { first: 3, after: first.pageInfo.endCursor })).data!.uiapi.query['Contact']!;
    expect(second).toMatchObject({ pageResultCount: 2, pageInfo: { hasNextPage: false, hasPreviousPage: true } });
  });

  it('filter by operators, parents, or, not, in, semi-joins and dates', async () => {
    const names = async (where: unknown): Promise<unknown[]> =>
      (await ask(page, { first: 20, where })).data!.uiapi.query['Contact']!.edges.map(
        ({ node }) => (node['LastName'] as Wrapped).value,
      );
    expect(await names({ LastName: { like: 'B%' } })).toEqual(['Bao']);
    expect(await names({ or: [{ LastName: { eq: 'alix' } }, { LastName: { in: ['Bao', 'x'] } }] })).toEqual([
      'Alix',
      'Bao',
    ]);
    expect(await names({ not: { LastName: { ne: 'Bao' } } })).toEqual(['Bao']);
    expect(await names({ Account: { Name: { eq: 'Collectif des Rives' } }, LastName: { gt: 'D' } })).toContain(
      'Dounia',
    );
    expect(
      await names({ AccountId: { inq: { Account: { Name: { like: 'Collectif%' } }, ApiName: 'Id' } } }),
    ).toHaveLength(5);
    expect(await names({ CreatedDate: { gte: { range: { last_n_days: 3 } } } })).toHaveLength(5);
    expect(await names({ CreatedDate: { eq: { literal: 'TODAY' } } })).toHaveLength(5);
  });

  it('never let a value become part of the query', async () => {
    const hostile = "x' OR Name LIKE '%";
    const { data, errors } = await ask(page, { first: 20, where: { LastName: { eq: hostile } } });
    expect(data!.uiapi.query['Contact']).toMatchObject({ totalCount: 0 });
    expect(errors).toEqual([]);
    const literal = await ask(page, { where: { CreatedDate: { eq: { literal: "TODAY OR Name != ''" } } } });
    expect(literal.errors[0]?.message).toContain('WrongType');
  });

  it('answer children, fragments, aliases, variables and display values', async () => {
    const { data } = await ask(
      `query Q($small: Boolean = true) { uiapi { query { rivers: Account(where: { Name: { like: "Collectif%" } }) {
         edges { node { ...Head AnnualRevenue { value displayValue } Phone @skip(if: $small) { value }
           Contacts(first: 2, orderBy: { LastName: { order: DESC } }) { edges { node { LastName { value } } } pageInfo { hasNextPage } } } } } } } }
       fragment Head on Account { title: Name { value } }`,
    );
    const { node } = data!.uiapi.query['rivers']!.edges[0]!;
    expect(node['title']).toEqual({ value: 'Collectif des Rives' });
    expect(node['AnnualRevenue']).toMatchObject({ value: 1234 });
    expect((node['AnnualRevenue'] as Wrapped).displayValue).toContain('€');
    expect(node).not.toHaveProperty('Phone');
    expect(node['Contacts']).toMatchObject({ edges: [{}, {}], pageInfo: { hasNextPage: true } });
  });

  it('aggregate, also by groups', async () => {
    const { data } = await ask(`query { uiapi { aggregate { Contact(groupBy: { AccountId: { group: true } }) {
      edges { node { aggregate { AccountId { value } Id { count { value } } } } } } } } }`);
    expect(data!.uiapi.aggregate['Contact']!.edges).toEqual([
      {
        node: { aggregate: { AccountId: { value: accountId }, Id: { count: { value: 5 } } } },
        cursor: expect.any(String),
      },
    ]);
  });

  it('fail whole for one field the user cannot see, unless it is optional', async () => {
    const query = (directive: string) =>
      `query { uiapi { query { Contact(first: 1) { edges { node { Id Nothing__c ${directive} { value } } } } } } }`;
    const strict = await ask(query(''));
    expect([strict.data, strict.errors[0]?.message]).toEqual([
      null,
      expect.stringContaining("Field 'Nothing__c' in type 'Contact' is undefined"),
    ]);
    const lenient = await ask(query('@optional'));
    expect([lenient.errors, lenient.data!.uiapi.query['Contact']!.edges[0]!.node]).toEqual([
      [],
      { Id: expect.any(String) },
    ]);
  });

  it('answer syntax errors, unknown objects and what is not emulated as errors', async () => {
    const messageOf = async (query: string) => (await ask(query)).errors[0]?.message;
    expect(await messageOf('query { uiapi {')).toContain('Invalid Syntax');
    expect(await messageOf('query { uiapi { query { Nothing__c { edges { node { Id } } } } } }')).toContain(
      "Field 'Nothing__c'",
    );
    expect(await messageOf('query { uiapi { objectInfos(apiNames: ["Contact"]) { ApiName } } }')).toContain(
      'NOT_EMULATED',
    );
    expect(await messageOf('query { uiapi { query { Contact(first: 201) { edges { node { Id } } } } } }')).toContain(
      'between 1 and 200',
    );
  });
});

describe('GraphQL mutations', () => {
  it('create, update and delete in a chain', async () => {
    const { data, errors } = await ask(
      `mutation M($name: String!) { uiapi {
        org: AccountCreate(input: { Account: { Name: $name } }) { Record { Id Name { value } } }
        person: ContactCreate(input: { Contact: { LastName: "Chaîne", AccountId: "@{org}" } }) { Record { Id AccountId { value } } } } }`,
      { name: 'Chaînon' },
    );
    expect(errors).toEqual([]);
    const { org, person } = data!.uiapi as unknown as Record<
      'org' | 'person',
      { Record: Record<string, Wrapped> & { Id: string } }
    >;
    expect(person.Record['AccountId']!.value).toBe(org.Record.Id);
    const updated = await ask(
      'mutation U($input: AccountUpdateInput!) { uiapi { AccountUpdate(input: $input) { success Record { Site { value } } } } }',
      { input: { Id: org.Record.Id, Account: { Site: 'Sud' } } },
    );
    expect(updated.data!.uiapi['AccountUpdate']).toEqual({ success: true, Record: { Site: { value: 'Sud' } } });
    const deleted = await ask(`mutation { uiapi { ContactDelete(input: { Id: "${person.Record.Id}" }) { Id } } }`);
    expect(deleted.data!.uiapi['ContactDelete']).toEqual({ Id: person.Record.Id });
  });

  it('undo all when one fails, unless allOrNone is false', async () => {
    const mutation = (input: string) => `mutation { uiapi${input} {
      good: AccountCreate(input: { Account: { Name: "Solo" } }) { Record { Id } }
      bad: ContactCreate(input: { Contact: { FirstName: "Sans nom" } }) { Record { Id } } } }`;
    const together = await ask(mutation(''));
    expect(together).toMatchObject({
      data: null,
      errors: [{ path: ['uiapi', 'bad'], extensions: { ErrorType: 'REQUIRED_FIELD_MISSING' } }],
    });
    const count = async () => (await rest(twin, 'GET', "/query?q=SELECT+Id+FROM+Account+WHERE+Name='Solo'")).body;
    expect(await count()).toMatchObject({ totalSize: 0 });
    const alone = await ask(mutation('(input: { allOrNone: false })'));
    expect(alone.data!.uiapi).toMatchObject({ good: { Record: {} }, bad: null });
    expect(await count()).toMatchObject({ totalSize: 1 });
  });
});

describe('UI API', () => {
  it('reads records by fields, parents included, and leaves out optional ones that do not exist', async () => {
    const contact = await save('Contact', { LastName: 'Fiche', AccountId: accountId });
    const { status, body } = await rest(
      twin,
      'GET',
      `/ui-api/records/${contact}?fields=Contact.LastName,Contact.Account.Name&optionalFields=Contact.Nothing__c`,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      apiName: 'Contact',
      id: contact,
      fields: {
        LastName: { value: 'Fiche', displayValue: null },
        Account: {
          displayValue: 'Collectif des Rives',
          value: { apiName: 'Account', fields: { Name: { value: 'Collectif des Rives' } } },
        },
      },
    });
    expect((await rest(twin, 'GET', `/ui-api/records/${contact}?fields=Contact.Nothing__c`)).status).toBe(400);
  });

  it('writes records and shapes refusals for forms', async () => {
    const made = await rest(twin, 'POST', '/ui-api/records', {
      body: { apiName: 'Account', fields: { Name: 'Formulaire' } },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { apiName: 'Account', fields: { Name: { value: 'Formulaire' } } },
    });
    const { id } = made.body as { id: string };
    const changed = await rest(twin, 'PATCH', `/ui-api/records/${id}`, { body: { fields: { Site: 'Ouest' } } });
    expect(changed).toMatchObject({ status: 200, body: { fields: { Site: { value: 'Ouest' } } } });
    const refused = await rest(twin, 'POST', '/ui-api/records', {
      body: { apiName: 'Contact', fields: { FirstName: 'x' } },
    });
    expect(refused).toMatchObject({
      status: 400,
      body: {
        enhancedErrorType: 'RecordError',
        output: { fieldErrors: { LastName: [{ errorCode: 'REQUIRED_FIELD_MISSING' }] } },
      },
    });
    expect((await rest(twin, 'DELETE', `/ui-api/records/${id}`)).status).toBe(204);
  });

  it('describes objects and picklists', async () => {
    expect((await rest(twin, 'GET', '/ui-api/object-info/contact')).body).toMatchObject({
      apiName: 'Contact',
      fields: { LastName: { required: true } },
    });
    const values = await rest(twin, 'GET', '/ui-api/object-info/Contact/picklist-values/012000000000000AAA/LeadSource');
    expect(values.body).toMatchObject({
      values: expect.arrayContaining([expect.objectContaining({ value: 'Web', label: 'Web' })]),
    });
  });
});
