import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Twin } from '../../../scripts/twin/contract.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { rest } from '../protocol/callTwin.ts';

/* Sources: config/twin/platform-rules.json, computedFields. */

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin({ shape: 'bare', port: 0, production: true });
});
afterAll(() => twin.close());

type Row = Readonly<Record<string, unknown>>;

const insert = async (object: string, body: Row): Promise<string> => {
  const answer = await rest(twin, 'POST', `/sobjects/${object}`, { body });
  expect(answer.status).toBe(201);
  return (answer.body as { readonly id: string }).id;
};
const change = async (object: string, id: string, body: Row): Promise<void> => {
  expect((await rest(twin, 'PATCH', `/sobjects/${object}/${id}`, { body })).status).toBe(204);
};
const read = async (object: string, id: string, ...fields: readonly string[]): Promise<readonly unknown[]> => {
  const { body } = await rest(twin, 'GET', `/sobjects/${object}/${id}?fields=${fields.join(',')}`);
  return fields.map((name) => (body as Row)[name]);
};

describe('an opportunity', () => {
  const given = { Name: 'Don', CloseDate: '2026-11-23' };

  it('has the probability of its stage, unless it is given one, and what is expected of it', async () => {
    const id = await insert('Opportunity', { ...given, StageName: 'Proposal/Price Quote', Amount: 200 });
    expect(await read('Opportunity', id, 'Probability', 'ExpectedRevenue')).toEqual([75, 150]);
    await change('Opportunity', id, { Probability: 30 });
    await change('Opportunity', id, { StageName: 'Proposal/Price Quote', Amount: 100 });
    expect(await read('Opportunity', id, 'Probability', 'ExpectedRevenue')).toEqual([30, 30]);
    await change('Opportunity', id, { StageName: 'Closed Won' });
    expect(await read('Opportunity', id, 'Probability', 'ExpectedRevenue', 'IsWon')).toEqual([100, 100, true]);
    await change('Opportunity', id, { StageName: 'Closed Lost', Amount: null });
    expect(await read('Opportunity', id, 'Probability', 'ExpectedRevenue', 'IsClosed')).toEqual([0, null, true]);
  });

  it('falls into a fiscal period', async () => {
    const id = await insert('Opportunity', { ...given, StageName: 'Prospecting' });
    expect(await read('Opportunity', id, 'FiscalYear', 'FiscalQuarter', 'Fiscal')).toEqual([2026, 4, '2026 4']);
    await change('Opportunity', id, { CloseDate: '2027-03-31' });
    expect(await read('Opportunity', id, 'FiscalYear', 'FiscalQuarter', 'Fiscal')).toEqual([2027, 1, '2027 1']);
  });
});

