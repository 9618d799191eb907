import { createElement } from 'lwc';
import { graphql } from 'lightning/graphql';
import GardeRetention from 'c/gardeRetention';

type Emitter = {
  emit(data: unknown, filter?: (config: { readonly query: unknown }) => boolean): void;
  emitErrors(errors: readonly { message: string }[]): void;
};
jest.mock('lightning/graphql', () => {
  const { graphql: adapter } = jest.requireActual('lightning/graphql');
  return { graphql: adapter, gql: (strings: TemplateStringsArray) => strings.join(''), executeMutation: jest.fn() };
});
const wire = graphql as unknown as Emitter;
const own = ({ query }: { readonly query: unknown }): boolean => String(query).includes('query gardeRetention');

const field = (value: unknown) => ({ value });
const shown = (value: string, displayValue: string) => ({ value, displayValue });
const edges = (...rows: unknown[]) => ({ edges: rows.map((node) => ({ node })) });

const rule = (over: object = {}) => ({
  ...{ Id: 'a0R1', Name: field('Prospects who never answered'), Duration__c: field('P3Y') },
  ...{ Action__c: shown('purge', 'Purge'), OverdueCount__c: field(1204), HeldCount__c: field(31) },
  ...{ LastPlannedAt__c: field('2026-11-20T08:00:00.000Z'), LegalGround__c: field('Three years.') },
  ...{ SourceUrl__c: field('https://www.authority.example/how-long'), ...over },
});
const month = (key: string, people: number) => ({ Id: key, Key__c: field(key), Value__c: field(people) });
const standing = (over: object = {}) => ({
  ...{ Id: 'a0S1', SubjectKey__c: field('003000000000001AAA'), Explanation__c: field('No contact since 2020.') },
  ...{ ExplanationFr__c: field('Aucun contact depuis 2020.'), Contact__r: { Name: field('Camille Exemple') } },
  ...{ Lead__r: null, Account__r: null, UntilDate__c: field(null), ...over },
});
const answer = (
  rules: unknown[],
  months: unknown[],
  people: unknown[],
  totalCount = people.length,
  soon: unknown[] = [],
) => ({
  uiapi: {
    query: {
      GardeRetentionRule__c: edges(...rules),
      GardeFigure__c: edges(...months),
      GardeStanding__c: { ...edges(...people), totalCount },
      soon: { ...edges(...soon), totalCount: soon.length * 30 },
    },
  },
});

const settle = (): Promise<void> =>
  Array.from({ length: 10 }).reduce<Promise<void>>((before) => before.then(() => undefined), Promise.resolve());

const show = async (data?: unknown): Promise<HTMLElement> => {
  const element = createElement('c-garde-retention', { is: GardeRetention });
  document.body.appendChild(element);
  if (data !== undefined) wire.emit(data, own);
  await settle();
  return element;
};
const all = (element: HTMLElement, selector: string): readonly HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []),
];
const textOf = (element: HTMLElement, selector: string): string => all(element, selector)[0]?.textContent ?? '';

afterEach(() => {
  while (document.body.firstChild) document.body.removeChild(document.body.firstChild);
});

describe('c-garde-retention', () => {
  it('shows each rule with its period in words, its numbers and its source', async () => {
    const element = await show(answer([rule()], [], []));
    const row = textOf(element, '[data-rule="a0R1"]');
    expect(row).toContain('Prospects who never answered');
    expect(row).toMatch(/3 years.*Purge.*1,204.*31/s);
    expect(all(element, '[data-rule] a').map((link) => link.getAttribute('href'))).toEqual([
      'https://www.authority.example/how-long',
    ]);
  });

  it('makes no link of a source that leads nowhere on the web', async () => {
    const element = await show(answer([rule({ SourceUrl__c: field('data:text/html,hello') })], [], []));
    expect(all(element, '[data-rule] a')).toEqual([]);
  });

  it('says how rules get here when none was published', async () => {
    const element = await show(answer([], [], []));
    expect(element.shadowRoot?.textContent).toContain('c.GardeRetention_NoRules');
  });

  it('draws the months of the forecast, the fullest over the whole width', async () => {
    const months = [month('retention-due-2026-12', 40), month('retention-due-2027-01', 10)];
    const element = await show(answer([rule()], months, []));
    expect(all(element, '[data-month] th').map((one) => one.textContent)).toEqual(['December 2026', 'January 2027']);
    expect(all(element, '.bar').map((bar) => bar.getAttribute('style'))).toEqual(['width: 100.0%', 'width: 25.0%']);
  });

  it('names people who are due with the reason, and by their number where the name may not be read', async () => {
    const hidden = standing({ Id: 'a0S2', SubjectKey__c: field('00Q000000000001AAA'), Contact__r: null });
    const element = await show(answer([rule()], [], [standing(), hidden]));
    expect(textOf(element, '[data-person="a0S1"]')).toMatch(/Camille Exemple.*No contact since 2020/s);
    expect(textOf(element, '[data-person="a0S2"]')).toContain('c.GardeRetention_OpenRecord');
    expect(all(element, '[data-person] a').map((link) => link.getAttribute('href'))).toEqual([
      '/003000000000001AAA',
      '/00Q000000000001AAA',
    ]);
  });

  it('says how many people it does not show', async () => {
    const element = await show(answer([rule()], [], [standing()], 1204));
    expect(textOf(element, '.more')).toContain('c.GardeRetention_MorePeople');
  });

  it('announces people who fall due soon apart, with their last day, and says how many it does not show', async () => {
    const announced = standing({ Id: 'a0S9', UntilDate__c: field('2027-01-31'), Explanation__c: field('Soon.') });
    const element = await show(answer([rule()], [], [standing()], 1, [announced]));
    expect(textOf(element, '[data-soon="a0S9"]')).toMatch(/Camille Exemple.*Jan 31, 2027.*Soon/s);
    expect(textOf(element, '.more-soon')).toContain('c.GardeRetention_MorePeople');
    expect(all(element, '[data-person]')).toHaveLength(1);
    const none = await show(answer([rule()], [], [standing()]));
    expect(all(none, '#soon')).toEqual([]);
  });

  it('says when it is loading, and that it cannot read', async () => {
    const element = await show();
    expect(textOf(element, '[role="status"]')).toBe('c.GardeRetention_Loading');
    wire.emitErrors([{ message: 'no access' }]);
    await settle();
    expect(textOf(element, '[role="alert"]')).toBe('c.GardeRetention_LoadError');
  });

  it('is accessible', async () => {
    const months = [month('retention-due-2026-12', 40)];
    const soon = standing({ Id: 'a0S9', UntilDate__c: field('2027-01-31') });
    const element = await show(answer([rule()], months, [standing()], 30, [soon]));
    await expect(element).toBeAccessible();
  });
});
