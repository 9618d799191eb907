import type { ErasureItem } from '../../model/erasure.ts';
import type { Operation, PlanDecision, PlanHeader, ReasonCount } from '../../model/plan.ts';
import type { Org } from '../../org/port.ts';
import type { EncryptedStore, Vault } from '../../vault/port.ts';
import { DEFAULT_BUDGET_SHARE } from '../apply/callBudget.ts';
import { readErasureItems } from './erasureItems.ts';
import { openPlan, planProblems } from './openPlan.ts';
import { planFigures, type PlanFigures } from './planFigures.ts';
import { eachPerson, type DecisionFilter, type StoredPerson } from './planStore.ts';

export type ShowFilter = {
  readonly rule?: string;
  readonly verdict?: PlanDecision['verdict'];
  /** Reason code. */
  readonly reason?: string;
  /** Record id of one person: everything about them. */
  readonly person?: string;
  /** Object of steps. */
  readonly object?: string;
  /** Operation of steps. */
  readonly operation?: Operation;
};

export type ShowInput = ShowFilter & {
  readonly planPath: string;
  /** Rows of people shown at most. */
  readonly limit: number;
};

export type ShownPerson = {
  readonly recordId: string;
  readonly object: string;
  readonly rule: string;
  readonly verdict: PlanDecision['verdict'];
  readonly reason: string;
  readonly facts: PlanDecision['reason']['facts'];
  readonly until: string | null;
  readonly effects: PlanDecision['effects'];
  readonly operations: readonly {
    readonly operation: Operation;
    readonly object: string;
    readonly recordId: string;
    readonly isReversible: boolean;
  }[];
};

export type ShowResult = {
  readonly header: PlanHeader;
  /** Of the whole plan, whatever the filter. */
  readonly figures: PlanFigures;
  /** Steps that meet the filter, by object, operation and rule. */
  readonly steps: PlanFigures['kinds'];
  readonly reasons: readonly ReasonCount[];
  readonly people: readonly ShownPerson[];
  /** Of an erasure plan: what was decided about each record found, with its path; null for other plans. */
  readonly items: readonly ErasureItem[] | null;
  /** True when the filter meets more people than are shown. */
  readonly more: boolean;
  /** Today's requests: what is left and what a run may use of it; null when no org was asked. */
  readonly quota: { readonly remaining: number; readonly budget: number; readonly needed: number } | null;
  /** What would refuse the plan now: another org, expired. */
  readonly problems: readonly { readonly code: string; readonly message: string }[];
};

type Asked = { readonly quota: ShowResult['quota']; readonly milliseconds: number | undefined };

/** Asks the org once: what is left today, and how long an answer takes. */
const askQuota = async ({ org, timer }: Pick<ShowPorts, 'org' | 'timer'>, needed: number): Promise<Asked> => {
  if (org === undefined) return { quota: null, milliseconds: undefined };
  const before = timer?.();
  const remaining = (await org.limits()).get('DailyApiRequests')?.remaining ?? 0;
  const after = timer?.();
  return {
    quota: { remaining, budget: Math.floor(remaining * DEFAULT_BUDGET_SHARE), needed },
    milliseconds: before === undefined || after === undefined ? undefined : after - before,
  };
};

const standingProblems = async (org: Org, header: PlanHeader, now: string): Promise<ShowResult['problems']> => {
  const { orgId, userId } = await org.identity();
  const { toolVersion, charterDigest, packs, ruleSets } = header.terms;
  const use = { orgId, userId, now, toolVersion, charterDigest, packs, ruleSets };
  return planProblems(header, use).map(({ code, message }) => ({ code, message }));
};

const filterOf = ({ rule, verdict, reason, person }: ShowFilter): DecisionFilter => ({
  ...(rule === undefined ? {} : { rule }),
  ...(verdict === undefined ? {} : { verdict }),
  ...(reason === undefined ? {} : { code: reason }),
  ...(person === undefined ? {} : { subject: person }),
});

/** Whether a kind of step is asked for; undefined asks for all. */
const meets =
  ({ rule, object, operation }: ShowFilter) =>
  (step: { readonly rule: string; readonly object: string; readonly operation: Operation }): boolean =>
    step.rule === (rule ?? step.rule) &&
    step.object === (object ?? step.object) &&
    step.operation === (operation ?? step.operation);

const shown = ({ decision, steps }: StoredPerson): ShownPerson => ({
  recordId: decision.subject,
  object: decision.object,
  rule: decision.rule,
  verdict: decision.verdict,
  reason: decision.reason.code,
  facts: decision.reason.facts,
  until: decision.until,
  effects: decision.effects,
  operations: steps.map(({ step }) => ({
    operation: step.operation,
    object: step.object,
    recordId: step.recordId,
    isReversible: step.inverse !== 'none',
  })),
});

/** Everybody who meets the filter, by record id, lazily. */
export function* shownPeople(store: EncryptedStore, filter: ShowFilter): Iterable<ShownPerson> {
  const { object, operation } = filter;
  const isAny = object === undefined && operation === undefined;
  for (const person of eachPerson(store, filterOf(filter))) {
    if (isAny || person.steps.some(({ step }) => meets(filter)(step))) yield shown(person);
  }
}

const firstOf = <T>(all: Iterable<T>, most: number): readonly T[] => {
  const found: T[] = [];
  for (const one of all) {
    if (found.length >= most) break;
    found.push(one);
  }
  return found;
};

const reasonsMeeting = (reasons: readonly ReasonCount[], filter: ShowFilter): readonly ReasonCount[] =>
  reasons.filter(
    ({ rule, verdict, code }) =>
      rule === (filter.rule ?? rule) && verdict === (filter.verdict ?? verdict) && code === (filter.reason ?? code),
  );

/** Decisions of an erasure plan on records of the object asked for. */
const itemsMeeting = (header: PlanHeader, store: EncryptedStore, input: ShowInput): ShowResult['items'] => {
  const { erasure } = header.terms;
  if (erasure === undefined) return null;
  return readErasureItems(store, erasure)
    .filter(({ object }) => object === (input.object ?? object))
    .slice(0, input.limit);
};

export type ShowPorts = {
  readonly vault: Vault;
  readonly org?: Org;
  readonly now: string;
  /** Milliseconds that only go up; with it the time of a call is measured. */
  readonly timer?: () => number;
};

/**
 * What a plan would do and why, and why everybody else is kept: record ids and reasons, no names. The digest is
 * verified first; `also` gets everybody who meets the filter, not only the rows shown. Errors: those of openPlan.
 */
export const showPlan = async (
  input: ShowInput,
  ports: ShowPorts,
  also?: (people: Iterable<ShownPerson>) => void,
): Promise<ShowResult> => {
  const { header, store } = openPlan(input.planPath, ports.vault);
  try {
    const { quota, milliseconds } = await askQuota(ports, header.terms.calls);
    const figures = planFigures(header.terms, store, milliseconds);
    const found = firstOf(shownPeople(store, input), input.limit + 1);
    also?.(shownPeople(store, input));
    return {
      ...{ header, figures, quota },
      steps: figures.kinds.filter(meets(input)),
      reasons: reasonsMeeting(header.terms.reasons, input),
      people: found.slice(0, input.limit),
      items: itemsMeeting(header, store, input),
      more: found.length > input.limit,
      problems: ports.org === undefined ? [] : await standingProblems(ports.org, header, ports.now),
    };
  } finally {
    store.close();
  }
};
