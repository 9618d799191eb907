import { inChunks, soqlList } from '../kernel/soql.ts';
import { GardeError } from '../kernel/result.ts';
import { localDateOf } from '../kernel/legalPeriod.ts';
import type { AuditField, AuditNames, AuditObject, AuditReaders, AuditReport } from '../model/auditReport.ts';
import type { ModelField, ModelObject } from '../model/orgModel.ts';
import { rowText } from '../subject/rowText.ts';
import { readFill, type Fill } from './fillRates.ts';
import { indexLexicon, type LexiconIndex } from './lexicon.ts';
import { NameCollector } from './names.ts';
import type { AuditInput, AuditPorts } from './port.ts';
import {
  readersOf,
  readPermissionTables,
  toAuditReaders,
  type PermissionTables,
  type WatchedField,
} from './readers.ts';
import { scanTexts, type TextScan } from './scanTexts.ts';
import { levelOf } from './sensitivity.ts';

type Work = {
  readonly input: AuditInput;
  readonly ports: AuditPorts;
  readonly lexicon: LexiconIndex;
  readonly names: NameCollector | undefined;
};
type Audited = { readonly object: AuditObject; readonly scan: TextScan };

const SAMPLE_ROWS = 2_000;

/** Objects worth a line: people and what hangs off them, copies, and others with a field that somebody named or that looks personal. */
const auditedObjects = ({ model }: AuditInput): readonly ModelObject[] =>
  [...model.objects.values()]
    .filter((object) => object.queryable)
    .filter((object) => object.fields.some((field) => field.category !== undefined || field.origin === 'undeclared'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

const filledOf = (field: ModelField, fill: Fill, scan: TextScan): number | null => {
  const counted = fill.filled.get(field.name);
  if (counted !== undefined) return counted;
  return scan.scannedRows > 0 && field.freeText ? (scan.filled.get(field.name) ?? 0) : null;
};

const auditField = (work: Work, field: ModelField, fill: Fill, scan: TextScan): AuditField => {
  const { name, label, type, origin, freeText, category } = field;
  return {
    field: name,
    label,
    type,
    origin,
    categories: category?.categories ?? [],
    level: levelOf(work.input.categories, category),
    ...(category?.special === undefined ? {} : { special: category.special }),
    thirdParty: category?.thirdParty ?? false,
    derived: category?.derived ?? false,
    freeText,
    filled: filledOf(field, fill, scan),
  };
};

const NOTHING: TextScan = { scannedRows: 0, filled: new Map(), findings: [] };

const scanObject = async (work: Work, object: ModelObject, rows: number): Promise<TextScan> => {
  const { input, ports, lexicon, names } = work;
  if (input.scan === 'none') return NOTHING;
  const { country, timeZone } = input.controller;
  return scanTexts(ports.org, object, rows, {
    lexicon,
    context: { country, today: localDateOf(ports.now(), timeZone) },
    limit: input.scan === 'sample' ? (input.sampleRows ?? SAMPLE_ROWS) : null,
    onRow: (done) => ports.report?.({ stage: 'audit.texts', subject: object.name, done, total: rows }),
    ...(names === undefined ? {} : { onHit: (hit) => names.add(object.name, hit) }),
  });
};

const auditObject = async (work: Work, object: ModelObject): Promise<Audited> => {
  const countable = !work.input.needsFilter.includes(object.name);
  const fill: Fill = countable
    ? await readFill(work.ports.org, object)
    : { rows: null, notCounted: 'NeedsFilter', filled: new Map() };
  const scan = fill.rows === null ? NOTHING : await scanObject(work, object, fill.rows);
  const notCounted = fill.notCounted ?? scan.refused;
  const fields = object.fields.filter((field) => field.category !== undefined || field.origin === 'undeclared');
  return {
    object: {
      object: object.name,
      label: object.label,
      kind: object.kind,
      custom: object.custom,
      rows: fill.rows,
      ...(notCounted === undefined ? {} : { notCounted }),
      scannedRows: scan.scannedRows,
      fields: fields.map((field) => auditField(work, field, fill, scan)),
    },
    scan,
  };
};

const watchedFields = (objects: readonly AuditObject[]): readonly WatchedField[] =>
  objects.flatMap(({ object, fields }) =>
    fields
      .filter((field) => field.level === 'special' || field.level === 'high')
      .map(({ field, level }) => ({ object, field, level })),
  );

const permissionTables = async (
  work: Work,
  watched: readonly WatchedField[],
): Promise<PermissionTables | undefined> => {
  if (watched.length === 0) return undefined;
  try {
    return await readPermissionTables(
      work.ports.org,
      watched.map((one) => one.object),
    );
  } catch (error) {
    // Reading permissions needs View Setup; without it the report says that readers are unknown.
    if (!(error instanceof GardeError)) throw error;
    return undefined;
  }
};

const byExposure = (a: AuditReaders, b: AuditReaders): number =>
  Number(b.level === 'special') - Number(a.level === 'special') ||
  b.users - a.users ||
  (a.object + a.field < b.object + b.field ? -1 : 1);

const userNames = async (
  work: Work,
  tables: PermissionTables,
  watched: readonly WatchedField[],
): Promise<AuditNames['readers']> => {
  const readers = watched.map((one) => ({ ...one, ids: [...readersOf(tables, one).users] }));
  const ids = [...new Set(readers.flatMap((one) => one.ids))];
  const users = new Map<string, AuditNames['readers'][number]['users'][number]>();
  for (const chunk of inChunks(ids)) {
    for await (const row of work.ports.org.query(
      `SELECT Id, Name, Username FROM User WHERE Id IN ${soqlList(chunk)}`,
    )) {
      const id = rowText(row, 'Id');
      users.set(id, { id, name: rowText(row, 'Name'), username: rowText(row, 'Username') });
    }
  }
  return readers.map(({ object, field, ids: own }) => ({
    object,
    field,
    users: own.flatMap((id) => users.get(id) ?? []),
  }));
};

const orgOf = async ({ ports }: Work): Promise<AuditReport['org']> => {
  const { orgId, orgName, edition, isSandbox, isTwin, apiVersion } = await ports.org.identity();
  return { orgId, orgName, edition, isSandbox, isTwin, apiVersion };
};

const undeclaredWithFill = (input: AuditInput, objects: readonly AuditObject[]): AuditReport['undeclared'] => {
  const filled = new Map(
    objects.flatMap(({ object, fields }) => fields.map((one) => [`${object}.${one.field}`, one.filled])),
  );
  return input.model.undeclared.map((one) => ({ ...one, filled: filled.get(`${one.object}.${one.field}`) ?? null }));
};

const inventory = async (work: Work): Promise<readonly Audited[]> => {
  const objects = auditedObjects(work.input);
  const audited: Audited[] = [];
  for (const [i, object] of objects.entries()) {
    work.ports.report?.({ stage: 'audit.inventory', subject: object.name, done: i, total: objects.length });
    audited.push(await auditObject(work, object));
  }
  return audited;
};

/**
 * The read-only inventory of what an org holds about people: rows and fill rates per field by aggregate (one call per
 * object and 50 fields), free texts streamed past detectors and lexicon (`scan`), and who may read what is sensitive.
 * Names and record ids are collected only `withNames`, apart from the report, for the caller to seal.
 */
export const audit = async (
  input: AuditInput,
  ports: AuditPorts,
): Promise<{ readonly report: AuditReport; readonly names?: AuditNames }> => {
  const names = input.withNames ? new NameCollector() : undefined;
  const work: Work = { input, ports, lexicon: indexLexicon(input.lexicon), names };
  const audited = await inventory(work);
  const objects = audited.map((one) => one.object);
  const watched = watchedFields(objects);
  ports.report?.({ stage: 'audit.readers' });
  const tables = await permissionTables(work, watched);
  const at = ports.now();
  const report: AuditReport = {
    schema: 'garde/audit/1',
    org: await orgOf(work),
    controller: input.controller.name,
    at,
    completeness: input.completeness,
    packs: input.model.packs,
    scan: { mode: input.scan, sampleRows: input.scan === 'sample' ? (input.sampleRows ?? SAMPLE_ROWS) : null },
    cost: { apiCalls: ports.org.calls(), rowsScanned: audited.reduce((sum, one) => sum + one.scan.scannedRows, 0) },
    objects,
    findings: audited.flatMap((one) => one.scan.findings),
    undeclared: undeclaredWithFill(input, objects),
    ...(tables === undefined ? {} : { readers: watched.map((one) => toAuditReaders(tables, one)).sort(byExposure) }),
    absent: input.model.absent,
  };
  if (names === undefined) return { report };
  const readers = tables === undefined ? [] : await userNames(work, tables, watched);
  return { report, names: { schema: 'garde/audit-names/1', at, findings: names.findings(), readers } };
};
