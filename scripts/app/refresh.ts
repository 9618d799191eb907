import type { PlanHeader } from '../model/plan.ts';
import type { ReportProgress } from '../model/progress.ts';
import { approvalPolicyFor, peopleNeeded } from '../plan/approve/approvalPolicy.ts';
import { publishPlan } from '../plan/file/publishPlan.ts';
import { refreshPlan } from '../plan/file/refreshPlan.ts';
import type { Refresh } from '../plan/file/refreshPlan.ts';
import { planRetention } from '../retention/plan.ts';
import { withArchiveMarks } from './archiveMarks.ts';
import { productVersion } from './demo/runCommand.ts';
import { loadLaw } from './loadLaw.ts';
import type { CharterOrder } from './planning.ts';
import type { Ports } from './ports.ts';

export type RefreshOrder = CharterOrder & {
  readonly planPath: string;
  readonly outputDir: string;
  /** Rows of people shown at most. */
  readonly limit: number;
};

/** `garde plan refresh`: the plan's own rules on the org as it is now. */
export const runRefresh = async (order: RefreshOrder, ports: Ports, tell: ReportProgress): Promise<Refresh> => {
  const { charterPath, planPath, outputDir, limit } = order;
  const read = await loadLaw({ starterAllowed: false, ...(charterPath === undefined ? {} : { charterPath }) });
  const law = await withArchiveMarks(read, ports);
  const publish = (header: PlanHeader): Promise<string> => {
    const policy = approvalPolicyFor(law.charter, header);
    const mustRehearse = policy.rehearsal === 'required';
    return publishPlan(ports.org, header, { status: 'planned', approvals: peopleNeeded(policy), mustRehearse });
  };
  return refreshPlan(
    { planPath, folder: outputDir, limit },
    {
      ...ports,
      publish,
      plan: (only, folder) => planRetention({ ...law, only, folder, toolVersion: productVersion() }, ports, tell),
    },
  );
};
