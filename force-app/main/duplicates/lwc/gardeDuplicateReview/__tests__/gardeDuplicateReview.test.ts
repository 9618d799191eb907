import { createElement } from 'lwc';
import { executeMutation, graphql } from 'lightning/graphql';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { getRecords } from 'lightning/uiRecordApi';
import GardeDuplicateReview from 'c/gardeDuplicateReview';

jest.mock('lightning/graphql', () => {
  const { graphql: adapter } = jest.requireActual('lightning/graphql');
  return {
    graphql: adapter,
    gql: (strings: TemplateStringsArray) => ({ query: strings.join('') }),
    executeMutation: jest.fn(),
  };
});
jest.mock('@salesforce/user/Id', () => ({ default: '005000000000002AAA' }), { virtual: true });

type Config = { readonly query?: { readonly query: string }; readonly variables?: Record<string, unknown> };
type Emitter = {
  emit(data: unknown, filter?: (config: Config) => boolean, refresh?: () => Promise<void>): void;
  emitErrors(errors: readonly { message: string }[]): void;
  getLastConfig(): Config & { readonly records?: unknown };
};
/* eslint-disable @lwc/lwc/no-unexpected-wire-adapter-usages -- the test's own hand on the mocked adapters */
const wire = graphql as unknown as Emitter;
const info = getObjectInfo as unknown as Emitter;
const records = getRecords as unknown as Emitter;
/* eslint-enable @lwc/lwc/no-unexpected-wire-adapter-usages */
const mutate = executeMutation as jest.Mock;
const refresh = jest.fn(() => Promise.resolve());

const GROUP = 'a0G000000000001AAA';
const NEXT = 'a0G000000000002AAA';
const CONTACT = '003000000000001AAA';
const TWIN = '003000000000002AAA';
const LEAD = '00Q000000000001AAA';

const asksMembers = ({ query }: Config): boolean => query?.query.includes('gardeDuplicateMembers') ?? false;
const asksGroups = ({ query }: Config): boolean => query?.query.includes('gardeDuplicateGroups') ?? false;
const field = (value: unknown) => ({ value });
const shown = (value: string | null) => ({ value, displayValue: value });
const edges = (nodes: readonly unknown[]) => ({ edges: nodes.map((node) => ({ node })) });

const group = (id: string, over: Record<string, unknown> = {}) => ({
  Id: id,
  Name: field(`DG-${id.slice(-4, -3)}`),
  LinkKind__c: shown('person'),
  Status__c: shown('proposed'),
  Decision__c: shown(null),
  Confidence__c: field(93.5),
  TotalMembers__c: field(2),
  ComparedFields__c: field(
    JSON.stringify([
      {
        role: 'email',
        words: { en: 'E-mail', fr: 'Adresse e-mail' },
        fields: { Contact: ['Email'], Lead: ['Email'] },
      },
      {
        role: 'given-name',
        words: { en: 'Given name', fr: 'Prénom' },
        fields: { Contact: ['FirstName'], Lead: ['FirstName'] },
      },
      { role: 'birth-date', words: { en: 'Birth date', fr: 'Date de naissance' }, fields: { Contact: ['Birthdate'] } },
    ]),
  ),
  DecidedAt__c: field(null),
  DecidedBy__r: null,
  ...over,
});

const evidence = JSON.stringify([
  { comparison: 'email', level: 'exact', weight: 8.1, words: { en: 'Same e-mail', fr: 'Même adresse' } },
  { comparison: 'given-name', level: 'conflict', weight: -4, words: { en: 'Other given name', fr: 'Autre prénom' } },
]);

const member = (id: string, key: string, other: string, over: Record<string, unknown> = {}) => ({
  Id: id,
  Group__c: field(GROUP),
  SubjectKey__c: field(key),
  SubjectType__c: field(key.startsWith('003') ? 'Contact' : 'Lead'),
  Role__c: field('duplicate'),
  ExclusionReason__c: field(null),
  Score__c: field(93.5),
  LinkedToKey__c: field(other),
  Evidence__c: field(evidence),
  ...over,
});

const PAIR = [member('m1', CONTACT, LEAD), member('m2', LEAD, CONTACT)];
const THREE = [...PAIR, member('m3', TWIN, CONTACT, { Score__c: field(61) })];

/** Lets promises and the renderings that follow them come through. */
const settle = (turns = 30): Promise<void> =>
  Array.from({ length: turns }).reduce<Promise<void>>((before) => before.then(() => undefined), Promise.resolve());

const record = (id: string, apiName: string, values: Record<string, unknown>) => ({
  statusCode: 200,
  result: {
    ...{ apiName, id },
    fields: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, displayValue: null }])),
  },
});

type Given = {
  readonly groups?: readonly unknown[];
  readonly members?: readonly unknown[];
  readonly total?: number;
  readonly updateable?: boolean;
};

