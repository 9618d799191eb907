import { endOfPeriod, localDateOf } from '../kernel/legalPeriod.ts';
import { valueOf } from '../kernel/result.ts';
import { letterTexts, type LetterTexts } from '../letters/letterTexts.ts';
import { renderLetter } from '../letters/renderLetter.ts';
import { HOLDINGS } from '../model/holdings.ts';
import type { AccessInput, AccessOutcome, AccessPorts } from './accessPorts.ts';
import { buildManifest } from './buildManifest.ts';
import { checkCharterForAccess } from './charterForAccess.ts';
import type { DossierRecord, Redaction } from './dossier.ts';
import { dossierJson } from './dossierJson.ts';
import { dossierRecords, recordContext, searchedSources } from './dossierRecords.ts';
import { fileEntries, planFiles, type FilesWritten, type PlannedFile } from './dossierFiles.ts';
import { gatherRecords, type Gathered } from './gatherRecords.ts';
import { letterData } from './letterData.ts';
import { checkManifest, type ManifestLine } from './manifest.ts';
import type { RecordContext } from './redactRecord.ts';
import { reviewOf } from './review.ts';
import { writeZip, type ZipEntry } from './zipWriter.ts';

type Job = {
  readonly input: AccessInput;
  readonly ports: AccessPorts;
  readonly texts: LetterTexts;
  readonly requestKey: string;
  readonly now: string;
  readonly orgId: string;
  readonly gathered: Gathered;
  readonly context: RecordContext;
  readonly planned: readonly PlannedFile[];
  readonly records: readonly DossierRecord[];
  readonly redactions: readonly Redaction[];
};

/** `AR-20261122-3f9c2a71`: says when, never who. */
const newRequestKey = (date: string, random: AccessPorts['random']): string =>
  `AR-${date.replaceAll('-', '')}-${Buffer.from(random(4)).toString('hex')}`;

/** Fields by which the platform and its packages say where a record came from. */
const SOURCE_FIELD = /(^|[a-z])Source(__c)?$/;
/** Fields that every activity of the platform has, or that date a message. */
const ACTIVITY_FIELDS: ReadonlySet<string> = new Set(['ActivityDate', 'MessageDate']);

const valuesOf = (records: readonly DossierRecord[], field: RegExp): readonly string[] => {
  const fields = records.flatMap((record) => record.fields).filter((one) => field.test(one.field));
  return [...new Set(fields.map((one) => String(one.value)))].sort();
};

const holdingsOf = ({ ports, texts, orgId }: Job): readonly string[] => {
  const kinds = new Set(ports.vault.holdings(orgId).map((holding) => holding.kind));
  return [...kinds].map((kind) => HOLDINGS[kind].content[texts.language]).sort();
};

const isActivity = ({ gathered: { model } }: Job, record: DossierRecord): boolean =>
  model.objects.get(record.object)?.fields.some((field) => ACTIVITY_FIELDS.has(field.name)) ?? false;

const freeTextsIn = ({ gathered: { model }, records }: Job): number =>
  records.reduce((sum, record) => {
    const object = model.objects.get(record.object);
    const free = new Set(object?.fields.filter((field) => field.freeText).map((field) => field.name));
    return sum + record.fields.filter((field) => free.has(field.field)).length;
  }, 0);

const manifestOf = (job: Job, written: FilesWritten): readonly ManifestLine[] => {
  const { input, gathered, texts, records } = job;
  const { charter, ruleSets, rights, categories } = input;
  const manifest = buildManifest({
    ...{ charter, ruleSets, rights, categories, texts, records },
    completeness: gathered.completeness,
    unread: { records: gathered.unread.length, fields: gathered.unreadFields.length },
    files: written.files,
    redactions: [...job.redactions, ...written.redactions],
    sources: searchedSources(gathered.model, records),
    recordedSources: valuesOf(records, SOURCE_FIELD),
    activities: records.filter((record) => isActivity(job, record)).length,
    freeTexts: freeTextsIn(job),
    holdings: holdingsOf(job),
  });
  return valueOf(checkManifest(manifest));
};

const textEntry = (name: string, text: string): ZipEntry => ({ name, bytes: Buffer.from(text, 'utf8') });

const labelsOf = ({ gathered: { model }, redactions }: Job): ReadonlyMap<string, string> =>
  new Map(
    redactions.map(({ object, field }) => [
      `${object}.${field}`,
      model.objects.get(object)?.fields.find((one) => one.name === field)?.label ?? field,
    ]),
  );