describe('an event', () => {
  const start = '2026-11-23T10:00:00.000+0000';

  it('begins and ends, however that is said', async () => {
    const byLength = await insert('Event', {
      Subject: 'a',
      ActivityDateTime: '2026-11-23T10:00:00Z',
      DurationInMinutes: 90,
    });
    const byEnd = await insert('Event', {
      Subject: 'b',
      StartDateTime: '2026-11-23T10:00:00Z',
      EndDateTime: '2026-11-23T11:30:00Z',
    });
    for (const id of [byLength, byEnd]) {
      expect(
        await read(
          'Event',
          id,
          'StartDateTime',
          'EndDateTime',
          'ActivityDateTime',
          'ActivityDate',
          'DurationInMinutes',
        ),
      ).toEqual([start, '2026-11-23T11:30:00.000+0000', start, '2026-11-23', 90]);
    }
    await change('Event', byEnd, { DurationInMinutes: 30 });
    expect(await read('Event', byEnd, 'EndDateTime')).toEqual(['2026-11-23T10:30:00.000+0000']);
  });

  it('must do so, unless it takes all day', async () => {
    const { status, body } = await rest(twin, 'POST', '/sobjects/Event', { body: { Subject: 'nie' } });
    expect({ status, body }).toEqual({
      status: 400,
      body: [
        {
          message: 'Required fields are missing: [DurationInMinutes, ActivityDateTime]',
          errorCode: 'REQUIRED_FIELD_MISSING',
          fields: ['DurationInMinutes', 'ActivityDateTime'],
        },
      ],
    });
  });

  const times = ['ActivityDate', 'ActivityDateTime', 'StartDateTime', 'EndDateTime', 'DurationInMinutes'] as const;
  const midnight = (day: number): string => `2026-11-${day}T00:00:00.000+0000`;

  it.each([
    ['a day', { ActivityDate: '2026-11-23' }, 23, 1440],
    ['a day', { StartDateTime: '2026-11-23T00:00:00Z' }, 23, 1440],
    ['the day of a time', { StartDateTime: '2026-11-23T23:30:00Z' }, 23, 1440],
    ['a length', { ActivityDate: '2026-11-23', DurationInMinutes: 2880 }, 24, 2880],
    ['an end', { ActivityDate: '2026-11-23', EndDateTime: '2026-11-25T00:00:00Z' }, 25, 4320],
  ])('takes whole days from midnight to midnight, given %s', async (_, given, last, minutes) => {
    const id = await insert('Event', { Subject: 'c', IsAllDayEvent: true, ...given });
    expect(await read('Event', id, ...times)).toEqual(['2026-11-23', null, midnight(23), midnight(last), minutes]);
    await change('Event', id, { ActivityDate: '2026-11-26' });
    expect(await read('Event', id, ...times)).toEqual(['2026-11-26', null, midnight(26), midnight(last + 3), minutes]);
  });

  it('that takes hours comes to take all day', async () => {
    const id = await insert('Event', { Subject: 'd', ActivityDateTime: start, DurationInMinutes: 90 });
    await change('Event', id, { IsAllDayEvent: true });
    expect(await read('Event', id, ...times)).toEqual(['2026-11-23', null, midnight(23), midnight(23), 1440]);
  });

  it.each([
    { ActivityDateTime: start, DurationInMinutes: -1 },
    { StartDateTime: start, EndDateTime: '2026-11-23T09:59:00Z' },
    { IsAllDayEvent: true, ActivityDate: '2026-11-23', EndDateTime: '2026-11-22T00:00:00Z' },
    { IsAllDayEvent: true, ActivityDate: '2026-11-23', DurationInMinutes: -1 },
  ])('cannot end before it begins: %j', async (given) => {
    const refusal = {
      status: 400,
      body: [
        {
          message: 'Event duration can not be negative',
          errorCode: 'FIELD_INTEGRITY_EXCEPTION',
          fields: ['EndDateTime'],
        },
      ],
    };
    expect(await rest(twin, 'POST', '/sobjects/Event', { body: { Subject: 'e', ...given } })).toMatchObject(refusal);
    const id = await insert('Event', { Subject: 'f', ActivityDateTime: start, DurationInMinutes: 0 });
    expect(await rest(twin, 'PATCH', `/sobjects/Event/${id}`, { body: given })).toMatchObject(refusal);
  });
});

describe('a case', () => {
  it('is of the account of its contact, unless another is given', async () => {
    const AccountId = await insert('Account', { Name: 'Foyer' });
    const other = await insert('Account', { Name: 'Autre' });
    const ContactId = await insert('Contact', { LastName: 'Martin', AccountId });
    expect(await read('Case', await insert('Case', { ContactId }), 'AccountId')).toEqual([AccountId]);
    expect(await read('Case', await insert('Case', { ContactId, AccountId: other }), 'AccountId')).toEqual([other]);
  });
});

describe('what is read from another record', () => {
  const query = async (soql: string): Promise<readonly Row[]> => {
    const { status, body } = await rest(twin, 'GET', `/query?q=${encodeURIComponent(soql)}`);
    expect({ status, body }).toMatchObject({ status: 200 });
    return (body as { readonly records: readonly Row[] }).records;
  };

  it('is the means to reach the contact of a case', async () => {
    const ContactId = await insert('Contact', { LastName: 'Martin', Email: 'martin@cas.example', Phone: '01' });
    const id = await insert('Case', { ContactId });
    expect(await read('Case', id, 'ContactEmail', 'ContactPhone', 'ContactFax')).toEqual([
      'martin@cas.example',
      '01',
      null,
    ]);
    await change('Contact', ContactId, { Email: 'm@cas.example' });
    expect(await query("SELECT ContactEmail FROM Case WHERE ContactEmail = 'm@cas.example'")).toMatchObject([
      { ContactEmail: 'm@cas.example' },
    ]);
    expect(await query("SELECT Id FROM Case WHERE ContactEmail = 'martin@cas.example'")).toEqual([]);
    expect(await read('Case', await insert('Case', {}), 'ContactEmail')).toEqual([null]);
  });

  it('is who a member of a campaign is', async () => {
    const CampaignId = await insert('Campaign', { Name: 'Noël' });
    const AccountId = await insert('Account', { Name: 'Foyer' });
    const ContactId = await insert('Contact', {
      FirstName: 'Ana',
      LastName: 'Martin',
      Salutation: 'Ms.',
      AccountId,
      MailingCity: 'Lyon',
    });
    const LeadId = await insert('Lead', { LastName: 'Petit', Company: 'Autre', Email: 'petit@cas.example' });
    const said = ['Type', 'LeadOrContactId', 'Name', 'FirstName', 'LastName', 'CompanyOrAccount', 'Email'] as const;
    const contact = await insert('CampaignMember', { CampaignId, ContactId });
    expect(await read('CampaignMember', contact, ...said, 'City', 'Salutation', 'DoNotCall')).toEqual([
      ...['Contact', ContactId, 'Ana Martin', 'Ana', 'Martin', 'Foyer', null],
      ...['Lyon', 'Ms.', false],
    ]);
    const lead = await insert('CampaignMember', { CampaignId, LeadId });
    const asLead = ['Lead', LeadId, 'Petit', null, 'Petit', 'Autre', 'petit@cas.example'];
    expect(await read('CampaignMember', lead, ...said)).toEqual(asLead);
    await change('Contact', ContactId, { LastName: 'Zola' });
    const soql = `SELECT Name FROM CampaignMember WHERE CampaignId = '${CampaignId}' ORDER BY LastName DESC`;
    expect((await query(soql)).map((row) => row['Name'])).toEqual(['Ana Zola', 'Petit']);
    const { body } = await rest(twin, 'GET', '/sobjects/CampaignMember/describe');
    const fields = (body as { readonly fields: readonly Row[] }).fields;
    expect(fields.filter((field) => field['calculated'] === true)).toEqual([]);
  });
});

