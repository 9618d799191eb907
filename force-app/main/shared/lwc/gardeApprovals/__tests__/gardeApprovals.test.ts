import { createElement } from 'lwc';
import { executeMutation, graphql } from 'lightning/graphql';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import GardeApprovals from 'c/gardeApprovals';

jest.mock('lightning/graphql', () => {
  const { graphql: adapter } = jest.requireActual('lightning/graphql');
  return {
    graphql: adapter,
    gql: (strings: TemplateStringsArray) => ({ query: strings.join('') }),
    executeMutation: jest.fn(),
  };
});
jest.mock('@salesforce/user/Id', () => ({ default: '005000000000002AAA' }), { virtual: true });

const READER = '005000000000002AAA';
const PLANNER = '005000000000001AAA';
const OTHER = '005000000000003AAA';

type Emitter = {
  emit(data: unknown, filter?: unknown, refresh?: () => Promise<void>): void;
  emitErrors(errors: readonly { message: string }[]): void;
};
const wire = graphql as unknown as Emitter;
// eslint-disable-next-line @lwc/lwc/no-unexpected-wire-adapter-usages -- the test's own hand on the mocked adapter
const info = getObjectInfo as unknown as Emitter;
const mutate = executeMutation as jest.Mock;

const nodes = (...rows: unknown[]) => ({ edges: rows.map((node) => ({ node })) });
const shown = (value: string | null) => ({ value, displayValue: value });

const plan = (over: Record<string, unknown> = {}) => ({
  Id: 'a01000000000001AAA',
  Name: { value: 'PL-00000001' },
  PlanDigest__c: { value: 'ab'.repeat(32) },
  Kind__c: shown('purge'),
  Status__c: shown('planned'),
  RuleKeys__c: { value: 'prospects' },
  PeopleCount__c: { value: 1200 },
  HeldCount__c: { value: 30 },
  StepCount__c: { value: 2400 },
  RecordCount__c: { value: 1900 },
  IrreversibleCount__c: { value: 1200 },
  Completeness__c: shown('complete'),
  HiddenCount__c: { value: 0 },
  ApprovalsNeededCount__c: { value: 1 },
  ExpiresAt__c: { value: '2099-01-01T00:00:00.000Z' },
  PlannedBy__c: { value: PLANNER },
  RehearsedAt__c: { value: '2026-11-20T08:00:00.000Z' },
  RehearsalTier__c: shown('twin'),
  IsRehearsalRequired__c: { value: true },
  OpenDifferenceCount__c: { value: 0 },
  AcceptedDifferenceCount__c: { value: 0 },
  RehearsalNotes__c: { value: 'twin: - sharing' },
  ...over,
});

const approval = (id: string, by: string, decision: string, digest = 'ab'.repeat(32)) => ({
  Id: id,
  PlanDigest__c: { value: digest },
  Decision__c: shown(decision),
  Comment__c: { value: null },
  CreatedDate: { value: '2026-11-20T09:00:00.000Z' },
  CreatedById: { value: by },
  CreatedBy: { Name: { value: `Person ${by.slice(-4, -3)}` } },
});

const answer = (plans: unknown[], approvals: unknown[] = [], totalCount = plans.length) => ({
  uiapi: { query: { GardePlan__c: { ...nodes(...plans), totalCount }, GardeApproval__c: nodes(...approvals) } },
});

/** Lets promises and the renderings that follow them come through. */
const settle = (turns = 20): Promise<void> =>
  Array.from({ length: turns }).reduce<Promise<void>>((before) => before.then(() => undefined), Promise.resolve());

const refresh = jest.fn(() => Promise.resolve());

const show = async (data: unknown, createable = true): Promise<HTMLElement> => {
  const element = createElement('c-garde-approvals', { is: GardeApprovals });
  document.body.appendChild(element);
  wire.emit(data, undefined, refresh);
  info.emit({ apiName: 'GardeApproval__c', createable });
  await settle();
  return element;
};

const all = (element: HTMLElement, selector: string): HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []),
];
const textOf = (element: HTMLElement, selector: string): string => all(element, selector)[0]?.textContent ?? '';
const button = (element: HTMLElement, decision: string): (HTMLElement & { disabled?: boolean }) | undefined =>
  all(element, `[data-decision="${decision}"]`)[0];
const comment = async (element: HTMLElement, value: string): Promise<void> => {
  all(element, 'lightning-textarea')[0]?.dispatchEvent(new CustomEvent('change', { detail: { value } }));
  await settle();
};
const press = async (element: HTMLElement, decision: string): Promise<void> => {
  button(element, decision)?.click();
  await settle();
};

