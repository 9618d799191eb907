import type { Place } from '../model/completeness.ts';
import type { Org } from '../org/port.ts';
import type { Gathered } from '../requests/gatherRecords.ts';
import type { Needles, SpellingKnowledge } from '../subject/needles/contract.ts';
import { gatherNeedles } from '../subject/needles/gatherNeedles.ts';
import { measureNeedles } from '../subject/needles/measureNeedles.ts';
import { SCAN_BUDGET, type ResidualReport, type ScanBudget } from '../subject/residual/contract.ts';
import { foreseeScan } from '../subject/residual/foreseeScan.ts';
import { scanResidual, type ScanPorts } from '../subject/residual/scanResidual.ts';
import { loadDetectors } from './detectors.ts';
import type { Law } from './loadLaw.ts';
import { readSpellingKnowledge } from './spellingKnowledge.ts';

/**
 * What identifies the person whose graph was read, with what the org knows of namesakes and shared addresses. One query an
 * object of people.
 */
export const needlesOf = async (
  gathered: Pick<Gathered, 'model' | 'subject' | 'own' | 'records'>,
  context: { readonly country: string; readonly knowledge: SpellingKnowledge },
  org: Pick<Org, 'query'>,
): Promise<Needles> => {
  const { model, records, subject, own } = gathered;
  const rows = records.map(({ item, row }) => ({ object: item.object, id: item.id, shared: item.shared, row }));
  const roots = [...new Map([...subject, ...own].map(({ object, id }) => [id, { object, id }])).values()];
  const needles = gatherNeedles(rows, roots, { model, country: context.country });
  return measureNeedles(needles, { model, knowledge: context.knowledge }, org);
};

/** Who is looked for, and what is hidden from the running user. */
export type Sought = { readonly needles: Needles; readonly hidden: readonly Place[] };

/** API calls that a scan for these needles will make at most, from counts alone. */
export const scanCalls = async (needles: Needles, org: ScanPorts['org']): Promise<number> => {
  const { technical } = await loadDetectors();
  const knowledge = await readSpellingKnowledge();
  return foreseeScan({ needles, knowledge, technical, budget: SCAN_BUDGET }, org);
};

/** Looks for one person's needles in all the org: after an erasure, or for one who is there. */
export const scanForNeedles = async (
  sought: Sought & { readonly budget?: Partial<ScanBudget> },
  law: Pick<Law, 'packs'>,
  ports: ScanPorts,
): Promise<ResidualReport> => {
  const { technical } = await loadDetectors();
  const people = [...new Set(law.packs.flatMap((pack) => pack.people.map(({ object }) => object)))];
  const { needles, hidden, budget = {} } = sought;
  const knowledge = await readSpellingKnowledge();
  return scanResidual({ needles, knowledge, technical, people, hidden, budget: { ...SCAN_BUDGET, ...budget } }, ports);
};