describe('a member of a campaign', () => {
  it('was sent something, unless it is said otherwise', async () => {
    const CampaignId = await insert('Campaign', { Name: 'Hiver' });
    const member = async (row: Row): Promise<readonly unknown[]> => {
      const ContactId = await insert('Contact', { LastName: 'Martin' });
      const id = await insert('CampaignMember', { CampaignId, ContactId, ...row });
      return read('CampaignMember', id, 'Status', 'HasResponded');
    };
    expect(await member({})).toEqual(['Sent', false]);
    expect(await member({ Status: 'Responded' })).toEqual(['Responded', true]);
  });

  const statuses = async (campaign: string): Promise<unknown> => {
    const soql = `SELECT Label, IsDefault, HasResponded FROM CampaignMemberStatus WHERE CampaignId = '${campaign}' ORDER BY SortOrder`;
    const { body } = await rest(twin, 'GET', `/query?q=${encodeURIComponent(soql)}`);
    return (body as { readonly records: readonly Row[] }).records.map((row) => Object.values(row).slice(1));
  };

  it('has a status of its campaign, which is made with two and may have others', async () => {
    const CampaignId = await insert('Campaign', { Name: 'Été' });
    expect(await statuses(CampaignId)).toEqual([
      ['Sent', true, false],
      ['Responded', false, true],
    ]);
    await insert('CampaignMemberStatus', {
      CampaignId,
      Label: 'Venu',
      SortOrder: 3,
      IsDefault: true,
      HasResponded: true,
    });
    expect(await statuses(CampaignId)).toEqual([
      ['Sent', false, false],
      ['Responded', false, true],
      ['Venu', true, true],
    ]);
    const LeadId = await insert('Lead', { LastName: 'Petit', Company: 'Foyer' });
    const id = await insert('CampaignMember', { CampaignId, LeadId });
    expect(await read('CampaignMember', id, 'Status', 'HasResponded')).toEqual(['Venu', true]);
    await change('CampaignMember', id, { Status: 'Sent' });
    expect(await read('CampaignMember', id, 'Status', 'HasResponded')).toEqual(['Sent', false]);
  });
});

describe('a reference of a row that leads nowhere', () => {
  it('is told apart from a row that is not there', async () => {
    const id = await insert('Account', { Name: 'Là' });
    const body = { OwnerId: '005000000000001AAA' };
    expect(await rest(twin, 'PATCH', `/sobjects/Account/${id}`, { body })).toMatchObject({
      status: 404,
      body: [{ message: 'invalid cross reference id', errorCode: 'INVALID_CROSS_REFERENCE_KEY', fields: [] }],
    });
    expect(await rest(twin, 'PATCH', '/sobjects/Account/001000000000001AAA', { body })).toMatchObject({
      status: 404,
      body: [{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }],
    });
  });
});

describe('what is above itself', () => {
  const above = {
    Account: ['ParentId', { Name: 'Foyer' }],
    Contact: ['ReportsToId', { LastName: 'Martin' }],
    Case: ['ParentId', {}],
    Campaign: ['ParentId', { Name: 'Hiver' }],
  } as const;

  it.each(Object.entries(above))('%s is refused, at once or by a detour', async (object, [field, row]) => {
    const first = await insert(object, row);
    const second = await insert(object, { ...row, [field]: first });
    const third = await insert(object, { ...row, [field]: second });
    for (const parent of [first, third]) {
      expect(await rest(twin, 'PATCH', `/sobjects/${object}/${first}`, { body: { [field]: parent } })).toMatchObject({
        status: 400,
        body: [
          { message: 'attempt to violate hierarchy constraints', errorCode: 'CIRCULAR_DEPENDENCY', fields: [field] },
        ],
      });
    }
    await change(object, third, { [field]: first });
    await change(object, second, { [field]: third });
    expect(await read(object, first, field)).toEqual([null]);
  });
});
