import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { rest } from '../protocol/callTwin.ts';

let twin: Twin;
let id: string;

const records = async (soql: string) => {
  const { body } = await rest(twin, 'GET', `/query?q=${encodeURIComponent(soql)}`);
  return (body as { records: Record<string, unknown>[] }).records;
};

beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
  const paris = { Name: 'Paris', BillingLatitude: 48.8566, BillingLongitude: 2.3522 };
  const { body } = await rest(twin, 'POST', '/sobjects/Account', { body: paris });
  ({ id } = body as { id: string });
  await rest(twin, 'POST', '/sobjects/Account', {
    body: { Name: 'Lyon', BillingLatitude: 45.764, BillingLongitude: 4.8357 },
  });
  await rest(twin, 'POST', '/sobjects/Account', { body: { Name: 'Nowhere' } });
});

afterAll(() => twin.close());

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_geolocate.htm
describe('SOQL DISTANCE', () => {
  const lille = 'DISTANCE(BillingAddress, GEOLOCATION(50.6292, 3.0573)';

  it.each<[string, readonly string[]]>([
    [`WHERE ${lille}, 'km') < 250`, ['Paris']],
    [`WHERE ${lille}, 'mi') < 130`, ['Paris']],
    [`WHERE ${lille}, 'km') > 250`, ['Lyon']],
    [`WHERE BillingLatitude != null ORDER BY ${lille}, 'km') DESC`, ['Lyon', 'Paris']],
  ])('%s', async (tail, expected) => {
    const rows = await records(`SELECT Name FROM Account ${tail}`);
    expect(rows.map((row) => row['Name'])).toEqual(expected);
  });
});

// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_for_view.htm
describe('SOQL FOR VIEW', () => {
  it('moves the date of looking, and nothing else', async () => {
    const read = async (tail = '') => {
      const fields = 'LastViewedDate, LastReferencedDate, SystemModstamp';
      const [row] = await records(`SELECT ${fields} FROM Account WHERE Id = '${id}'${tail}`);
      return row!;
    };
    const before = await read(' FOR VIEW');
    const after = await read();
    expect(after['LastViewedDate']).toMatch(/^\d{4}-.*\+0000$/);
    expect(after['LastReferencedDate']).toBe(after['LastViewedDate']);
    expect(after['SystemModstamp']).toBe(before['SystemModstamp']);
  });
});
