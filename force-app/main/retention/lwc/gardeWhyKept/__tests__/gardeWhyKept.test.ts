import { createElement } from 'lwc';
import { graphql } from 'lightning/graphql';
import GardeWhyKept from 'c/gardeWhyKept';

type Emitter = {
  emit(data: unknown): void;
  emitErrors(errors: readonly { message: string }[]): void;
  getLastConfig(): { readonly variables?: unknown };
};
jest.mock('lightning/graphql', () => {
  const { graphql: adapter } = jest.requireActual('lightning/graphql');
  return { graphql: adapter, gql: (strings: TemplateStringsArray) => strings.join('') };
});
const wire = graphql as unknown as Emitter;

const PERSON = '003000000000001AAA';
const field = (value: unknown) => ({ value });
const shown = (value: string, displayValue: string) => ({ value, displayValue });
const edges = (...rows: unknown[]) => ({ edges: rows.map((node) => ({ node })) });

const standing = (over: object = {}) => ({
  ...{ Id: 'a0S1', SubjectType__c: field('Contact'), Verdict__c: shown('kept', 'Kept'), RuleKey__c: field('donors') },
  ...{ Explanation__c: field('Tax receipt of 2024.'), ExplanationFr__c: field('Reçu fiscal de 2024.') },
  ...{ UntilDate__c: field('2030-12-31'), DecidedDate__c: field('2026-11-20'), ...over },
});
const rule = (key: string, object: string) => ({
  ...{ Id: `rule-${key}`, Name: field(`Rule ${key}`), RuleKey__c: field(key), PeopleObject__c: field(object) },
  ...{ Duration__c: field('P3Y'), Action__c: shown('purge', 'Purge'), LegalGround__c: field('Ground.') },
  ...{ SourceUrl__c: field('https://www.authority.example/') },
});
const answer = (standings: unknown[], rules: unknown[] = [], requests: unknown[] = [], consents: unknown[] = []) => ({
  uiapi: {
    query: {
      GardeStanding__c: edges(...standings),
      GardeRetentionRule__c: edges(...rules),
      GardeRequest__c: edges(...requests),
      GardeConsentEvent__c: edges(...consents),
    },
  },
});

const settle = (): Promise<void> =>
  Array.from({ length: 10 }).reduce<Promise<void>>((before) => before.then(() => undefined), Promise.resolve());

const show = async (data?: unknown): Promise<HTMLElement> => {
  const element = createElement('c-garde-why-kept', { is: GardeWhyKept });
  Object.assign(element, { recordId: PERSON, objectApiName: 'Contact' });
  document.body.appendChild(element);
  if (data !== undefined) wire.emit(data);
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

describe('c-garde-why-kept', () => {
  it('asks for the record of the page', async () => {
    await show();
    expect(wire.getLastConfig()).toMatchObject({ variables: { person: PERSON, key: PERSON } });
  });

  it('says until when and why, and how old that is', async () => {
    const element = await show(answer([standing()]));
    expect(textOf(element, '.verdict')).toBe('c.GardeWhyKept_Kept');
    expect(textOf(element, '.why')).toBe('Tax receipt of 2024.');
    expect(textOf(element, '.note')).toBe('c.GardeWhyKept_DecidedFor');
  });

  it('tells a person who is due, and one kept with no end known', async () => {
    const due = await show(answer([standing({ Verdict__c: shown('due', 'Due'), UntilDate__c: field(null) })]));
    expect(textOf(due, '.verdict')).toBe('c.GardeWhyKept_Due');
    const open = await show(answer([standing({ UntilDate__c: field(null) })]));
    expect(textOf(open, '.verdict')).toBe('c.GardeWhyKept_KeptOpen');
  });

  it('never takes a person whom no plan considered for one who may go', async () => {
    const element = await show(answer([], [rule('donors', 'Contact')]));
    expect(textOf(element, '.unknown')).toBe('c.GardeWhyKept_Unknown');
    expect(all(element, '[data-rule]')).toHaveLength(1);
  });

  it('lists the rules for such records only, the one that decided first', async () => {
    const rules = [rule('applicants', 'Contact'), rule('donors', 'Contact'), rule('leads', 'Lead')];
    const element = await show(answer([standing()], rules));
    expect(all(element, '[data-rule]').map(({ dataset }) => dataset.rule)).toEqual(['rule-donors', 'rule-applicants']);
  });

  it('lists open requests and the latest consents', async () => {
    const request = { Id: 'a0Q1', Name: field('RQ-00000001'), Status__c: shown('initiated', 'Initiated') };
    const consent = {
      ...{ Id: 'a0C1', PurposeKey__c: field('news'), Status__c: shown('given', 'Given') },
      OccurredAt__c: field('2026-01-02T12:00:00.000Z'),
    };
    const element = await show(answer([standing()], [], [request], [consent]));
    expect(textOf(element, '[data-request]')).toBe('RQ-00000001 · Initiated');
    expect(textOf(element, '[data-consent]')).toBe('news · Given · Jan 2, 2026');
  });

  it('says when it is loading, and that it cannot read', async () => {
    const element = await show();
    expect(textOf(element, '[role="status"]')).toBe('c.GardeWhyKept_Loading');
    wire.emitErrors([{ message: 'no access' }]);
    await settle();
    expect(textOf(element, '[role="alert"]')).toBe('c.GardeWhyKept_LoadError');
  });

  it('is accessible', async () => {
    const element = await show(answer([standing()], [rule('donors', 'Contact')]));
    await expect(element).toBeAccessible();
  });
});
