import { setTimeout as waitFor } from 'node:timers/promises';
import type { ReportProgress } from '../model/progress.ts';
import { applyPlan, resumePlan } from '../plan/applyPlan.ts';
import type { ApplyInput, ApplyResult } from '../plan/applyPlan.ts';
import { publishPlan } from '../plan/publishPlan.ts';
import type { Tier } from '../plan/ramp.ts';
import { rehearsePlan } from '../plan/rehearsePlan.ts';
import type { RehearsalResult } from '../plan/rehearsePlan.ts';
import { charterDigest, packVersions, planRetention, ruleSetVersions } from '../retention/plan.ts';
import type { RetentionPlanResult } from '../retention/plan.ts';
import { publishRules } from '../retention/publishRules.ts';
import { createRetentionGuard } from '../retention/retentionGuard.ts';
import { writeCertificate } from './certificate.ts';
import type { CertificateOrder } from './certificate.ts';
import { productVersion } from './demo/runCommand.ts';
import { loadLaw } from './loadLaw.ts';
import type { Law } from './loadLaw.ts';
import type { Ports } from './ports.ts';
import { openRehearsalTwin } from './rehearsalTwin.ts';

export type CharterOrder = { readonly charterPath?: string };

/** Commands that decide need a charter of the org's own. */
const lawOf = ({ charterPath }: CharterOrder): Promise<Law> =>
  loadLaw({ starterAllowed: false, ...(charterPath === undefined ? {} : { charterPath }) });

/** What a plan must be bound to, as this machine has it now. */
const planUse = (law: Law): ApplyInput['use'] => ({
  toolVersion: productVersion(),
  charterDigest: charterDigest(law.charter),
  packs: packVersions(law),
  ruleSets: ruleSetVersions(law),
});

export type RetentionOrder = CharterOrder & {
  /** Keys of rules; all when empty. */
  readonly only: readonly string[];
  readonly outputDir: string;
  /** Records the plan and each rule's overdue count in the org, counts only. */
  readonly publish: boolean;
};

/** `garde retention plan`: the charter's rules on the org as it is. */
export const runRetentionPlan = async (
  order: RetentionOrder,
  ports: Ports,
  tell: ReportProgress,
): Promise<RetentionPlanResult> => {
  const law = await lawOf(order);
  const { only, outputDir } = order;
  const planned = await planRetention({ ...law, only, folder: outputDir, toolVersion: productVersion() }, ports, tell);
  if (order.publish) {
    await publishPlan(ports.org, planned.header, { status: 'planned', approvals: law.charter.approvals.people });
    await publishRules(ports.org, planned.header, law.charter);
  }
  return planned;
};

/** `garde plan rehearse`: on a twin in this process's memory, loaded from the plan's snapshot. */
export const runRehearsal = async (
  order: CharterOrder & { readonly planPath: string },
  ports: Ports,
  tell: ReportProgress,
): Promise<RehearsalResult> => {
  const createGuard = createRetentionGuard(await lawOf(order), ports.clock.now);
  return rehearsePlan(order.planPath, { ...ports, createGuard, openRehearsal: openRehearsalTwin }, tell);
};

export type ApplyOrder = CharterOrder &
  CertificateOrder & {
    readonly planPath: string;
    readonly orgName?: string;
    readonly budgetShare: number;
    readonly upTo: Tier;
  };

export type AppliedPlan = ApplyResult & {
  /** Undefined while the run can be resumed. */
  readonly certificatePath: string | undefined;
};

/** `garde plan apply` and `garde plan resume`: carries the plan out and, at its end, writes the certificate. */
export const runApply = async (
  verb: 'apply' | 'resume',
  order: ApplyOrder,
  ports: Ports,
  tell: ReportProgress,
): Promise<AppliedPlan> => {
  const law = await lawOf(order);
  const { planPath, orgName, budgetShare, upTo } = order;
  const input: ApplyInput = {
    ...{ planPath, budgetShare, upTo },
    approvalsNeeded: law.charter.approvals.people,
    use: planUse(law),
    ...(orgName === undefined ? {} : { orgName }),
  };
  const createGuard = createRetentionGuard(law, ports.clock.now);
  const run = verb === 'apply' ? applyPlan : resumePlan;
  const result = await run(input, { ...ports, createGuard, wait: (milliseconds) => waitFor(milliseconds) }, tell);
  return { ...result, certificatePath: await writeCertificate(order, law, ports, result) };
};
