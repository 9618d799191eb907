import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { bearerOf, callTwin, jsonOf } from './callTwin.ts';

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(() => twin.close());

const send = async (path: string, body: string, method = 'POST') => {
  const reply = await callTwin(twin, `/services/data/v66.0${path}`, {
    method,
    headers: { ...bearerOf(twin), 'content-type': 'application/json' },
    body,
  });
  return { status: reply.status, body: reply.text === '' ? undefined : jsonOf(reply) };
};

const refusal = (what: string, column: number, line = 1) => ({
  status: 400,
  body: [
    {
      message: `Cannot deserialize instance of ${what} or request may be missing a required field at [line:${line}, column:${column}]`,
      errorCode: 'JSON_PARSER_ERROR',
    },
  ],
});

// https://github.com/restforce/restforce/issues/897, https://github.com/qoretechnologies/qore/issues/3908
describe('values that are not of their field’s type', () => {
  it.each([
    ['{"LastName":"x","Birthdate":"2020-13-01"}', 'date from VALUE_STRING value 2020-13-01', 29],
    ['{"Birthdate": {}, "LastName": "x"}', 'date from START_OBJECT value {', 15],
    ['{"LastName":"a \\"{[ b","DoNotCall":"maybe"}', 'boolean from VALUE_STRING value maybe', 36],
    ['{"LastName":["x"]}', 'string from START_ARRAY value [', 13],
    ['{"LastName":5}', 'string from VALUE_NUMBER_INT value 5', 13],
    ['{"lastname":true}', 'string from VALUE_TRUE value true', 13],
  ])('refuses %s as the JSON of a contact', async (body, what, column) => {
    expect(await send('/sobjects/Contact', body)).toEqual(refusal(what, column));
  });

  it('tells the line, also of changes and upserts', async () => {
    const { body } = await send('/sobjects/Account', '{"Name":"Verger"}');
    const { id } = body as { id: string };
    const wrong = '{\n  "Site": "Nord",\n  "NumberOfEmployees": "12a"\n}';
    const refused = refusal('int from VALUE_STRING value 12a', 24, 3);
    expect(await send(`/sobjects/Account/${id}`, wrong, 'PATCH')).toEqual(refused);
    expect(await send(`/sobjects/Account/Id/${id}`, wrong, 'PATCH')).toEqual(refused);
  });

  it('refuses the whole collection, and saves nothing of it', async () => {
    const record = (values: object) => ({ attributes: { type: 'Campaign' }, ...values });
    const body = { records: [record({ Name: 'Un' }), record({ Name: 'Deux', StartDate: 'soon' })] };
    const text = JSON.stringify(body);
    const column = text.indexOf('"soon"') + 1;
    expect(await send('/composite/sobjects', text)).toEqual(refusal('date from VALUE_STRING value soon', column));
    const found = await callTwin(twin, '/services/data/v66.0/query?q=SELECT+Id+FROM+Campaign', {
      headers: bearerOf(twin),
    });
    expect(jsonOf(found)).toMatchObject({ totalSize: 0 });
  });

  it('takes texts that are numbers or truth values', async () => {
    const body = '{"LastName":"x","DoNotCall":"true","MailingLatitude":"1.5"}';
    expect((await send('/sobjects/Contact', body)).status).toBe(201);
  });
});