/** The archive's files: the person's own first, then what tells about them. */
const entriesOf = async function* (job: Job, written: FilesWritten): AsyncGenerator<ZipEntry> {
  const { input, ports, texts, gathered, requestKey, now } = job;
  const report = ports.report === undefined ? {} : { report: ports.report };
  yield* fileEntries(job.planned, { org: ports.org, ...report }, written, job.context);
  ports.report?.({ stage: 'request.letter' });
  const manifest = manifestOf(job, written);
  const redactions = [...job.redactions, ...written.redactions];
  const { hidden } = gathered.completeness;
  const common = {
    texts,
    charter: input.charter,
    requestKey,
    manifest,
    records: job.records,
    files: written.files,
    redactions,
  };
  yield textEntry('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  yield textEntry('dossier.json', dossierJson({ ...common, madeAt: now, gathered }));
  const madeOn = localDateOf(now, input.charter.controller.timeZone);
  const letter = renderLetter(input.template, letterData({ ...common, madeOn, hidden, labels: labelsOf(job) }));
  yield textEntry('letter.html', letter);
};

const prepare = async (input: AccessInput, ports: AccessPorts): Promise<Job> => {
  const texts = letterTexts(input.language);
  valueOf(checkCharterForAccess(input, texts));
  const { orgId } = await ports.org.identity();
  const gathered = await gatherRecords(input, ports);
  const context = recordContext(gathered, input, ports, texts);
  const planned = planFiles({
    model: gathered.model,
    records: gathered.records,
    linked: gathered.linked,
    graph: context.graph,
    limits: input.limits,
  });
  const now = ports.clock.now();
  const requestKey = newRequestKey(localDateOf(now, input.charter.controller.timeZone), ports.random);
  const shown = dossierRecords(gathered.records, planned, context, texts);
  return { input, ports, texts, requestKey, now, orgId, gathered, context, planned, ...shown };
};

const redactionCounts = (redactions: readonly Redaction[]): AccessOutcome['redactions'] => {
  const counts = new Map<string, AccessOutcome['redactions'][number]>();
  for (const { kind, reason, count } of redactions) {
    const key = `${kind} ${reason}`;
    counts.set(key, { kind, reason, count: (counts.get(key)?.count ?? 0) + count });
  }
  return [...counts.values()];
};

/** The end of the last day of the charter's `dossierExpiry`, in UTC. */
const expiryOf = ({ input, now }: Job): string => {
  const made = localDateOf(now, input.charter.controller.timeZone);
  return `${endOfPeriod(made, input.charter.dossierExpiry)}T23:59:59.999Z`;
};

/**
 * Compiles the answer to an access request (GDPR Art. 15): finds the person, reads their graph, replaces what is somebody
 * else's, and seals letter, data, manifest and files in one archive to a fresh passphrase. Reads the org, writes nothing
 * but the sealed file, and that only when whole. GardeErrors before anything is written: `CharterLacksAccessItem`,
 * `PeopleHidden`, `PersonNotFound`, `PersonAmbiguous`, `ManifestIncomplete`, `LetterTemplateNotValid`, `FileExists`, the org's.
 */
export const compileAccessDossier = async (input: AccessInput, ports: AccessPorts): Promise<AccessOutcome> => {
  const job = await prepare(input, ports);
  const written: FilesWritten = { files: [], redactions: [] };
  const archive = writeZip(entriesOf(job, written), job.now);
  const { holding, passphrase } = await ports.vault.sealForRecipient('access-dossier', job.orgId, archive, {
    expiresAt: expiryOf(job),
    path: input.pathFor(job.requestKey),
  });
  const { completeness } = job.gathered;
  const included = written.files.filter((file) => file.state === 'included').length;
  const redactions = [...job.redactions, ...written.redactions];
  return {
    requestKey: job.requestKey,
    holdingId: holding.id,
    path: holding.path,
    expiresAt: holding.expiresAt,
    passphrase,
    subject: job.gathered.subject,
    completeness: completeness.state,
    hidden: completeness.hidden,
    records: job.records.length,
    files: { included, heldBack: written.files.length - included },
    redactions: redactionCounts(redactions),
    review: reviewOf({ gathered: job.gathered, files: written.files, redactions, charter: input.charter }),
  };
};