describe('c-garde-approvals', () => {
  beforeAll(() => {
    Object.defineProperty(globalThis, 'crypto', {
      value: { subtle: { digest: () => Promise.resolve(new Uint8Array(32).fill(0xcd).buffer) } },
      configurable: true,
    });
    globalThis.TextEncoder ??= class {
      encode(): Uint8Array {
        return new Uint8Array();
      }
    } as unknown as typeof TextEncoder;
  });
  beforeEach(() => {
    mutate.mockResolvedValue({ data: {} });
  });
  afterEach(() => {
    document.body.replaceChildren();
    jest.clearAllMocks();
  });

  it('says what a plan does in numbers, and marks what cannot be undone or was not seen', async () => {
    const element = await show(answer([plan({ Completeness__c: shown('incomplete'), HiddenCount__c: { value: 3 } })]));
    expect(textOf(element, '[data-figure="people"] dd')).toBe('1,200');
    expect(textOf(element, '[data-figure="kept"] dd')).toBe('30');
    expect(textOf(element, '[data-figure="irreversible"] .warning')).toBe('1,200');
    expect(textOf(element, '[data-figure="completeness"] .warning')).toBe('c.GardeApprovals_HiddenPlaces');
  });

  it('records an approval bound to the digest, the expiry and what was shown, and reads the page again', async () => {
    const element = await show(answer([plan()]));
    await press(element, 'approved');
    expect(mutate).toHaveBeenCalledTimes(1);
    expect(mutate.mock.calls[0][0].variables).toEqual({
      input: {
        GardeApproval__c: {
          Plan__c: 'a01000000000001AAA',
          PlanDigest__c: 'ab'.repeat(32),
          Decision__c: 'approved',
          ExpiresAt__c: '2099-01-01T00:00:00.000Z',
          SummaryHash__c: 'cd'.repeat(32),
        },
      },
    });
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(textOf(element, '.told')).toBe('c.GardeApprovals_ApprovedDone');
  });

  it('records a refusal with its reason only, and asks for one', async () => {
    const element = await show(answer([plan()]));
    await press(element, 'refused');
    expect(mutate).not.toHaveBeenCalled();
    expect(textOf(element, '.problem')).toBe('c.GardeApprovals_SayWhy');
    await comment(element, ' The board decides first ');
    await press(element, 'refused');
    expect(mutate.mock.calls[0][0].variables.input.GardeApproval__c).toMatchObject({
      Decision__c: 'refused',
      Comment__c: 'The board decides first',
    });
  });

  it.each([
    ['before the rehearsal', { RehearsedAt__c: { value: null } }],
    ['with open differences', { OpenDifferenceCount__c: { value: 2 } }],
  ])('lets nobody approve %s, but lets them refuse', async (_when, over) => {
    const element = await show(answer([plan(over)]));
    expect(button(element, 'approved')?.disabled).toBe(true);
    expect(button(element, 'refused')?.disabled).not.toBe(true);
    expect(textOf(element, '[data-rehearsal] .warning')).not.toBe('');
  });

  it('lets the charter waive the rehearsal', async () => {
    const waived = plan({ RehearsedAt__c: { value: null }, IsRehearsalRequired__c: { value: false } });
    expect(button(await show(answer([waived])), 'approved')?.disabled).toBe(false);
  });

  it.each([
    ['who planned', { PlannedBy__c: { value: READER } }, true, 'c.GardeApprovals_YouPlanned'],
    ['who may not record decisions', {}, false, 'c.GardeApprovals_NoRight'],
    [
      'anybody past the expiry',
      { ExpiresAt__c: { value: '2020-01-01T00:00:00.000Z' } },
      true,
      'c.GardeApprovals_Expired',
    ],
  ])('gives no buttons to %s', async (_who, over, createable, reason) => {
    const element = await show(answer([plan(over)]), createable);
    expect(all(element, 'lightning-button')).toHaveLength(0);
    expect(textOf(element, '[data-barred]')).toBe(reason);
  });

  it('tells who decided, counts each person once by the last decision, and lets the reader withdraw', async () => {
    const approvals = [
      approval('1', READER, 'approved'),
      approval('2', OTHER, 'revoked'),
      approval('3', OTHER, 'approved'),
      approval('4', OTHER, 'approved', 'ff'.repeat(32)),
    ];
    const element = await show(answer([plan()], approvals));
    expect(all(element, '[data-decision-id]')).toHaveLength(3);
    expect(textOf(element, '[data-decision-id="1"]')).toContain('Person 2');
    expect(textOf(element, '[data-approvals]')).toBe('c.GardeApprovals_ApprovalsSoFar');
    await press(element, 'revoked');
    expect(mutate.mock.calls[0][0].variables.input.GardeApproval__c.Decision__c).toBe('revoked');
    expect(textOf(element, '.told')).toBe('c.GardeApprovals_RevokedDone');
  });

  it('says so when the org refuses to show or to record, and keeps the comment', async () => {
    const refused = createElement('c-garde-approvals', { is: GardeApprovals });
    document.body.appendChild(refused);
    wire.emitErrors([{ message: 'No access' }]);
    await settle();
    expect(textOf(refused, '[role="alert"]')).toBe('c.GardeApprovals_LoadError');
    refused.remove();
    mutate.mockResolvedValue({ errors: [{ message: 'FIELD_INTEGRITY_EXCEPTION' }] });
    const element = await show(answer([plan()]));
    await press(element, 'approved');
    expect(textOf(element, '.problem')).toBe('c.GardeApprovals_SaveError');
    expect(refresh).not.toHaveBeenCalled();
  });

  it('says so when no plan waits, and how many it does not show', async () => {
    const none = await show(answer([]));
    expect(none.shadowRoot?.textContent).toContain('c.GardeApprovals_None');
    none.remove();
    const many = await show(answer([plan()], [], 40));
    expect(textOf(many, '.more')).toBe('c.GardeApprovals_MorePlans');
  });

  it('is accessible', async () => {
    const element = await show(answer([plan()], [approval('1', OTHER, 'refused')]));
    await expect(element).toBeAccessible();
  });
});
