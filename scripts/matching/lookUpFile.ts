import type { ColumnMap } from '../model/columnMap.ts';
import type { ReportProgress } from '../model/progress.ts';
import { LINKS, type MatchPairs, type MatchTable, ZONES } from './contract.ts';
import { makeRowCursor, nextRow } from './engine/read/rowCursor.ts';
import { type IndexPorts, openKeptIndex } from './keptIndex.ts';
import { makeKnowledge } from './knowledge/makeKnowledge.ts';
import type { Hit, LookupAnswer } from './lookup/contract.ts';
import { lookUp } from './lookup/lookUp.ts';
import { type MatchInput, readInputs } from './read/readInput.ts';
import { idOf, rowIdsOf } from './read/rowIds.ts';
import { writePairs } from './results/writePairs.ts';
import { rowSpaceOf } from './rowSpace.ts';

export type LookupOrder = {
  readonly path: string;
  readonly map: ColumnMap;
  readonly orgId: string;
  readonly signal?: AbortSignal;
};

export type LookedUp = {
  readonly id: string;
  readonly answer: LookupAnswer;
};

export type FileLookup = {
  readonly input: MatchInput;
  /** ISO instant of the org's state that the records were looked up in. */
  readonly readAt: string;
  readonly rows: number;
  readonly records: readonly LookedUp[];
};

/** Each row of a table as a table of its own. */
const rowsOf = function* (table: MatchTable, rows: number): Generator<MatchTable> {
  const cursor = makeRowCursor(new Uint8Array(table.bytes), table, table.columns.length);
  cursor.at = table.start;
  for (let row = 0; row < rows; row += 1) {
    const start = cursor.at;
    nextRow(cursor);
    yield { ...table, start, end: Math.min(cursor.at, table.end) };
  }
};

/**
 * Looks the records of a file up in the index that the last run of matching left: at once for one or a few, without reading
 * the org. What changed in the org since that run is not seen. GardeErrors of `readInputs`, `MatchIndexMissing`,
 * `MatchIndexOutdated`, the vault's.
 */
export const lookUpFile = async (
  { path, map, orgId, signal }: LookupOrder,
  ports: Pick<IndexPorts, 'vault' | 'knowledge'>,
  tell: ReportProgress,
): Promise<FileLookup> => {
  tell({ stage: 'match.read' });
  const [input] = await readInputs([{ path, side: 'a' }], map, makeKnowledge(ports.knowledge));
  if (input === undefined) throw new Error('no input');
  const { index, close } = openKeptIndex(ports, orgId);
  try {
    const records: LookedUp[] = [];
    for (const table of rowsOf(input.table, input.rows)) {
      signal?.throwIfAborted();
      records.push({ id: idOf(input.ids, records.length), answer: lookUp(index, table) });
      tell({ stage: 'match.lookup', done: records.length, total: input.rows });
    }
    return { input, readAt: index.header.readAt, rows: index.header.rows, records };
  } finally {
    close();
  }
};

/** Writes what was found as `pairs.csv`. */
export const writeLookup = async (path: string, { input, records }: FileLookup): Promise<void> => {
  const found = records.flatMap(({ answer }, a) => answer.hits.map((hit): readonly [number, Hit] => [a, hit]));
  const space = rowSpaceOf([
    { name: input.table.name, ids: input.ids },
    { name: 'org', ids: rowIdsOf(found.map(([, { id }]) => id)) },
  ]);
  const pairs: MatchPairs = {
    count: found.length,
    a: Int32Array.from(found, ([a]) => a),
    b: Int32Array.from(found, (_, i) => input.rows + i),
    probability: Float64Array.from(found, ([, { probability }]) => probability),
    link: Uint8Array.from(found, ([, { link }]) => LINKS.indexOf(link)),
    zone: Uint8Array.from(found, ([, { zone }]) => ZONES.indexOf(zone)),
    rule: new Uint8Array(found.length),
  };
  await writePairs(path, pairs, space);
};
