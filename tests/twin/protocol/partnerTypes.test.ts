import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { isObject } from '../../../scripts/twin/http/exchange.ts';
import { elementsOfType } from '../../../scripts/twin/soap/partnerTypes.ts';
import { child, children, isNil, parseXml } from '../../../scripts/twin/soap/xml.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { callTwin } from './callTwin.ts';
import type { Reply } from './callTwin.ts';

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(() => twin.close());

const send = (body: string, options: { version?: number; headers?: string } = {}): Promise<Reply> =>
  callTwin(twin, `/services/Soap/u/${options.version ?? 66}.0`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml', soapaction: '""' },
    body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" xmlns:s="urn:sobject.partner.soap.sforce.com"><e:Header><SessionHeader><sessionId>${twin.users['admin']!.accessToken}</sessionId></SessionHeader>${options.headers ?? ''}</e:Header><e:Body>${body}</e:Body></e:Envelope>`,
  });

/** What an element breaks of its type in the official WSDL: order, presence, repetition, nil. */
const breaches = (type: string, node: unknown, path = type): string[] => {
  const elements = elementsOfType(type);
  const names = Object.keys(isObject(node) ? node : {}).filter((name) => !name.startsWith('@') && name !== '#text');
  const order = elements.map(({ name }) => name);
  const unknown = names.filter((name) => !order.includes(name)).map((name) => `${path}.${name} is not in the type`);
  const present = order.filter((name) => names.includes(name));
  const disorder = names.filter((name) => order.includes(name)).join() === present.join() ? [] : [`${path}: order`];
  const inner = elements.flatMap((element) => {
    const found = children(node, element.name);
    const here = `${path}.${element.name}`;
    if (found.length === 0) return element.optional ? [] : [`${here} is missing`];
    if (found.length > 1 && !element.repeats) return [`${here} repeats`];
    return found.flatMap((one) => {
      if (isNil(one)) return element.nillable ? [] : [`${here} is nil`];
      return element.type === undefined || element.type === 'sObject' ? [] : breaches(element.type, one, here);
    });
  });
  return [...unknown, ...disorder, ...inner];
};

const resultsOf = (reply: Reply, operation: string): readonly unknown[] =>
  children(child(child(child(parseXml(reply.text), 'Envelope'), 'Body'), `${operation}Response`), 'result');

const idsIn = (reply: Reply): string[] => [...reply.text.matchAll(/<id>(\w{18})<\/id>/g)].map(([, id]) => id!);

const account = (fields: string): string => `<sObjects><s:type>Account</s:type>${fields}</sObjects>`;

