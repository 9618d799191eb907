import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { audit } from '../audit/audit.ts';
import type { AuditInput } from '../audit/port.ts';
import { publishFigures } from '../audit/publishFigures.ts';
import { endOfPeriod, localDateOf } from '../kernel/legalPeriod.ts';
import type { AuditNames, AuditReport } from '../model/auditReport.ts';
import type { Charter } from '../model/charter.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Language } from '../model/text.ts';
import { readCompleteness } from '../org/completeness.ts';
import { namedPlaces } from '../org/places.ts';
import { figuresOf, type AuditFigures } from '../reports/auditFigures.ts';
import { auditHtml } from '../reports/auditHtml.ts';
import { auditXlsx } from '../reports/auditXlsx.ts';
import { textsFor } from '../reports/texts.ts';
import { readOrgModel } from '../subject/readOrgModel.ts';
import { loadDetectors, type Detectors } from './detectors.ts';
import { loadLaw, type Law } from './loadLaw.ts';
import type { Ports } from './ports.ts';

export type AuditOrder = {
  readonly charterPath?: string;
  readonly language: Language;
  readonly outputDir: string;
  readonly scan: AuditInput['scan'];
  readonly sampleRows: number;
  readonly withNames: boolean;
  /** Writes the two figures of the officer's page to the org. */
  readonly publish: boolean;
};

export type SealedNames = { readonly path: string; readonly passphrase: string; readonly expiresAt: string };

export type AuditOutcome = {
  readonly report: AuditReport;
  readonly figures: AuditFigures;
  readonly paths: { readonly html: string; readonly json: string; readonly xlsx: string };
  readonly names?: SealedNames;
};

type Sources = { readonly law: Law; readonly detectors: Detectors };

const examine = async (order: AuditOrder, { law, detectors }: Sources, ports: Ports, tell: ReportProgress) => {
  const { org, clock } = ports;
  const { packs, charter } = law;
  tell({ stage: 'audit.visibility' });
  const completeness = await readCompleteness(org, { places: namedPlaces(packs, charter), now: clock.now() });
  const { fieldNames, technical, categories, lexicon } = detectors;
  const sources = { packs, charter, fieldNames, technical, hidden: completeness.hidden };
  const model = await readOrgModel(org, sources, tell);
  const { scan, sampleRows, withNames } = order;
  const { controller } = charter;
  const { needsFilter } = technical;
  return audit(
    { model, completeness, categories, lexicon, needsFilter, controller, scan, sampleRows, withNames },
    { org, now: clock.now, report: tell },
  );
};

/** Writes report and workbook; all of them are made before the first is written. */
const writeReports = async (order: AuditOrder, report: AuditReport, { law, detectors }: Sources) => {
  const view = { report, texts: textsFor(order.language), categories: detectors.categories };
  const contents = {
    html: auditHtml(view, law.charter.controller.timeZone),
    json: `${JSON.stringify(report, null, 2)}\n`,
    xlsx: await auditXlsx(view),
  };
  const folder = resolve(order.outputDir);
  const paths = {
    html: join(folder, 'audit.html'),
    json: join(folder, 'audit.json'),
    xlsx: join(folder, 'audit.xlsx'),
  };
  for (const kind of ['html', 'json', 'xlsx'] as const) await writeFile(paths[kind], contents[kind]);
  return paths;
};

const sealNames = async (
  order: AuditOrder,
  names: AuditNames,
  charter: Charter,
  ports: Ports,
): Promise<SealedNames> => {
  const { orgId } = await ports.org.identity();
  const today = localDateOf(ports.clock.now(), charter.controller.timeZone);
  const expiresAt = `${endOfPeriod(today, charter.dossierExpiry)}T23:59:59.999Z`;
  const stamp = names.at.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const path = join(resolve(order.outputDir), `audit-names-${stamp}.json.age`);
  const bytes = Buffer.from(`${JSON.stringify(names, null, 2)}\n`, 'utf8');
  const { passphrase } = await ports.vault.sealForRecipient('named-report', orgId, bytes, { expiresAt, path });
  return { path, passphrase, expiresAt };
};

/** The whole `garde audit`: law and word lists from files, completeness, model, audit, then report, workbook and sealed names. */
export const auditOrg = async (order: AuditOrder, ports: Ports, tell: ReportProgress): Promise<AuditOutcome> => {
  const { charterPath } = order;
  const law = await loadLaw({ starterAllowed: true, ...(charterPath === undefined ? {} : { charterPath }) });
  const sources: Sources = { law, detectors: await loadDetectors() };
  const { report, names } = await examine(order, sources, ports, tell);
  await mkdir(resolve(order.outputDir), { recursive: true });
  const sealed = names === undefined ? undefined : await sealNames(order, names, law.charter, ports);
  const paths = await writeReports(order, report, sources);
  if (order.publish) await publishFigures(ports.org, report);
  return { report, figures: figuresOf(report), paths, ...(sealed === undefined ? {} : { names: sealed }) };
};
