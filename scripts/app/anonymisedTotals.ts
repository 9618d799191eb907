import { z } from 'zod';
import type { Org } from '../org/port.ts';
import { openPlan, readPlanHeader, type OpenPlan } from '../plan/file/openPlan.ts';
import { eachDecision } from '../plan/file/planStore.ts';
import { snapshotOf } from '../plan/rehearse/rehearsalContent.ts';
import type { LookAfter } from '../plan/rehearse/rehearsePlan.ts';
import { differingTotals } from '../retention/statistics/measureTotals.ts';
import { createSnapshotReader } from '../snapshot/reader.ts';
import type { Vault } from '../vault/port.ts';
import type { Law } from './loadLaw.ts';

/** People of whom the plan says which word may be said: those it anonymises. */
function* anonymised({ store }: OpenPlan): Iterable<string> {
  for (const { subject, verdict, reason } of eachDecision(store))
    if (verdict === 'due' && reason.facts['word'] !== undefined) yield subject;
}

/** Statistics of a plan whose totals in an org are other than the plan says, by key. Error: SnapshotGone. */
const totalsThatDiffer = async (
  org: Org,
  plan: OpenPlan,
  { law, vault }: { readonly law: Law; readonly vault: Vault },
): Promise<readonly string[]> => {
  const terms = plan.header.terms.anonymisation;
  if (terms === undefined || terms.statistics.length === 0) return [];
  const { charter, hierarchies } = law;
  const snapshot = snapshotOf(plan, vault);
  try {
    const reader = createSnapshotReader(snapshot);
    return await differingTotals(org, { charter, hierarchies, terms, reader, people: () => anonymised(plan) });
  } finally {
    snapshot.close();
  }
};

/** What a rehearsal compares beside records: the totals that the plan says stay equal. */
export const lookAtTotals =
  (law: Law, vault: Vault): LookAfter =>
  async (org, plan) => {
    const differing = await totalsThatDiffer(org, plan, { law, vault });
    const statistics = plan.header.terms.anonymisation?.statistics ?? [];
    return statistics
      .filter(({ key }) => differing.includes(key))
      .map(({ object, sum }) => ({ kind: 'did-not-happen', object, field: sum, because: 'totals', count: 1 }));
  };

/** What following a run remembers, so that a process killed in between counts nothing twice. */
type Memory = {
  readonly recall: (name: string) => string | undefined;
  readonly remember: (name: string, value: string) => void;
};
const TOTALS = 'totals';
const remembered = z.array(z.string());

/**
 * Counts the totals of a plan again in the org, once its run has ended: keys of statistics that differ from what the plan
 * says of them afterwards. Undefined where the plan tells no totals. Reads the plan's copy of the org: called before that
 * is removed. Errors: SnapshotGone, the org's.
 */
export const recountTotals = async (
  planPath: string,
  { law, org, vault }: { readonly law: Law; readonly org: Org; readonly vault: Vault },
  { recall, remember }: Memory,
): Promise<readonly string[] | undefined> => {
  const known = recall(TOTALS);
  if (known !== undefined) return remembered.parse(JSON.parse(known));
  if ((readPlanHeader(planPath).terms.anonymisation?.statistics ?? []).length === 0) return undefined;
  const plan = openPlan(planPath, vault);
  try {
    const differing = await totalsThatDiffer(org, plan, { law, vault });
    remember(TOTALS, JSON.stringify(differing));
    return differing;
  } finally {
    plan.store.close();
  }
};
