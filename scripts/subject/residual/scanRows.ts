import { GardeError } from '../../kernel/result.ts';
import { inChunks, soqlLikeLiteral, soqlList, soqlName } from '../../kernel/soql.ts';
import type { Org, OrgRow } from '../../org/port.ts';
import type { NotExaminedReason, ResidualFinding, UnexaminedPlace, ExaminedPlace } from './contract.ts';
import { findingsIn, type RowJudge } from './rowFindings.ts';
import type { TextFields } from './textFields.ts';

/** How the rows of one object are looked through. */
export type RowPlan =
  | { readonly way: 'read'; readonly fields: TextFields; readonly rows: number; readonly calls: number }
  /** Too many rows to be read: the org is asked for the spellings that its filters can find. */
  | { readonly way: 'search'; readonly fields: TextFields; readonly rows: number; readonly calls: number };

/** Rows from which on a bulk job costs fewer calls than pages of a query. */
export const BULK_FROM = 20_000;
const REST_PAGE = 2_000;
const BULK_PAGE = 50_000;
/** Making a job, asking for its state, and closing it. */
const BULK_CALLS = 12;

/** Calls that reading so many rows costs, rounded up; pages of wide rows are shorter than the platform's 2,000. */
export const readingCalls = (rows: number): number =>
  rows >= BULK_FROM ? BULK_CALLS + Math.ceil(rows / BULK_PAGE) : 1 + Math.ceil((2 * rows) / REST_PAGE);

/** Shorter spellings of a name that LIKE can look for; each condition costs time, not calls. */
export const LIKE_CONDITIONS = 100;

export type RowPorts = { readonly org: Pick<Org, 'query' | 'bulkQuery'> };
export type RowsScanned = {
  readonly findings: readonly ResidualFinding[];
  readonly examined: readonly ExaminedPlace[];
  readonly notExamined: readonly UnexaminedPlace[];
  readonly rows: number;
};

const selectOf = ({ object, texts, evidence, people, parent, marksDeleted }: TextFields): string => {
  const more = [
    ...evidence,
    ...people,
    ...(parent === undefined ? [] : [parent]),
    ...(marksDeleted ? ['IsDeleted'] : []),
  ];
  const names = [...new Set(['Id', ...texts.map(({ name }) => name), ...more])];
  return `SELECT ${names.map(soqlName).join(', ')} FROM ${soqlName(object)}`;
};

const REFUSALS = [
  ...[
    'RequestRefused',
    'NotEmulated',
    'PlaceNotFound',
    'PermissionMissing',
    'FeatureMissing',
    'RecordGone',
    'UnknownOrgError',
  ],
];

/** What one place does not give says nothing of the others; a lost session or a spent quota does. */
export const isRefusal = (error: unknown): boolean => error instanceof GardeError && REFUSALS.includes(error.name);

const unexamined = (
  fields: TextFields,
  reason: NotExaminedReason,
  count: number | null,
  names?: readonly string[],
): UnexaminedPlace => ({
  place: fields.place,
  object: fields.object,
  fields: names ?? fields.texts.map(({ name }) => name),
  reason,
  count,
});

type Reading = { readonly fields: TextFields; readonly judge: RowJudge };

const judgeAll = async (rows: AsyncIterable<OrgRow>, { fields, judge }: Reading) => {
  const findings: ResidualFinding[] = [];
  let read = 0;
  for await (const row of rows) {
    read += 1;
    findings.push(...findingsIn(row, fields, judge));
  }
  return { findings, read };
};

const readAll = async (plan: RowPlan, judge: RowJudge, { org }: RowPorts): Promise<RowsScanned> => {
  const { fields, rows } = plan;
  const soql = selectOf(fields);
  const stream = rows >= BULK_FROM ? org.bulkQuery(soql, { deletedToo: true }) : org.query(soql, { deletedToo: true });
  const { findings, read } = await judgeAll(stream, { fields, judge });
  const names = fields.texts.map(({ name }) => name);
  const place = { place: fields.place, object: fields.object, fields: names, count: read, by: 'read' as const };
  return { findings, examined: [place], notExamined: [], rows: read };
};

/** Rows that the org's filters find; what no filter reaches is named. */
const searchRows = async (
  plan: RowPlan,
  judge: RowJudge,
  ports: RowPorts,
  anchors: readonly string[],
): Promise<RowsScanned> => {
  const { fields, rows } = plan;
  const reachable = fields.texts.filter(takesLike).map(({ name }) => name);
  const unreachable = fields.texts.filter((field) => !takesLike(field)).map(({ name }) => name);
  const conditions = reachable.flatMap((field) => anchors.map((anchor) => `${soqlName(field)} LIKE '${anchor}'`));
  const found = new Map<string, ResidualFinding>();
  let read = 0;
  for (const some of inChunks(conditions, LIKE_CONDITIONS)) {
    const soql = `${selectOf(fields)} WHERE ${some.join(' OR ')}`;
    const judged = await judgeAll(ports.org.query(soql, { deletedToo: true }), { fields, judge });
    read += judged.read;
    for (const finding of judged.findings) found.set(`${finding.id} ${finding.field}`, finding);
  }
  const place = { place: fields.place, object: fields.object, fields: reachable, count: read, by: 'searched' as const };
  return {
    findings: [...found.values()],
    examined: reachable.length === 0 ? [] : [place],
    notExamined: unreachable.length === 0 ? [] : [unexamined(fields, 'not-filterable', rows, unreachable)],
    rows: read,
  };
};

/** Lists of values, encrypted and history texts take no LIKE (SOQL reference, comparison operators). */
function takesLike({ filterable, type }: TextFields['texts'][number]): boolean {
  return filterable && !['multipicklist', 'encryptedstring', 'anyType'].includes(type);
}

/** Queries that a search of one object costs. */
export const searchCalls = (fields: TextFields, anchors: number): number =>
  Math.ceil((fields.texts.filter(takesLike).length * anchors) / LIKE_CONDITIONS);

/** Looks through one object as planned; what the org refuses to give is named, any other failure goes on up. */
export const scanObject = async (
  plan: RowPlan,
  judge: RowJudge,
  ports: RowPorts,
  anchors: readonly string[],
): Promise<RowsScanned> => {
  try {
    return plan.way === 'read' ? await readAll(plan, judge, ports) : await searchRows(plan, judge, ports, anchors);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { findings: [], examined: [], notExamined: [unexamined(plan.fields, 'refused', plan.rows)], rows: 0 };
  }
};

/** Rows by id: what the search index named in objects that are not read whole. */
export const scanIds = async (fields: TextFields, ids: readonly string[], judge: RowJudge, { org }: RowPorts) => {
  const findings: ResidualFinding[] = [];
  for (const some of inChunks(ids)) {
    const soql = `${selectOf(fields)} WHERE Id IN ${soqlList(some)}`;
    findings.push(...(await judgeAll(org.query(soql, { deletedToo: true }), { fields, judge })).findings);
  }
  return findings;
};

/** LIKE pattern for words with anything, or nothing, between them; letters that may bear an accent match any letter. */
export const likeWords = (words: readonly string[]): string =>
  `%${words.map((word) => soqlLikeLiteral(word).replace(/[aceinouyz]/g, '_')).join('%')}%`;
