import type { Approvals as CharterApprovals, Approver, Charter } from '../../model/charter.ts';
import type { PlanHeader } from '../../model/plan.ts';

/** Who must agree to the steps of one rule. */
export type ApprovalRequirement = {
  /** Key of the charter's rule; null when the whole plan is meant. */
  readonly rule: string | null;
  /** How many people other than planner and runner. */
  readonly people: number;
  /** Who counts; anybody who may create approvals when empty. */
  readonly by: readonly Approver[];
};

/** What must be there before a plan may run. */
export type ApprovalPolicy = {
  readonly requirements: readonly ApprovalRequirement[];
  /** `required`: never rehearsed, or with differences that nobody accepted, no run begins. */
  readonly rehearsal: 'required' | 'advised';
};

const requirementOf = (
  rule: string | null,
  own: Pick<CharterApprovals, 'people' | 'by'> | undefined,
  all: CharterApprovals,
): ApprovalRequirement => ({ rule, people: own?.people ?? all.people, by: own?.by ?? all.by });

/**
 * The charter's policy for one plan: that of each rule in it, or the charter's own where the rule has none. A plan that
 * no rule made (undo) follows the charter's own; a rehearsal is asked of plans that were made from a copy of the org.
 */
export const approvalPolicyFor = (charter: Charter, { terms }: PlanHeader): ApprovalPolicy => {
  const all = charter.approvals;
  const own = new Map(charter.retention.map((rule) => [rule.key, rule.approvals]));
  const rules = terms.rules.map(({ key }) => requirementOf(key, own.get(key), all));
  return {
    requirements: rules.length > 0 ? rules : [requirementOf(null, undefined, all)],
    rehearsal: terms.kind === 'undo' ? 'advised' : all.rehearsal,
  };
};

/** The largest number of people that any rule of the plan asks for. */
export const peopleNeeded = ({ requirements }: ApprovalPolicy): number =>
  requirements.reduce((most, one) => Math.max(most, one.people), 0);
