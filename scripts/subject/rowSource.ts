import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import type { Org, OrgRow } from '../org/port.ts';
import { rowText } from './rowText.ts';

/** A row met on an edge: its id, what its lookup holds, and what further lookups of it hold. */
export type EdgeRow = {
  readonly id: string;
  readonly target: string;
  readonly extra: readonly string[];
  /** In the recycle bin: still held. */
  readonly deleted: boolean;
};

export type EdgeQuery = {
  readonly object: string;
  /** The lookup followed. */
  readonly via: string;
  /** Further lookups to read along. */
  readonly extra: readonly string[];
  /** Whether the object has IsDeleted. */
  readonly marksDeleted: boolean;
};

/** Where a subject graph is read from: an org, or a snapshot of one. */
export type RowSource = {
  /** Rows whose lookup points to one of `ids`. */
  readonly pointingTo: (edge: EdgeQuery, ids: readonly string[]) => AsyncIterable<EdgeRow>;
  /** What the lookup of the rows `ids` points to; rows with an empty lookup are left out. */
  readonly pointedFrom: (edge: EdgeQuery, ids: readonly string[]) => AsyncIterable<EdgeRow>;
};

const toEdgeRow = (edge: EdgeQuery, row: OrgRow): EdgeRow => ({
  id: rowText(row, 'Id'),
  target: rowText(row, edge.via),
  extra: edge.extra.map((field) => rowText(row, field)).filter((id) => id !== ''),
  deleted: row['IsDeleted'] === true,
});

/** Reads edges from an org by chunked IN queries, recycle bin and archived activities included (queryAll). */
export const createOrgRows = (org: Pick<Org, 'query'>): RowSource => {
  const read = async function* (edge: EdgeQuery, by: string, ids: readonly string[]): AsyncIterable<EdgeRow> {
    const fields = [...new Set(['Id', edge.via, ...edge.extra, ...(edge.marksDeleted ? ['IsDeleted'] : [])])];
    const select = `SELECT ${fields.map(soqlName).join(', ')} FROM ${soqlName(edge.object)}`;
    for (const chunk of inChunks([...new Set(ids)])) {
      const soql = `${select} WHERE ${soqlName(by)} IN ${soqlList(chunk)}`;
      for await (const row of org.query(soql, { deletedToo: true })) {
        const found = toEdgeRow(edge, row);
        if (found.target !== '') yield found;
      }
    }
  };
  return {
    pointingTo: (edge, ids) => read(edge, edge.via, ids),
    pointedFrom: (edge, ids) => read(edge, 'Id', ids),
  };
};
