import { hostname } from 'node:os';
import { setTimeout as waitFor } from 'node:timers/promises';
import type { Connection } from '@salesforce/core';
import type { Language } from '../model/text.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org } from '../org/port.ts';
import { createSchemaSource } from '../org/wholeDescribes.ts';
import { approvalPolicyFor, peopleNeeded } from '../plan/approve/approvalPolicy.ts';
import { readApproval } from '../plan/approve/offlineApproval.ts';
import { applyPlan, resumePlan } from '../plan/apply/applyPlan.ts';
import type { ApplyInput } from '../plan/apply/applyPlan.ts';
import { parseKeys } from '../plan/prove/checkLedger.ts';
import type { CreateGuard } from '../plan/apply/guard.ts';
import { openPlan, readPlanHeader } from '../plan/file/openPlan.ts';
import { eachDecision } from '../plan/file/planStore.ts';
import { publishPlan } from '../plan/file/publishPlan.ts';
import type { Tier } from '../plan/apply/ramp.ts';
import { askForPause } from '../plan/apply/runLock.ts';
import type { PauseAsked } from '../plan/apply/runLock.ts';
import { parseRunWindow } from '../plan/apply/runWindow.ts';
import { publishRehearsal } from '../plan/rehearse/publishRehearsal.ts';
import { acceptDifferences } from '../plan/rehearse/rehearsalRecord.ts';
import type { RehearsalState } from '../plan/rehearse/rehearsalRecord.ts';
import { rehearsePlan, tryPlan } from '../plan/rehearse/rehearsePlan.ts';
import type { RehearsalResult } from '../plan/rehearse/rehearsePlan.ts';
import { openSandbox } from '../plan/rehearse/sandboxTrial.ts';
import { planUndo } from '../plan/undo/planUndo.ts';
import type { UndoResult } from '../plan/undo/planUndo.ts';
import { createUndoGuard } from '../plan/undo/undoGuard.ts';
import { planWords } from '../reports/planWords.ts';
import type { PlanWords } from '../reports/planWords.ts';
import { textsFor } from '../reports/texts.ts';
import { charterDigest, packVersions, planRetention, ruleSetVersions } from '../retention/plan.ts';
import type { RetentionPlanResult } from '../retention/plan.ts';
import { publishRules } from '../retention/publishRules.ts';
import { publishStandings } from '../retention/publishStandings.ts';
import type { Explain } from '../retention/publishStandings.ts';
import { createErasureGuard } from '../requests/erase/erasureGuard.ts';
import { createTraceGuard } from '../requests/traces/traceGuard.ts';
import { openNeedles } from '../subject/needles/sealedNeedles.ts';
import { createRetentionGuard } from '../retention/retentionGuard.ts';
import { writeAnonymisation } from './anonymisationPage.ts';
import { lookAtTotals } from './anonymisedTotals.ts';
import { withArchiveMarks } from './archiveMarks.ts';
import type { CertificateOrder } from './certificate.ts';
import { productVersion } from './demo/runCommand.ts';
import { loadDetectors } from './detectors.ts';
import { followRun } from './followRun.ts';
import type { FollowedRun } from './followRun.ts';
import { readTimestamps } from './ledgerTrust.ts';
import { loadLaw } from './loadLaw.ts';
import type { Law } from './loadLaw.ts';
import type { Ports } from './ports.ts';
import { rehearsalTwin } from './rehearsalTwin.ts';

export type CharterOrder = { readonly charterPath?: string };

/** Commands that decide need a charter of the org's own. */
export const lawOf = ({ charterPath }: CharterOrder): Promise<Law> =>
  loadLaw({ starterAllowed: false, ...(charterPath === undefined ? {} : { charterPath }) });

