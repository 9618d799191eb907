import { createElement } from 'lwc';
import { graphql } from 'lightning/graphql';
import GardeHome from 'c/gardeHome';

jest.mock('lightning/graphql', () => {
  const { graphql: adapter } = jest.requireActual('lightning/graphql');
  return { graphql: adapter, gql: (strings: TemplateStringsArray) => ({ query: strings.join('') }) };
});

type Emitter = { emit(data: unknown): void; emitErrors(errors: readonly { message: string }[]): void };
const wire = graphql as unknown as Emitter;

const nodes = (...rows: unknown[]) => ({ edges: rows.map((node) => ({ node })) });

const figure = (key: string, value: number, incomplete = false) => ({
  Id: `figure-${key}`,
  Key__c: { value: key },
  Value__c: { value },
  AsOf__c: { value: '2026-11-20T08:00:00.000Z' },
  IsIncomplete__c: { value: incomplete },
});

const rule = (overdue: number, plannedAt: string | null) => ({
  Id: `rule-${overdue}`,
  OverdueCount__c: { value: overdue },
  LastPlannedAt__c: { value: plannedAt },
});

const request = (id: string, due: string) => ({
  Id: id,
  Name: { value: `RQ-${id}` },
  DueDate__c: { value: due },
  Status__c: { value: 'accepted', displayValue: 'Accepted' },
});

const daysFromToday = (days: number): string => {
  const date = new Date();
  date.setDate(date.getDate() + days);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
};

const answer = ({
  figures = [figure('people-held', 2000), figure('special-category-fields', 3, true)],
  rules = [rule(40, '2026-11-20T08:00:00.000Z'), rule(2, '2026-11-21T08:00:00.000Z')],
  checkpoints = [
    {
      Id: 'c1',
      CheckedAt__c: { value: '2026-11-21T08:00:00.000Z' },
      CheckResult__c: { value: 'passed', displayValue: 'Passed' },
    },
  ],
  requests = [request('1', daysFromToday(-2)), request('2', daysFromToday(5))],
  totalCount = 2,
}: Partial<Record<'figures' | 'rules' | 'checkpoints' | 'requests', unknown[]>> & { totalCount?: number } = {}) => ({
  uiapi: {
    query: {
      GardeFigure__c: nodes(...figures),
      GardeRetentionRule__c: nodes(...rules),
      GardeCheckpoint__c: nodes(...checkpoints),
      GardeRequest__c: { ...nodes(...requests), totalCount },
    },
  },
});

const show = async (act: () => void): Promise<HTMLElement> => {
  const element = createElement('c-garde-home', { is: GardeHome });
  document.body.appendChild(element);
  act();
  await Promise.resolve();
  return element;
};

const tileText = (element: HTMLElement, key: string): string =>
  element.shadowRoot?.querySelector(`[data-figure="${key}"] dd`)?.textContent ?? '';

describe('c-garde-home', () => {
  afterEach(() => {
    document.body.replaceChildren();
  });

  it('says that it is loading until the org answered', async () => {
    const element = await show(() => undefined);
    expect(element.shadowRoot?.querySelector('[role="status"]')?.textContent).toBe('c.GardeHome_Loading');
  });

  it('shows each figure with its date, and says when it is incomplete', async () => {
    const element = await show(() => wire.emit(answer()));
    expect(tileText(element, 'people-held')).toContain('2,000');
    expect(tileText(element, 'people-held')).not.toContain('c.GardeHome_Incomplete');
    expect(tileText(element, 'special-category-fields')).toContain('c.GardeHome_Incomplete');
    expect(tileText(element, 'overdue-retention')).toContain('42');
    expect(tileText(element, 'ledger-verified')).toContain('Passed');
  });

  it('shows a dash, not a zero, for what nobody measured', async () => {
    const element = await show(() => wire.emit(answer({ figures: [], rules: [], checkpoints: [] })));
    for (const key of ['people-held', 'special-category-fields', 'overdue-retention', 'ledger-verified'])
      expect(tileText(element, key)).toBe('–c.GardeHome_NotMeasured');
  });

  it('does not add up rules of which one was never planned', async () => {
    const element = await show(() =>
      wire.emit(answer({ rules: [rule(40, '2026-11-20T08:00:00.000Z'), rule(0, null)] })),
    );
    expect(tileText(element, 'overdue-retention')).toBe('–c.GardeHome_NotMeasured');
  });

  it('lists open requests with the days left, late ones marked', async () => {
    const element = await show(() => wire.emit(answer()));
    const rows = [...(element.shadowRoot?.querySelectorAll('[data-request]') ?? [])];
    expect(rows.map((row) => row.querySelector('th')?.textContent)).toEqual(['RQ-1', 'RQ-2']);
    expect(rows[0]?.querySelector('strong')?.textContent).toBe('c.GardeHome_DaysLate');
    expect(rows[1]?.querySelector('strong')).toBeNull();
  });

  it('says how many requests it does not list', async () => {
    const element = await show(() => wire.emit(answer({ totalCount: 30 })));
    expect(element.shadowRoot?.querySelector('.more')?.textContent).toBe('c.GardeHome_MoreRequests');
  });

  it('says so when no request is open', async () => {
    const element = await show(() => wire.emit(answer({ requests: [], totalCount: 0 })));
    expect(element.shadowRoot?.textContent).toContain('c.GardeHome_NoRequests');
  });

  it('says so when the org refuses', async () => {
    const element = await show(() => wire.emitErrors([{ message: 'No access' }]));
    expect(element.shadowRoot?.querySelector('[role="alert"]')?.textContent).toBe('c.GardeHome_LoadError');
    expect(element.shadowRoot?.querySelector('dl')).toBeNull();
  });

  it('is accessible', async () => {
    const element = await show(() => wire.emit(answer()));
    await expect(element).toBeAccessible();
  });
});
