import type { ReportProgress } from '../model/progress.ts';
import type { PlanHeader } from '../model/plan.ts';
import type { ApplyResult } from '../plan/apply/applyPlan.ts';
import { openOwedEnd, type OwedEnd } from '../plan/apply/owedEnd.ts';
import { assertPlanFits } from '../plan/file/openPlan.ts';
import type { ForeseenVisit, VisitMemory } from '../requests/erase/ownHoldings.ts';
import { recountTotals } from './anonymisedTotals.ts';
import { afterRun, type AfterRun } from './afterErasure.ts';
import { writeCertificate, type CertificateOrder } from './certificate.ts';
import type { Law } from './loadLaw.ts';
import type { Timestamps } from '../evidence/stampCheckpoint.ts';
import type { Ports } from './ports.ts';

export type FollowedRun = ApplyResult &
  AfterRun & {
    /** Undefined while the run can be resumed. */
    readonly certificatePath: string | undefined;
    /** Statistics whose totals, counted again in the org, are other than the plan says; left out where it tells none. */
    readonly totals?: readonly string[];
  };

type Following = {
  readonly order: CertificateOrder & { readonly planPath: string };
  readonly law: Law;
  readonly header: PlanHeader;
  readonly timestamps: Timestamps | undefined;
};

type FollowPorts = Ports & { readonly wait: (milliseconds: number) => Promise<unknown> };

type Owed = OwedEnd<Omit<ApplyResult, 'header'>>;

const VISITS = 'visits';

const visitsOf = (owed: Owed): VisitMemory => ({
  recall: () => {
    const known = owed.recall(VISITS);
    return known === undefined ? undefined : (JSON.parse(known) as readonly ForeseenVisit[]);
  },
  remember: (foreseen) => {
    owed.remember(VISITS, JSON.stringify(foreseen));
  },
});

const follow = async (
  { order, law, header, timestamps }: Following,
  owed: Owed,
  ports: FollowPorts,
  tell: ReportProgress,
): Promise<FollowedRun> => {
  const result: ApplyResult = { ...owed.end, header };
  const totals = await recountTotals(order.planPath, { ...ports, law }, owed);
  ports.vault.remove(header.snapshotHolding);
  const { planPath } = order;
  const counted = totals === undefined ? {} : { totals };
  const finished = {
    ...result,
    ...counted,
    ...(await afterRun({ planPath, law, result, visits: visitsOf(owed) }, ports, tell)),
  };
  const certifying = { ...ports, ...(timestamps === undefined ? {} : { timestamps }) };
  const certificatePath = await writeCertificate(order, law, certifying, finished);
  owed.settle();
  return { ...finished, certificatePath };
};

/**
 * Does what follows a finished run: of an erasure, visits what Garde holds and searches the org; writes the certificate.
 * The run's journal says until then that it is owed, so that a process killed in between leaves it to the next one.
 * Undefined when no run of the plan is finished and owes anything. Errors: PlanForOtherOrg, RunInUse, the org's.
 */
export const followRun = async (
  following: Following,
  ports: FollowPorts,
  tell: ReportProgress,
): Promise<FollowedRun | undefined> => {
  const { header } = following;
  const owed: Owed | undefined = openOwedEnd(ports.vault, header);
  if (owed === undefined) return undefined;
  try {
    const { orgId } = await ports.org.identity();
    // who follows, with which version and charter, does not change what was done: only the org must be the same
    assertPlanFits(header, { ...header.terms, orgId, now: header.createdAt });
    return await follow(following, owed, ports, tell);
  } finally {
    owed.close();
  }
};
