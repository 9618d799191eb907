import type { Clock } from '../kernel/clock.ts';
import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import { filterToSoql } from '../model/filterSoql.ts';
import type { ReportProgress } from '../model/progress.ts';
import { OrgError } from '../org/orgProblems.ts';
import type { Org, OrgRow } from '../org/port.ts';
import type { EncryptedStore, StoreValue } from '../vault/port.ts';
import { sqlName, storedRow, tableOf } from './columns.ts';
import type { CopiedObject } from './meta.ts';
import type { ResolvedWant } from './wants.ts';

/** From this many rows on a Bulk job costs fewer calls than REST's pages of 2,000 rows. */
const BULK_FROM = 2_000;
const IDS_PER_QUERY = 400;
/** Rows or characters held before they are written: whichever comes first bounds memory. */
const HELD_ROWS = 2_000;
const HELD_CHARACTERS = 4_000_000;

type Copying = {
  readonly org: Org;
  readonly clock: Clock;
  readonly store: EncryptedStore;
  readonly tell: ReportProgress;
};

const soqlFor = (want: ResolvedWant, ids?: readonly string[]): string => {
  const conditions = [
    ...(want.where === undefined || want.where.length === 0 ? [] : [filterToSoql(want.where)]),
    ...(ids === undefined ? [] : [`Id IN ${soqlList(ids)}`]),
  ];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return `SELECT ${want.columns.map(({ path }) => soqlName(path)).join(', ')} FROM ${soqlName(want.object)}${where}`;
};

const restRows = async function* (org: Org, want: ResolvedWant): AsyncGenerator<OrgRow> {
  const options = { deletedToo: want.deletedToo ?? false };
  if (want.ids === undefined) yield* org.query(soqlFor(want), options);
  for (const ids of inChunks([...new Set(want.ids ?? [])], IDS_PER_QUERY))
    yield* org.query(soqlFor(want, ids), options);
};

/** "Entity is not supported by the Bulk API": known only by asking. */
const isNotForBulk = (error: unknown): boolean =>
  error instanceof OrgError && error.foreignCodes.some((code) => code === 'INVALIDENTITY' || code === 'NOT_EMULATED');

type Writing = { held: (readonly StoreValue[])[]; characters: number; rows: number };

const flush = (copying: Copying, want: ResolvedWant, writing: Writing, total: number | undefined): void => {
  copying.store.insert(
    want.object,
    want.columns.map(({ path }) => path),
    writing.held,
  );
  writing.rows += writing.held.length;
  writing.held = [];
  writing.characters = 0;
  copying.tell({
    stage: 'snapshot.copy',
    subject: want.object,
    done: writing.rows,
    ...(total === undefined || total < writing.rows ? {} : { total }),
  });
};

const charactersOf = (row: readonly StoreValue[]): number =>
  row.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0);

const writeRows = async (
  copying: Copying,
  want: ResolvedWant,
  rows: AsyncIterable<OrgRow>,
  total: number | undefined,
): Promise<number> => {
  const writing: Writing = { held: [], characters: 0, rows: 0 };
  for await (const row of rows) {
    const values = storedRow(want.columns, row);
    writing.held.push(values);
    writing.characters += charactersOf(values);
    if (writing.held.length >= HELD_ROWS || writing.characters >= HELD_CHARACTERS) flush(copying, want, writing, total);
  }
  flush(copying, want, writing, total);
  return writing.rows;
};

const createIndexes = (store: EncryptedStore, want: ResolvedWant): void => {
  for (const { path, isLookup } of want.columns) {
    if (!isLookup && path !== 'Id') continue;
    store.run(`CREATE INDEX ${sqlName(`ix.${want.object}.${path}`)} ON ${sqlName(want.object)} (${sqlName(path)})`);
  }
};

/** Whether a Bulk job is tried first. */
const wantsBulk = (want: ResolvedWant, total: number | undefined): boolean =>
  want.ids === undefined && (total ?? 0) >= BULK_FROM;

/** Copies one object: by Bulk API from 2,000 rows on (by the platform's approximate count), else by REST. */
export const copyObject = async (
  copying: Copying,
  want: ResolvedWant,
  total: number | undefined,
): Promise<CopiedObject> => {
  const { org, store } = copying;
  const at = copying.clock.now();
  const before = org.calls();
  store.create(tableOf(want.object, want.columns));
  const done = (by: CopiedObject['by'], rows: number): CopiedObject => {
    createIndexes(store, want);
    return { object: want.object, rows, at, by, calls: org.calls() - before };
  };
  if (!wantsBulk(want, total)) return done('rest', await writeRows(copying, want, restRows(org, want), total));
  try {
    const rows = org.bulkQuery(soqlFor(want), { deletedToo: want.deletedToo ?? false });
    return done('bulk', await writeRows(copying, want, rows, total));
  } catch (error) {
    if (!isNotForBulk(error)) throw error;
    return done('rest', await writeRows(copying, want, restRows(org, want), total));
  }
};
