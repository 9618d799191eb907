import type { ReportProgress } from '../model/progress.ts';
import { valueOf } from '../kernel/result.ts';
import { parseTreatments } from '../model/parseTreatments.ts';
import { approvalPolicyFor, peopleNeeded } from '../plan/approve/approvalPolicy.ts';
import { publishPlan } from '../plan/file/publishPlan.ts';
import type { ErasureResult } from '../requests/erase/erasurePorts.ts';
import { parseErasureRules, type ErasureRules } from '../requests/erase/erasureRules.ts';
import { planErasure } from '../requests/erase/planErasure.ts';
import { readProductText } from './configFiles.ts';
import { loadDetectors } from './detectors.ts';
import { lawOf, planUse, type CharterOrder } from './planning.ts';
import type { Ports } from './ports.ts';
import { needlesOf, scanCalls } from './personNeedles.ts';
import { readSpellingKnowledge } from './spellingKnowledge.ts';

export type ErasureOrder = CharterOrder & {
  readonly person: string;
  readonly includeMatchingEmail: boolean;
  readonly requestKey?: string;
  readonly outputDir: string;
  /** Records the plan in the org, counts only. */
  readonly publish: boolean;
};

const RULES = 'config/disposal/erasure.yml';

/** What becomes of records that cannot or may not go, from config/; feeds are those of every action. */
export const loadErasureRules = async (): Promise<ErasureRules> => {
  const { file, text } = await readProductText(RULES);
  const shared = await readProductText('config/disposal/treatments.yml');
  const { feeds } = valueOf(parseTreatments(shared.text, shared.file));
  return { ...valueOf(parseErasureRules(text, file)), feeds };
};

/** `garde request erase`: everything held of one person, decided and planned. */
export const runErasurePlan = async (
  order: ErasureOrder,
  ports: Ports,
  report: ReportProgress,
): Promise<ErasureResult> => {
  const law = await lawOf(order);
  const { charter, packs } = law;
  const { fieldNames, technical } = await loadDetectors();
  const context = { country: charter.controller.country, knowledge: await readSpellingKnowledge() };
  const planned = await planErasure(
    {
      ...{ person: order.person, includeMatchingEmail: order.includeMatchingEmail, folder: order.outputDir },
      ...{ charter, packs, fieldNames, technical, rules: await loadErasureRules(), use: planUse(law) },
      ...(order.requestKey === undefined ? {} : { requestKey: order.requestKey }),
    },
    {
      ...ports,
      report,
      needlesOf: (gathered) => needlesOf(gathered, context, ports.org),
      scanCalls: (needles) => scanCalls(needles, ports.org),
      knowledge: context.knowledge,
    },
  );
  if (order.publish && planned.plan !== null) {
    const policy = approvalPolicyFor(charter, planned.plan.header);
    const mustRehearse = policy.rehearsal === 'required';
    await publishPlan(ports.org, planned.plan.header, {
      ...{ status: 'planned', approvals: peopleNeeded(policy), mustRehearse },
    });
  }
  return planned;
};
