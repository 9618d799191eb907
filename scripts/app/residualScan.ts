import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GardeError } from '../kernel/result.ts';
import { readCompleteness } from '../org/completeness.ts';
import { namedPlaces } from '../org/places.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Language } from '../model/text.ts';
import { readPlanHeader } from '../plan/file/openPlan.ts';
import { gatherRecords } from '../requests/gatherRecords.ts';
import { scanHtml } from '../reports/scanHtml.ts';
import { textsFor } from '../reports/texts.ts';
import { openNeedles } from '../subject/needles/sealedNeedles.ts';
import type { ResidualReport, ScanBudget } from '../subject/residual/contract.ts';
import type { ScanPorts } from '../subject/residual/scanResidual.ts';
import { loadDetectors } from './detectors.ts';
import type { Law } from './loadLaw.ts';
import { lawOf, type CharterOrder } from './planning.ts';
import { needlesOf, scanForNeedles, type Sought } from './personNeedles.ts';
import type { Ports } from './ports.ts';
import { readSpellingKnowledge } from './spellingKnowledge.ts';

export type ScanOrder = CharterOrder & {
  /** Who to look for, as they are now; or the erasure plan whose sealed needles are looked for. One of the two. */
  readonly person?: string;
  readonly planPath?: string;
  readonly includeMatchingEmail: boolean;
  readonly budget: Partial<ScanBudget>;
};

/** NeedlesMissing: nothing says whom to look for. */
export const noNeedles = (planPath: string): GardeError =>
  new GardeError([
    {
      code: 'NeedlesMissing',
      subject: planPath,
      message: 'The plan is no erasure, or what identifies its person is not kept (any more).',
      actions: ['Name the person with --person, as long as a record of theirs is left.'],
    },
  ]);

/** Of a person who is there. */
const ofPerson = async (
  order: ScanOrder & { readonly person: string },
  law: Law,
  ports: Ports,
  report: ReportProgress,
): Promise<Sought> => {
  const { fieldNames, technical } = await loadDetectors();
  const { charter, packs } = law;
  const { person, includeMatchingEmail } = order;
  const gathered = await gatherRecords(
    { person, includeMatchingEmail, charter, packs, fieldNames, technical },
    { ...ports, report },
  );
  const context = { country: charter.controller.country, knowledge: await readSpellingKnowledge() };
  return { needles: await needlesOf(gathered, context, ports.org), hidden: gathered.completeness.hidden };
};

/** Of a person who was erased. */
const ofPlan = async (planPath: string, law: Law, { org, vault, clock }: Ports): Promise<Sought> => {
  const holding = readPlanHeader(planPath).needlesHolding;
  if (holding === undefined) throw noNeedles(planPath);
  const needles = await openNeedles(vault, holding);
  const places = namedPlaces(law.packs, law.charter);
  const { hidden } = await readCompleteness(org, { places, now: clock.now() });
  return { needles, hidden };
};

/** `garde request scan`: reads the org and writes nothing. GardeErrors: those of finding a person, `NeedlesMissing`, the org's. */
export const runScan = async (
  order: ScanOrder,
  ports: Ports,
  report: ReportProgress,
  foresee: NonNullable<ScanPorts['foresee']>,
): Promise<ResidualReport> => {
  const law = await lawOf(order);
  const { person, planPath, budget } = order;
  const sought =
    person === undefined
      ? await ofPlan(planPath ?? '', law, ports)
      : await ofPerson({ ...order, person }, law, ports, report);
  return scanForNeedles({ ...sought, budget }, law, { org: ports.org, clock: ports.clock, report, foresee });
};

/** Writes the page of a scan; returns its path. */
export const writeScanReport = async (
  report: ResidualReport,
  { language, outputDir }: { readonly language: Language; readonly outputDir: string },
): Promise<string> => {
  const folder = resolve(outputDir);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `scan-${report.to.replace(/[:.]/g, '-')}.html`);
  await writeFile(path, scanHtml(report, textsFor(language)), { mode: 0o600, flag: 'wx' });
  return path;
};