describe('answers of the partner API fit the types of the official WSDL', () => {
  it('for rows', async () => {
    const created = await send(`<create>${account('<s:Name>Ardoise</s:Name>')}${account('')}</create>`);
    const [id = ''] = idsIn(created);
    const loser = idsIn(await send(`<create>${account('<s:Name>B</s:Name>')}</create>`))[0] ?? '';
    const now = new Date().toISOString();
    const span = `<sObjectType>Account</sObjectType><startDate>${new Date(Date.now() - 3_600_000).toISOString()}</startDate><endDate>${now}</endDate>`;
    const calls: [string, string, string][] = [
      ['update', 'SaveResult', account(`<s:Id>${id}</s:Id><s:Site>x</s:Site>`)],
      [
        'upsert',
        'UpsertResult',
        `<externalIDFieldName>Id</externalIDFieldName>${account(`<s:Id>${id}</s:Id>`)}${account('<s:Phone>1</s:Phone>')}`,
      ],
      [
        'merge',
        'MergeResult',
        `<request><masterRecord><s:type>Account</s:type><s:Id>${id}</s:Id></masterRecord><recordToMergeIds>${loser}</recordToMergeIds></request>`,
      ],
      ['query', 'QueryResult', '<queryString>SELECT Id, BillingAddress, Owner.Name FROM Account</queryString>'],
      ['search', 'SearchResult', '<searchString>FIND {Ardoise} IN NAME FIELDS RETURNING Account(Name)</searchString>'],
      ['delete', 'DeleteResult', `<ids>${id}</ids><ids>001000000000000AAA</ids>`],
      ['undelete', 'UndeleteResult', `<ids>${id}</ids>`],
      ['getDeleted', 'GetDeletedResult', span],
      ['getUpdated', 'GetUpdatedResult', span],
      ['emptyRecycleBin', 'EmptyRecycleBinResult', `<ids>${loser}</ids>`],
    ];
    expect(resultsOf(created, 'create').flatMap((result) => breaches('SaveResult', result))).toEqual([]);
    for (const [operation, type, body] of calls) {
      const results = resultsOf(await send(`<${operation}>${body}</${operation}>`), operation);
      expect([operation, results.length > 0]).toEqual([operation, true]);
      expect(results.flatMap((result) => breaches(type, result))).toEqual([]);
    }
  });

  it('for describes, sessions and users', async () => {
    const user = twin.users['officer']!;
    const calls: [string, string, string, number?][] = [
      ['describeGlobal', 'DescribeGlobalResult', ''],
      ['describeSObject', 'DescribeSObjectResult', '<sObjectType>contact</sObjectType>'],
      [
        'describeSObjects',
        'DescribeSObjectResult',
        '<sObjectType>Account</sObjectType><sObjectType>PermissionSet</sObjectType>',
      ],
      ['getUserInfo', 'GetUserInfoResult', ''],
      ['getServerTimestamp', 'GetServerTimestampResult', ''],
      ['invalidateSessions', 'InvalidateSessionsResult', '<sessionIds>none</sessionIds>'],
      ['login', 'LoginResult', `<username>${user.username}</username><password>${user.password!}</password>`, 64],
    ];
    for (const [operation, type, body, version] of calls) {
      const results = resultsOf(
        await send(`<${operation}>${body}</${operation}>`, { version: version ?? 66 }),
        operation,
      );
      expect([operation, results.length > 0]).toEqual([operation, true]);
      expect(results.flatMap((result) => breaches(type, result))).toEqual([]);
    }
  });

  it('for addresses, in the order of their type', async () => {
    const [id = ''] = idsIn(
      await send(`<create>${account('<s:Name>C</s:Name><s:BillingCity>Lyon</s:BillingCity>')}</create>`),
    );
    const { text } = await send(
      `<query><queryString>SELECT BillingAddress FROM Account WHERE Id = '${id}'</queryString></query>`,
    );
    expect(text).toMatch(
      /<sf:BillingAddress xsi:type="address"><latitude xsi:nil="true"\/>.*<city>Lyon<\/city><country /,
    );
  });

  it('and tell the use of requests in a header', async () => {
    const { text } = await send('<getServerTimestamp/>');
    expect(text).toMatch(/<LimitInfoHeader><limitInfo><current>\d+<\/current><limit>100000<\/limit><type>API REQUESTS/);
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm
describe('faults of the partner API', () => {
  const faultOf = async (body: string, version = 66): Promise<{ status: number; type: string; node: unknown }> => {
    const reply = await send(body, { version });
    const fault = child(child(child(parseXml(reply.text), 'Envelope'), 'Body'), 'Fault');
    const detail = (child(fault, 'detail') ?? {}) as Record<string, unknown>;
    const type = Object.keys(detail).find((name) => !name.startsWith('@') && name !== '#text') ?? '';
    return { status: reply.status, type, node: detail[type] };
  };

  it.each([
    ['InvalidSObjectFault', '<describeSObject><sObjectType>Nothing</sObjectType></describeSObject>', 'INVALID_TYPE'],
    ['InvalidFieldFault', '<query><queryString>SELECT Bacon FROM Account</queryString></query>', 'INVALID_FIELD'],
    ['MalformedQueryFault', '<query><queryString>SELEKT</queryString></query>', 'MALFORMED_QUERY'],
    ['InvalidQueryLocatorFault', '<queryMore><queryLocator>x</queryLocator></queryMore>', 'INVALID_QUERY_LOCATOR'],
    ['UnexpectedErrorFault', '<describeTabs/>', 'NOT_EMULATED'],
    ['LoginFault', '<login><username>x</username><password>y</password></login>', 'INVALID_LOGIN'],
  ])('%s', async (type, body, code) => {
    const fault = await faultOf(body, type === 'LoginFault' ? 64 : 66);
    expect([fault.status, fault.type, child(fault.node, 'exceptionCode')]).toEqual([500, type, code]);
    expect(breaches(type, fault.node)).toEqual([]);
    expect(child(fault.node, '@type')).toBe(`sf:${type}`);
  });

  it('tell row and column of a query', async () => {
    const { node } = await faultOf('<query><queryString>SELECT Bacon FROM Account</queryString></query>');
    expect([child(node, 'row'), child(node, 'column')]).toEqual(['1', '8']);
  });

  it('refuse login from version 65 on, and more rows than a call takes', async () => {
    expect(child((await faultOf('<login/>', 65)).node, 'exceptionCode')).toBe('UNSUPPORTED_API_VERSION');
    const rows = account('<s:Name>x</s:Name>').repeat(201);
    expect(child((await faultOf(`<create>${rows}</create>`)).node, 'exceptionCode')).toBe('EXCEEDED_ID_LIMIT');
  });

  it('come not where the header asks for texts to be cut', async () => {
    const body = `<create>${account(`<s:Name>D</s:Name><s:Site>${'x'.repeat(100)}</s:Site>`)}</create>`;
    const header =
      '<AllowFieldTruncationHeader><allowFieldTruncation>true</allowFieldTruncation></AllowFieldTruncationHeader>';
    expect((await send(body)).text).toContain('STRING_TOO_LONG');
    expect((await send(body, { headers: header })).text).toContain('<success>true</success>');
  });
});
