import { readCompleteness } from '../org/completeness.ts';
import { namedPlaces } from '../org/places.ts';
import type { ReportProgress } from '../model/progress.ts';
import { readErasureItems } from '../plan/file/erasureItems.ts';
import { openPlan } from '../plan/file/openPlan.ts';
import { planTraces, type TracesResult } from '../requests/traces/planTraces.ts';
import { openNeedles } from '../subject/needles/sealedNeedles.ts';
import type { ResidualReport } from '../subject/residual/contract.ts';
import { loadDetectors } from './detectors.ts';
import { loadErasureRules } from './eraseRequest.ts';
import { scanCalls } from './personNeedles.ts';
import { lawOf, planUse, type CharterOrder } from './planning.ts';
import type { Ports } from './ports.ts';
import { noNeedles } from './residualScan.ts';
import { readSpellingKnowledge } from './spellingKnowledge.ts';

export type TracesOrder = CharterOrder & {
  /** The erasure whose person was looked for. */
  readonly planPath: string;
  readonly outputDir: string;
};

/** `garde request scan --plan-findings`: what was found of an erased person becomes a plan. Errors: those of openPlan, NeedlesMissing. */
export const runTracesPlan = async (
  order: TracesOrder,
  { findings }: Pick<ResidualReport, 'findings'>,
  ports: Ports,
  report: ReportProgress,
): Promise<TracesResult> => {
  const law = await lawOf(order);
  const { header, store } = openPlan(order.planPath, ports.vault);
  const items = (() => {
    try {
      if (header.terms.erasure === undefined) throw noNeedles(order.planPath);
      return readErasureItems(store, header.terms.erasure);
    } finally {
      store.close();
    }
  })();
  if (header.needlesHolding === undefined) throw noNeedles(order.planPath);
  const needles = await openNeedles(ports.vault, header.needlesHolding);
  const places = namedPlaces(law.packs, law.charter);
  const completeness = await readCompleteness(ports.org, { places, now: ports.clock.now() });
  const { charter, packs } = law;
  return planTraces(
    {
      ...{ charter, packs, ...(await loadDetectors()), rules: await loadErasureRules(), use: planUse(law) },
      ...{ findings, items, needles, completeness, erasure: header, folder: order.outputDir },
      scanCalls: await scanCalls(needles, ports.org),
    },
    { ...ports, report, knowledge: await readSpellingKnowledge() },
  );
};