const show = async ({ groups, members = PAIR, total, updateable = true }: Given = {}): Promise<HTMLElement> => {
  const nodes = groups ?? [group(GROUP), group(NEXT)];
  const element = createElement('c-garde-duplicate-review', { is: GardeDuplicateReview });
  document.body.appendChild(element);
  await settle();
  wire.emit(
    { uiapi: { query: { GardeDuplicateGroup__c: { ...edges(nodes), totalCount: total ?? nodes.length } } } },
    asksGroups,
    refresh,
  );
  info.emit({ apiName: 'GardeDuplicateGroup__c', createable: false, updateable });
  await settle();
  wire.emit({ uiapi: { query: { GardeDuplicateMember__c: edges(members) } } }, asksMembers, refresh);
  await settle();
  records.emit({
    results: [
      record(CONTACT, 'Contact', { Email: 'a@one.example', FirstName: 'Zoé' }),
      record(LEAD, 'Lead', { Email: 'A@one.example', FirstName: 'Inès' }),
    ],
  });
  await settle();
  return element;
};

const all = (element: HTMLElement, selector: string): HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []),
];
const textOf = (element: HTMLElement, selector: string): string => all(element, selector)[0]?.textContent?.trim() ?? '';
const change = async (element: HTMLElement, selector: string, value: string): Promise<void> => {
  all(element, selector)[0]?.dispatchEvent(new CustomEvent('change', { detail: { value } }));
  await settle();
};
const press = async (element: HTMLElement, decision: string): Promise<void> => {
  all(element, `[data-decision="${decision}"]`)[0]?.click();
  await settle();
};
const inputs = () => mutate.mock.calls.map(([{ variables }]) => variables.input);

