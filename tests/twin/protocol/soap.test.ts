import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { callTwin, rest } from './callTwin.ts';
import type { Reply } from './callTwin.ts';

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(() => twin.close());

const soap = (body: string, options: { token?: string; headers?: string; service?: string } = {}): Promise<Reply> =>
  callTwin(twin, `/services/Soap/${options.service ?? 'u'}/66.0/${twin.orgId}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml', soapaction: '""' },
    body: `<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header><SessionHeader><sessionId>${options.token ?? twin.users['admin']!.accessToken}</sessionId></SessionHeader>${options.headers ?? ''}</soapenv:Header><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`,
  });

const ids = (reply: Reply): string[] => [...reply.text.matchAll(/<id>(\w{18})<\/id>/g)].map(([, id]) => id!);
const create = async (...names: string[]): Promise<string[]> =>
  ids(
    await soap(
      `<create>${names.map((name) => `<sObjects><type>Account</type><Name>${name}</Name></sObjects>`).join('')}</create>`,
    ),
  );

describe('partner SOAP', () => {
  it('creates, updates with fieldsToNull, queries and deletes', async () => {
    const [id] = await create('Zo&amp;é');
    const updated = await soap(
      `<update><sObjects><type>Account</type><fieldsToNull>Site</fieldsToNull><Id>${id!}</Id><Phone>12</Phone></sObjects></update>`,
    );
    expect(updated.text).toContain('<success>true</success>');
    const found = await soap(
      `<query><queryString>SELECT Id, Name, Phone, Site, Owner.Name FROM Account WHERE Id = '${id!}'</queryString></query>`,
    );
    expect(found.text).toContain('<sf:type>Account</sf:type>');
    expect(found.text).toContain('<sf:Name>Zo&amp;é</sf:Name>');
    expect(found.text).toContain('<sf:Site xsi:nil="true"/>');
    expect(found.text).toContain('<size>1</size>');
    expect((await soap(`<delete><ids>${id!}</ids></delete>`)).text).toContain('<success>true</success>');
  });

  it('undeletes, and empties the bin for good', async () => {
    const [id] = await create('Revenant');
    await soap(`<delete><ids>${id!}</ids></delete>`);
    expect((await soap(`<undelete><ids>${id!}</ids></undelete>`)).text).toContain('<success>true</success>');
    expect((await rest(twin, 'GET', `/sobjects/Account/${id!}`)).status).toBe(200);
    await soap(`<delete><ids>${id!}</ids></delete>`);
    expect((await soap(`<emptyRecycleBin><ids>${id!}</ids></emptyRecycleBin>`)).text).toContain(
      '<success>true</success>',
    );
    const gone = await soap(`<undelete><ids>${id!}</ids></undelete>`);
    expect(gone.text).toContain('<success>false</success>');
  });

  it('merges by the schema’s name of the request', async () => {
    const [master, loser] = await create('Principal', 'Secondaire');
    const reply = await soap(
      `<merge><request><masterRecord xsi:type="Account"><type>Account</type><Id>${master!}</Id><Site>Est</Site></masterRecord><recordToMergeIds>${loser!}</recordToMergeIds></request></merge>`,
    );
    expect(reply.text).toContain(`<mergedRecordIds>${loser!}</mergedRecordIds><success>true</success>`);
    expect((await rest(twin, 'GET', `/sobjects/Account/${master!}?fields=Site`)).body).toMatchObject({ Site: 'Est' });
  });

  it('undoes all rows when AllOrNoneHeader asks', async () => {
    const reply = await soap(
      '<create><sObjects><type>Account</type><Name>Ensemble</Name></sObjects><sObjects><type>Account</type></sObjects></create>',
      { headers: '<AllOrNoneHeader><allOrNone>true</allOrNone></AllOrNoneHeader>' },
    );
    expect(reply.text).toContain('ALL_OR_NONE_OPERATION_ROLLED_BACK');
    const found = await soap(
      "<query><queryString>SELECT Id FROM Account WHERE Name = 'Ensemble'</queryString></query>",
    );
    expect(found.text).toContain('<size>0</size>');
  });

  it('faults with HTTP 500 and a code that clients know', async () => {
    const expired = await soap('<getUserInfo/>', { token: 'nothing' });
    expect([expired.status, expired.headers['content-type']]).toEqual([500, 'text/xml;charset=UTF-8']);
    expect(expired.text).toMatch(/<faultcode>[a-zA-Z]+:INVALID_SESSION_ID<\/faultcode>/);
    const malformed = await soap('<query><queryString>SELEKT</queryString></query>');
    expect(malformed.text).toContain('MALFORMED_QUERY');
  });

  it('refuses unknown operations, the enterprise API and Apex by name', async () => {
    expect((await soap('<convertLead/>')).text).toContain('NOT_EMULATED: SOAP u convertLead');
    expect((await soap('<readMetadata/>', { service: 'm' })).text).toContain('NOT_EMULATED: SOAP m readMetadata');
    expect((await soap('<executeAnonymous/>', { service: 's' })).text).toContain('NOT_EMULATED');
  });

  it('refuses document types and what is no XML', async () => {
    const path = '/services/Soap/u/66.0';
    const headers = { 'content-type': 'text/xml' };
    const bomb = '<!DOCTYPE a [<!ENTITY b "cccc">]><a>&b;</a>';
    expect((await callTwin(twin, path, { method: 'POST', headers, body: bomb })).text).toContain(
      'Document types are refused',
    );
    expect((await callTwin(twin, path, { method: 'POST', headers, body: 'hello' })).status).toBe(500);
  });

  it('tells the user and the time', async () => {
    expect((await soap('<getUserInfo/>')).text).toContain(`<userId>${twin.users['admin']!.userId}</userId>`);
    expect((await soap('<getServerTimestamp/>')).text).toMatch(/<timestamp>\d{4}-/);
  });
});
