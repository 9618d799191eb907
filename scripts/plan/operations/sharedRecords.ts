import type { PlanStep } from '../../model/plan.ts';

/** A row that ties a shared record (a file) to somebody's record. */
export type Tie = {
  /** The tie's own object and id: `ContentDocumentLink`. */
  readonly object: string;
  readonly id: string;
  /** What is shared: the document. */
  readonly shared: string;
  /** Whose it is: a person's record, or any other. */
  readonly to: string;
  /** The tie that says who made it, which is nobody's claim to it: ShareType `I` of the owner. */
  readonly isOwners?: boolean;
};

const isTaking = ({ operation }: PlanStep): boolean => operation === 'delete' || operation === 'purge';

const untied = (step: PlanStep, tie: Tie): PlanStep => ({
  ...step,
  key: `${step.key}/untie/${tie.id}`,
  operation: 'delete',
  object: tie.object,
  recordId: tie.id,
  precondition: { decision: step.precondition.decision, goesWith: [] },
  inverse: 'none',
  dependsOn: [],
});

/**
 * Leaves what several people share to the others: where a plan deletes a record (a file) that is also tied to a record
 * the plan does not delete, only the ties to the plan's own records are deleted, and nothing of the shared record
 * itself. A record whose only ties are to records of the plan is deleted as planned. `kept` names what was left.
 */
export const leaveShared = (
  steps: readonly PlanStep[],
  ties: readonly Tie[],
): { readonly steps: readonly PlanStep[]; readonly kept: readonly string[] } => {
  const gone = new Set(steps.filter((step) => step.operation === 'delete').map((step) => step.recordId));
  const claims = ties.filter((tie) => tie.isOwners !== true);
  const shared = new Set(claims.filter((tie) => gone.has(tie.shared) && !gone.has(tie.to)).map((tie) => tie.shared));
  const untieing = (step: PlanStep): readonly PlanStep[] => {
    if (!isTaking(step) || !shared.has(step.recordId)) return [step];
    if (step.operation === 'purge') return [];
    const own = claims.filter((tie) => tie.shared === step.recordId && gone.has(tie.to) && !gone.has(tie.id));
    return own.map((tie) => untied(step, tie));
  };
  const left = steps.flatMap(untieing);
  const keys = new Set(left.map((step) => step.key));
  const dropped = new Set(steps.filter((step) => !keys.has(step.key)).map((step) => step.key));
  return {
    steps: left.map((step) => ({ ...step, dependsOn: step.dependsOn.filter((key) => !dropped.has(key)) })),
    kept: [...shared].sort(),
  };
};
