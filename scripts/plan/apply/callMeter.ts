import type { RunCalls } from '../../model/run.ts';
import type { Org } from '../../org/port.ts';

export type CallMeter = {
  /** Counts the calls that work makes; inner work counts for itself. */
  measure<T>(purpose: RunCalls['purpose'], object: string | null, work: () => Promise<T>): Promise<T>;
  counts(): readonly RunCalls[];
};

/** Counts an org's calls by what they are for. */
export const createCallMeter = (org: Pick<Org, 'calls'>): CallMeter => {
  const counts = new Map<string, RunCalls>();
  let inner = 0;
  return {
    measure: async (purpose, object, work) => {
      const [before, innerBefore] = [org.calls(), inner];
      try {
        return await work();
      } finally {
        const all = org.calls() - before;
        const own = all - (inner - innerBefore);
        inner = innerBefore + all;
        const key = `${purpose} ${object ?? ''}`;
        counts.set(key, { purpose, object, calls: (counts.get(key)?.calls ?? 0) + own });
      }
    },
    counts: () => [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
  };
};
