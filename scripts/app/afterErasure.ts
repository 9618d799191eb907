import type { SearchAfterwards } from '../evidence/erasureParts.ts';
import { GardeError } from '../kernel/result.ts';
import type { ErasureItem } from '../model/erasure.ts';
import type { PlanHeader } from '../model/plan.ts';
import type { ReportProgress } from '../model/progress.ts';
import { readCompleteness } from '../org/completeness.ts';
import { namedPlaces } from '../org/places.ts';
import type { ApplyResult } from '../plan/apply/applyPlan.ts';
import { readErasureItems } from '../plan/file/erasureItems.ts';
import { openPlan } from '../plan/file/openPlan.ts';
import { checkDerivedNames, type NameCheck } from '../requests/erase/derivedNames.ts';
import { sumTraces } from '../requests/traces/sumTraces.ts';
import { compileNeedles } from '../subject/needles/compileNeedles.ts';
import type { Needles } from '../subject/needles/contract.ts';
import { openNeedles } from '../subject/needles/sealedNeedles.ts';
import { SCAN_BUDGET, type ResidualReport } from '../subject/residual/contract.ts';
import type { HoldingVisit, VisitMemory } from '../requests/erase/ownHoldings.ts';
import { rememberErasedPlan, type Remembered } from './erasureMemory.ts';
import { finishErasure } from './finishErasure.ts';
import type { Law } from './loadLaw.ts';
import { scanForNeedles } from './personNeedles.ts';
import type { Ports } from './ports.ts';
import { readSpellingKnowledge } from './spellingKnowledge.ts';

type AfterPorts = Ports & { readonly wait: (milliseconds: number) => Promise<unknown> };

type After = {
  readonly planPath: string;
  readonly law: Law;
  readonly header: PlanHeader;
  readonly items: readonly ErasureItem[];
};

const itemsOf = (planPath: string, vault: Ports['vault']): readonly ErasureItem[] => {
  const { header, store } = openPlan(planPath, vault);
  try {
    return header.terms.erasure === undefined ? [] : readErasureItems(store, header.terms.erasure);
  } finally {
    store.close();
  }
};

/** A run that came to its end, of a plan of any kind. */
type EndedRun = Pick<After, 'planPath' | 'law'> & {
  readonly result: ApplyResult;
  /** What an earlier sitting at this end, which was killed, did to what Garde holds. */
  readonly visits?: VisitMemory;
};

const NOTHING: Omit<SearchAfterwards, 'state' | 'code'> = {
  examined: 0,
  calls: 0,
  found: [],
  notExamined: [],
  names: [],
};

const notDone = (code: string, names: readonly NameCheck[] = []): SearchAfterwards => ({
  ...{ state: 'not-done', code, ...NOTHING, names },
});

const namesAfter = async (
  { law, items }: After,
  needles: Needles,
  { org, wait }: AfterPorts,
  tell: ReportProgress,
): Promise<readonly NameCheck[]> => {
  const finder = compileNeedles(needles, await readSpellingKnowledge());
  const { packs, charter } = law;
  // a twin has the package's data and none of its jobs: what is not right at once never will be
  const waits = (await org.identity()).isTwin ? { waits: [] } : {};
  const look = (done: number, total: number): void => {
    tell({ stage: 'erase.names', done, total });
  };
  return checkDerivedNames({ packs, charter, items, needles, finder }, { org, wait, look, ...waits });
};

/** A place that the running user does not see twice named by the completeness is one line. */
const unexaminedIn = ({ notExamined }: ResidualReport): SearchAfterwards['notExamined'] =>
  notExamined.map(({ place, object, fields, reason, count, format }) => ({
    ...{ place, object, fields: fields.length, reason, count },
    ...(format === undefined ? {} : { format }),
  }));

const scanAfter = async (
  after: After,
  sought: { readonly needles: Needles; readonly budget: { readonly calls: number } },
  { org, clock }: AfterPorts,
  tell: ReportProgress,
): Promise<Omit<SearchAfterwards, 'names'>> => {
  const places = namedPlaces(after.law.packs, after.law.charter);
  const { hidden } = await readCompleteness(org, { places, now: clock.now() });
  const report = await scanForNeedles({ ...sought, hidden }, after.law, { org, clock, report: tell });
  return {
    ...{ state: report.notExamined.length === 0 ? 'done' : 'partly', code: null },
    ...{ examined: report.examined.length, calls: report.spent.calls },
    found: sumTraces(report.findings, after.items),
    notExamined: unexaminedIn(report),
  };
};

/** Calls that the run's share of the day leaves for the scan, no more than a scan may make. */
const callsLeft = ({ summary }: Pick<ApplyResult, 'summary'>): number =>
  Math.max(0, Math.min(SCAN_BUDGET.calls, summary.calls.budget - summary.calls.used));

/** Fewer calls than this describe only a part of the objects: nothing would be examined. */
const FEWEST_CALLS = 50;

/** Ended: whole, or with something of it not done, which the search names. */
const ENDED: ReadonlySet<string> = new Set(['done', 'partly-done']);

/**
 * After an erasure ended: names that packages work out are looked at, then the org is searched for what is left of the
 * person, within the calls of the run. What the org does not answer leaves the erasure done and is said. Undefined for
 * other plans.
 */
const searchAfterErasure = async (
  { planPath, law, result }: EndedRun,
  ports: AfterPorts,
  tell: ReportProgress,
): Promise<SearchAfterwards | undefined> => {
  const { header, summary } = result;
  if (header.terms.kind !== 'erasure' || !ENDED.has(summary.state)) return undefined;
  const isKept = ports.vault.holdings(header.terms.orgId).some(({ id }) => id === header.needlesHolding);
  if (header.needlesHolding === undefined || !isKept) return notDone('needles-gone');
  const after: After = { planPath, law, header, items: itemsOf(planPath, ports.vault) };
  const needles = await openNeedles(ports.vault, header.needlesHolding);
  let names: readonly NameCheck[] = [];
  try {
    names = await namesAfter(after, needles, ports, tell);
    const calls = callsLeft(result);
    if (calls < FEWEST_CALLS) return notDone('call-budget', names);
    return { ...(await scanAfter(after, { needles, budget: { calls } }, ports, tell)), names };
  } catch (error) {
    if (!(error instanceof GardeError)) throw error;
    return notDone(error.name, names);
  }
};

/** What followed the run of an erasure; nothing for other plans. Of one that is not done whole, the search alone. */
export type AfterRun = {
  readonly holdings?: readonly HoldingVisit[];
  readonly suppression?: Remembered;
  readonly search?: SearchAfterwards;
};

/**
 * After a run: of an erasure that was done whole, what this machine holds is visited and the person is entered on the
 * suppression list; of any erasure that ended, the org is searched. Of a plan of traces the person is on the list already.
 */
export const afterRun = async (ended: EndedRun, ports: AfterPorts, tell: ReportProgress): Promise<AfterRun> => {
  const { planPath, result, visits } = ended;
  const holdings = finishErasure(planPath, ports, result, visits);
  if (holdings === undefined) {
    const partly = await searchAfterErasure(ended, ports, tell);
    return partly === undefined ? {} : { search: partly };
  }
  const isFirst = result.header.terms.erasure?.traces !== true;
  const memory = isFirst ? await rememberErasedPlan(planPath, ports, ports.clock.now()) : undefined;
  const search = await searchAfterErasure(ended, ports, tell);
  return {
    holdings,
    ...(memory === undefined ? {} : { suppression: memory.state }),
    ...(search === undefined ? {} : { search }),
  };
};
