import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import type { ReportProgress } from '../model/progress.ts';
import { OrgError } from '../org/orgProblems.ts';
import type { Org, OrgRow } from '../org/port.ts';
import type { PulledRow, PullStore } from './pullStore.ts';
import { selectRows } from './wantedRows.ts';
import type { PulledObject } from './wantedRows.ts';

/** From this many rows on a Bulk job costs fewer calls than REST's pages of 2,000 rows. */
const BULK_FROM = 10_000;
const HELD_ROWS = 1_000;
const HELD_CHARACTERS = 4_000_000;
export const IDS_PER_QUERY = 400;

export type Copying = { readonly org: Org; readonly store: PullStore; readonly tell: ReportProgress };

const isValue = (value: OrgRow[string]): value is PulledRow[string] => value === null || typeof value !== 'object';

const plain = (row: OrgRow): PulledRow =>
  Object.fromEntries(
    Object.entries(row).filter(
      (entry): entry is [string, PulledRow[string]] => entry[1] !== undefined && isValue(entry[1]),
    ),
  );

const charactersOf = (row: PulledRow): number =>
  Object.values(row).reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0);

/** Writes rows as they come; memory does not grow with them. Answers how many. */
const write = async (copying: Copying, object: string, rows: AsyncIterable<OrgRow>, from = 0): Promise<number> => {
  let held: PulledRow[] = [];
  let [characters, written] = [0, from];
  const flush = (): void => {
    copying.store.writeRows(object, held);
    written += held.length;
    [held, characters] = [[], 0];
    copying.tell({ stage: 'pull.rows', subject: object, done: written });
  };
  for await (const row of rows) {
    const one = plain(row);
    held.push(one);
    characters += charactersOf(one);
    if (held.length >= HELD_ROWS || characters >= HELD_CHARACTERS) flush();
  }
  flush();
  return written;
};

const isNotForBulk = (error: unknown): boolean =>
  error instanceof OrgError && error.foreignCodes.some((code) => code === 'INVALIDENTITY' || code === 'NOT_EMULATED');

/** All rows of an object, or those that meet a condition in SOQL: by Bulk query when they are many, else by REST. */
export const copyRows = async (
  copying: Copying,
  object: PulledObject,
  conditions: readonly string[],
  approximate: number | undefined,
): Promise<number> => {
  const soql = selectRows(object, conditions);
  if ((approximate ?? 0) >= BULK_FROM) {
    try {
      return await write(copying, object.name, copying.org.bulkQuery(soql));
    } catch (error) {
      // refused before the first row: nothing of it was written
      if (!isNotForBulk(error)) throw error;
    }
  }
  return write(copying, object.name, copying.org.query(soql));
};

/** The rows with these ids, asked for a few hundred at a time. */
export const copyRowsOf = async (
  copying: Copying,
  object: PulledObject,
  ids: Iterable<readonly string[]>,
): Promise<number> => {
  let written = 0;
  for (const chunk of ids)
    written = await write(
      copying,
      object.name,
      copying.org.query(selectRows(object, [`Id IN ${soqlList(chunk)}`])),
      written,
    );
  return written;
};

/** Rows whose lookup points at one of these ids. */
export const copyRowsThrough = async (
  copying: Copying,
  object: PulledObject,
  field: string,
  parents: readonly string[],
): Promise<number> => {
  let written = 0;
  for (const chunk of inChunks(parents, IDS_PER_QUERY)) {
    const soql = selectRows(object, [`${soqlName(field)} IN ${soqlList(chunk)}`]);
    written = await write(copying, object.name, copying.org.query(soql), written);
  }
  return written;
};
