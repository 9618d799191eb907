import type { PlanDecision, PlanHeader, ReasonCount, StepCount } from '../model/plan.ts';
import type { Org } from '../org/port.ts';
import type { EncryptedStore, Vault } from '../vault/port.ts';
import { DEFAULT_BUDGET_SHARE } from './callBudget.ts';
import { openPlan, planProblems } from './openPlan.ts';
import { readDecisions, stepsOf, type DecisionFilter } from './planStore.ts';

export type ShowInput = {
  readonly planPath: string;
  readonly rule?: string;
  readonly verdict?: PlanDecision['verdict'];
  /** Reason code. */
  readonly reason?: string;
  /** Record id of one person: everything about them. */
  readonly person?: string;
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
  readonly operations: readonly { readonly operation: string; readonly object: string; readonly recordId: string }[];
};

export type ShowResult = {
  readonly header: PlanHeader;
  readonly steps: readonly StepCount[];
  readonly reasons: readonly ReasonCount[];
  readonly people: readonly ShownPerson[];
  /** True when the filter meets more people than are shown. */
  readonly more: boolean;
  /** Today's requests: what is left and what a run may use of it; null when no org was asked. */
  readonly quota: { readonly remaining: number; readonly budget: number; readonly needed: number } | null;
  /** What would refuse the plan now: another org, expired. */
  readonly problems: readonly { readonly code: string; readonly message: string }[];
};

const quotaOf = async (org: Org, needed: number): Promise<ShowResult['quota']> => {
  const remaining = (await org.limits()).get('DailyApiRequests')?.remaining ?? 0;
  return { remaining, budget: Math.floor(remaining * DEFAULT_BUDGET_SHARE), needed };
};

const standingProblems = async (org: Org, header: PlanHeader, now: string): Promise<ShowResult['problems']> => {
  const { orgId, userId } = await org.identity();
  const { toolVersion, charterDigest, packs, ruleSets } = header.terms;
  const use = { orgId, userId, now, toolVersion, charterDigest, packs, ruleSets };
  return planProblems(header, use).map(({ code, message }) => ({ code, message }));
};

const filterOf = ({ rule, verdict, reason, person }: ShowInput): Omit<DecisionFilter, 'limit'> => ({
  ...(rule === undefined ? {} : { rule }),
  ...(verdict === undefined ? {} : { verdict }),
  ...(reason === undefined ? {} : { code: reason }),
  ...(person === undefined ? {} : { subject: person }),
});

const shown = (store: EncryptedStore, decision: PlanDecision): ShownPerson => ({
  recordId: decision.subject,
  object: decision.object,
  rule: decision.rule,
  verdict: decision.verdict,
  reason: decision.reason.code,
  facts: decision.reason.facts,
  until: decision.until,
  effects: decision.effects,
  operations: stepsOf(store, [decision.subject]).map(({ step }) => ({
    operation: step.operation,
    object: step.object,
    recordId: step.recordId,
  })),
});

/**
 * What a plan would do and why, and why everybody else is kept: record ids and reasons, no names. The digest is
 * verified first. Errors: those of openPlan.
 */
export const showPlan = async (
  input: ShowInput,
  ports: { readonly vault: Vault; readonly org?: Org; readonly now: string },
): Promise<ShowResult> => {
  const { header, store } = openPlan(input.planPath, ports.vault);
  try {
    const found = readDecisions(store, { ...filterOf(input), limit: input.limit + 1 });
    return {
      header,
      steps: header.terms.stepCounts,
      reasons: header.terms.reasons,
      people: found.slice(0, input.limit).map((decision) => shown(store, decision)),
      more: found.length > input.limit,
      quota: ports.org === undefined ? null : await quotaOf(ports.org, header.terms.calls),
      problems: ports.org === undefined ? [] : await standingProblems(ports.org, header, ports.now),
    };
  } finally {
    store.close();
  }
};
