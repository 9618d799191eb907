import type { PlanStep } from '../../model/plan.ts';
import { definitionOf } from '../operations/registry.ts';

/** Counts steps by what shares a call. */
export type CallTally = { add(steps: readonly PlanStep[]): void; predicted(): number };

/** What a run costs beside its steps: limits, records of plan and run, lock, three tiers and their counts, ledger. */
const FRAME = 30;
/** The first two tiers of the ramp call for each kind of step by themselves. */
const EARLY_TIERS = 2;

type Kind = { readonly perCall: number; readonly sample: PlanStep; count: number };

/** API calls that an undo run will make: each kind of step with its check and its read-back, rounded up. */
export const tallyCalls = (): CallTally => {
  const kinds = new Map<string, Kind>();
  return {
    add: (steps) => {
      for (const step of steps) {
        const definition = definitionOf(step.operation);
        const key = [step.wave, step.operation, step.object, definition.groupOf(step)].join(' ');
        const kind = kinds.get(key) ?? { perCall: definition.unitsPerCall(step), sample: step, count: 0 };
        kind.count += 1;
        kinds.set(key, kind);
      }
    },
    predicted: () => {
      if (kinds.size === 0) return 0;
      const ofKind = ({ perCall, sample, count }: Kind): number => {
        const { check, readBack } = definitionOf(sample.operation).cost(count);
        const calls = Math.max(Math.ceil(count / perCall), definitionOf(sample.operation).cost(count).mutation);
        return calls + check + readBack + EARLY_TIERS;
      };
      return FRAME + [...kinds.values()].reduce((sum, kind) => sum + ofKind(kind), 0);
    },
  };
};