/** What a plan must be bound to, as this machine has it now. */
export const planUse = (law: Law): ApplyInput['use'] => ({
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
  /** Records the decision on each person in the org too: personal data, 2 KB of storage a person. */
  readonly publishPeople: boolean;
  /** Of the page about an anonymisation; the charter's by default. */
  readonly language?: Language;
};

const publishPeople = async (planned: RetentionPlanResult, ports: Ports, tell: ReportProgress): Promise<void> => {
  const words = { en: planWords(textsFor('en')), fr: planWords(textsFor('fr')) };
  const explain: Explain = ({ reason }) => {
    const sentence = (of: PlanWords): string =>
      [of.reason(reason.code), of.facts(reason.facts)].filter((part) => part !== '').join(' · ');
    return { en: sentence(words.en), fr: sentence(words.fr) };
  };
  const plan = openPlan(planned.path, ports.vault);
  try {
    const { digest, terms } = plan.header;
    const decisions = eachDecision(plan.store);
    await publishStandings(ports.org, { planDigest: digest, asOf: terms.asOf, decisions, explain }, tell);
  } finally {
    plan.store.close();
  }
};

/** `garde retention plan`: the charter's rules on the org as it is. */
export const runRetentionPlan = async (
  order: RetentionOrder,
  ports: Ports,
  tell: ReportProgress,
): Promise<RetentionPlanResult & { readonly anonymisationPath?: string }> => {
  const law = await lawOf(order);
  const { only, outputDir } = order;
  const known = await withArchiveMarks(law, ports);
  const input = { ...known, only, folder: outputDir, toolVersion: productVersion() };
  const planned = await planRetention(input, ports, tell);
  if (order.publish) {
    const policy = approvalPolicyFor(law.charter, planned.header);
    const mustRehearse = policy.rehearsal === 'required';
    await publishPlan(ports.org, planned.header, {
      ...{ status: 'planned', approvals: peopleNeeded(policy), mustRehearse },
    });
    await publishRules(ports.org, planned.header, law);
  }
  if (order.publishPeople) await publishPeople(planned, ports, tell);
  const { language = law.charter.controller.language } = order;
  return { ...planned, ...(await writeAnonymisation(planned.header, { outputDir, language })) };
};

export type RehearsalOrder = CharterOrder & {
  readonly planPath: string;
  /** Tries it for real in this sandbox instead of a twin. */
  readonly sandbox?: Org;
};

/**
 * `garde plan rehearse`: on a twin in this process's memory, loaded from the plan's snapshot, with the org's own schema
 * and rules; or for real in a sandbox. What it found is shown on the plan's record, where there is one.
 */
export const runRehearsal = async (
  order: RehearsalOrder,
  ports: Ports & { readonly connection: Connection },
  tell: ReportProgress,
): Promise<RehearsalResult> => {
  const { planPath, sandbox } = order;
  const { connection, ...own } = ports;
  const law = await lawOf(order);
  const createGuard = await guardFor(planPath, law, ports);
  const rehearsing = { ...own, createGuard, lookAfter: lookAtTotals(law, ports.vault) };
  const result =
    sandbox === undefined
      ? await rehearsePlan(
          planPath,
          { ...rehearsing, openRehearsal: rehearsalTwin(createSchemaSource(connection)) },
          tell,
        )
      : await tryPlan(planPath, { ...rehearsing, openTrial: openSandbox(sandbox) }, tell);
  await publishRehearsal(ports.org, result.header, result.state);
  return result;
};

/** `garde plan rehearse --accept`: records who takes which difference for harmless. */
export const runAcceptance = async (
  order: { readonly planPath: string; readonly keys: readonly string[] },
  ports: Ports,
): Promise<{ readonly planDigest: string; readonly state: RehearsalState }> => {
  const { username } = await ports.org.identity();
  const plan = openPlan(order.planPath, ports.vault);
  try {
    const state = acceptDifferences(plan, order.keys, { by: username, at: ports.clock.now() });
    await publishRehearsal(ports.org, plan.header, state);
    return { planDigest: plan.header.digest, state };
  } finally {
    plan.store.close();
  }
};

export type UndoOrder = CharterOrder & {
  /** Key of a run or id of its record; or the plan that was run. */
  readonly run?: string;
  readonly planPath?: string;
  readonly outputDir: string;
  readonly limit: number;
};

/** `garde plan undo`: what a run did, taken back as a plan of its own. */
export const runUndo = async (order: UndoOrder, ports: Ports, tell: ReportProgress): Promise<UndoResult> => {
  const law = await lawOf(order);
  const { run, planPath, outputDir, limit } = order;
  const named = { ...(run === undefined ? {} : { run }), ...(planPath === undefined ? {} : { planPath }) };
  const input = { ...named, charter: law.charter, use: planUse(law), folder: outputDir, limit };
  return planUndo(input, ports, tell);
};

/**
 * What decides again right before each batch: an undo asks whether the person was forgotten, a rule decides anew, an
 * erasure reads holds and everything that hangs on the person.
 */
const guardFor = async (planPath: string, law: Law, ports: Ports): Promise<CreateGuard> => {
  const { terms, needlesHolding } = readPlanHeader(planPath);
  const { kind, erasure } = terms;
  if (kind === 'undo') return createUndoGuard(ports.vault);
  if (kind === 'retention') return createRetentionGuard(law, ports.clock.now);
  const guarded = { ...law, ...(await loadDetectors()) };
  const own = { org: ports.org, vault: ports.vault, now: ports.clock.now };
  if (erasure?.traces !== true) return createErasureGuard(guarded, own);
  const { roots } = await openNeedles(ports.vault, needlesHolding ?? '');
  return createTraceGuard(guarded, roots, own);
};

export type ApplyOrder = CharterOrder &
  CertificateOrder & {
    readonly planPath: string;
    readonly orgName?: string;
    readonly budgetShare: number;
    readonly upTo: Tier;
    /** Hours in which something may begin, in the charter's time zone: `22:00-06:00`. */
    readonly window?: string;
    /** Files of approvals by signature. */
    readonly approvalPaths?: readonly string[];
  };

export type AppliedPlan = FollowedRun;

/**
 * `garde plan apply` and `garde plan resume`: carries the plan out and, at its end, writes the certificate. A run that
 * was killed between its end and its certificate is not repeated: what is missing is done.
 */
export const runApply = async (
  verb: 'apply' | 'resume',
  order: ApplyOrder,
  ports: Ports,
  tell: ReportProgress,
): Promise<AppliedPlan> => {
  const law = await lawOf(order);
  const { planPath, orgName, budgetShare, upTo, window } = order;
  const header = readPlanHeader(planPath);
  const wait = (milliseconds: number): Promise<unknown> => waitFor(milliseconds);
  // read before anything is begun: a wrong path in the charter must not show at the end of a run
  const following = { order, law, header, timestamps: await readTimestamps(law) };
  const missed = await followRun(following, { ...ports, wait }, tell);
  if (missed !== undefined) return missed;
  const input: ApplyInput = {
    ...{ planPath, budgetShare, upTo, machine: hostname() },
    policy: approvalPolicyFor(law.charter, header),
    use: planUse(law),
    ledgerKeys: parseKeys(law.charter.ledger?.keys ?? []),
    approvals: (order.approvalPaths ?? []).map(readApproval),
    ...(orgName === undefined ? {} : { orgName }),
    ...(window === undefined
      ? {}
      : { window: { ...parseRunWindow(window), timeZone: law.charter.controller.timeZone } }),
  };
  const createGuard = await guardFor(planPath, law, ports);
  const run = verb === 'apply' ? applyPlan : resumePlan;
  const result = await run(input, { ...ports, createGuard, wait }, tell);
  const followed = await followRun(following, { ...ports, wait }, tell);
  return followed ?? { ...result, certificatePath: undefined };
};

/** `garde plan pause`: asks the run that holds the org, wherever it runs. */
export const runPause = ({ org }: Pick<Ports, 'org'>): Promise<PauseAsked> => askForPause(org);