describe('c-garde-duplicate-review', () => {
  beforeEach(() => {
    mutate.mockResolvedValue({ data: {} });
  });
  afterEach(() => {
    document.body.replaceChildren();
    jest.clearAllMocks();
  });

  it('shows the most probable group with its records side by side, and says where they differ', async () => {
    const element = await show();
    expect(all(element, '.line')).toHaveLength(2);
    expect(all(element, '[aria-current="true"]')).toHaveLength(1);
    expect(all(element, '[data-column]').map(({ textContent }) => textContent)).toEqual([
      'c.GardeDuplicateReview_RecordContact · 93.5%',
      'c.GardeDuplicateReview_RecordLead · 93.5%',
    ]);
    expect(all(element, '[data-field="given-name"] td').map(({ textContent }) => textContent)).toEqual(['Zoé', 'Inès']);
    expect(all(element, '[data-field="given-name"] .differs')).toHaveLength(1);
    expect(all(element, '[data-field="email"] .differs')).toHaveLength(0);
    expect(all(element, '[data-field="birth-date"]')).toHaveLength(0);
  });

  it('asks for the published fields of each object only, as fields that may be hidden', async () => {
    await show();
    expect(records.getLastConfig().records).toEqual([
      { recordIds: [CONTACT], optionalFields: ['Contact.Email', 'Contact.FirstName', 'Contact.Birthdate'] },
      { recordIds: [LEAD], optionalFields: ['Lead.Email', 'Lead.FirstName'] },
    ]);
  });

  it('tells each link once: words, signed weight, and a bar to the side it speaks for', async () => {
    const element = await show();
    expect(all(element, '.link')).toHaveLength(1);
    expect(all(element, '.link th[scope="row"]').map(({ textContent }) => textContent)).toEqual([
      'Same e-mail',
      'Other given name',
    ]);
    expect(all(element, '.weight').map(({ textContent }) => textContent)).toEqual(['+8.1', '-4.0']);
    expect(all(element, '.bar').map(({ className }) => className)).toEqual(['bar for', 'bar against']);
    expect(all(element, '.bar')[1]?.style.width).toBe('25%');
  });

  it.each([
    ['duplicate', 'confirmed', 'c.GardeDuplicateReview_ReasonEvidence'],
    ['not-duplicate', 'dismissed', 'c.GardeDuplicateReview_ReasonEvidence'],
    ['related', 'dismissed', 'c.GardeDuplicateReview_ReasonEvidence'],
    ['later', 'proposed', null],
  ])('records %s with who, when and why, and goes on to the next group', async (decision, status, why) => {
    const element = await show();
    await press(element, decision);
    expect(inputs()).toEqual([
      {
        Id: GROUP,
        GardeDuplicateGroup__c: {
          Status__c: status,
          Decision__c: decision,
          DecisionComment__c: why,
          DecidedBy__c: '005000000000002AAA',
          DecidedAt__c: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        },
      },
    ]);
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(textOf(element, '.told')).not.toBe('');
    expect(all(element, '[aria-current="true"]')[0]?.dataset.group).toBe(NEXT);
    expect(element.shadowRoot?.activeElement?.className).toContain('heading');
  });

  it('asks for a written reason when none of the others is chosen', async () => {
    const element = await show();
    await change(element, '[data-reason]', 'other');
    await press(element, 'not-duplicate');
    expect(mutate).not.toHaveBeenCalled();
    expect(textOf(element, '.problem')).toBe('c.GardeDuplicateReview_SayWhy');
    await change(element, 'lightning-textarea', ' Two sisters ');
    await press(element, 'not-duplicate');
    expect(inputs()[0].GardeDuplicateGroup__c.DecisionComment__c).toBe('Two sisters');
  });

  it('marks members that are somebody else before the decision, and leaves at least two', async () => {
    const element = await show({ members: THREE });
    const boxes = all(element, '.others lightning-input') as (HTMLElement & { checked: boolean })[];
    expect(boxes).toHaveLength(3);
    for (const box of boxes.slice(0, 2)) {
      box.checked = true;
      box.dispatchEvent(new CustomEvent('change'));
    }
    await settle();
    await press(element, 'duplicate');
    expect(textOf(element, '.problem')).toBe('c.GardeDuplicateReview_TooFew');
    boxes[0]!.checked = false;
    boxes[0]!.dispatchEvent(new CustomEvent('change'));
    await settle();
    await press(element, 'duplicate');
    expect(inputs()).toMatchObject([
      { Id: 'm2', GardeDuplicateMember__c: { Role__c: 'excluded', ExclusionReason__c: 'different-person' } },
      { Id: GROUP },
    ]);
  });

  it('says so when the org refuses, and keeps the group', async () => {
    mutate.mockResolvedValue({ errors: [{ message: 'FIELD_INTEGRITY_EXCEPTION' }] });
    const element = await show();
    await press(element, 'duplicate');
    expect(textOf(element, '.problem')).toBe('c.GardeDuplicateReview_SaveError');
    expect(refresh).not.toHaveBeenCalled();
    expect(all(element, '[aria-current="true"]')[0]?.dataset.group).toBe(GROUP);
  });

  it.each([
    ['who may not edit groups', [group(GROUP)], false, 'c.GardeDuplicateReview_NoRight'],
    ['once they are merged', [group(GROUP, { Status__c: shown('merged') })], true, 'c.GardeDuplicateReview_Merged'],
  ])('gives no buttons %s', async (_when, groups, updateable, reason) => {
    const element = await show({ groups, updateable });
    expect(all(element, 'lightning-button')).toHaveLength(0);
    expect(textOf(element, '.barred')).toBe(reason);
  });

  it('filters by what is decided and by link', async () => {
    const element = await show({ groups: [group(GROUP)], members: [] });
    await change(element, '[data-filter="show"]', 'decided');
    await change(element, '[data-filter="link"]', 'household');
    const asked: unknown[] = [];
    wire.emit(undefined, (config) => {
      if (asksGroups(config)) asked.push(config.variables);
      return false;
    });
    expect(asked).toEqual([
      {
        where: {
          Status__c: { in: ['confirmed', 'dismissed', 'merged', 'undone'] },
          LinkKind__c: { eq: 'household' },
        },
      },
    ]);
  });

  it('shows who decided what and when', async () => {
    const element = await show({
      groups: [
        group(GROUP, {
          Decision__c: shown('related'),
          DecidedAt__c: field('2026-11-20T10:00:00.000Z'),
          DecidedBy__r: { Name: field('Officer') },
        }),
      ],
    });
    expect(textOf(element, '.decided')).toBe('c.GardeDuplicateReview_DecidedLine');
  });

  it('moves along the list with the arrow keys and chooses with a click', async () => {
    const element = await show();
    const [first, second] = all(element, '.line');
    first?.focus();
    first?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown' }));
    expect(element.shadowRoot?.activeElement).toBe(second);
    second?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }));
    expect(element.shadowRoot?.activeElement).toBe(first);
    second?.click();
    await settle();
    expect(second?.getAttribute('aria-current')).toBe('true');
    expect(all(element, '[data-column]')).toHaveLength(0);
  });

  it('says so when a record cannot be seen, when evidence is cut, and how many groups it does not show', async () => {
    const element = await show({
      groups: [group(GROUP)],
      members: [member('m1', TWIN, LEAD, { Evidence__c: field('[{"cut') }), PAIR[1]],
      total: 80,
    });
    expect(textOf(element, '[data-field="email"] td')).toBe('c.GardeDuplicateReview_CannotSee');
    expect(textOf(element, '.link .note')).toContain('c.GardeDuplicateReview_NoEvidence');
    expect(textOf(element, '.more')).toBe('c.GardeDuplicateReview_More');
  });

  it('says so when there is no group, and when the org refuses to show any', async () => {
    const none = await show({ groups: [], members: [] });
    expect(textOf(none, '.none')).toBe('c.GardeDuplicateReview_None');
    none.remove();
    const refused = createElement('c-garde-duplicate-review', { is: GardeDuplicateReview });
    document.body.appendChild(refused);
    wire.emitErrors([{ message: 'No access' }]);
    await settle();
    expect(textOf(refused, '[role="alert"]')).toBe('c.GardeDuplicateReview_LoadError');
  });

  it('is accessible', async () => {
    const element = await show({ members: THREE });
    await expect(element).toBeAccessible();
  });
});
