import { csvLine } from './csv.ts';
import { namedOrgError } from './orgProblems.ts';
import type { OrgRow, OrgValue } from './port.ts';

const PART_BYTES = 95 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
/** Bulk's way to say "empty this field"; an empty cell leaves it alone. */
const EMPTY_FIELD = '#N/A';

export type BulkRows = {
  readonly hasMore: () => Promise<boolean>;
  /** CSV of the next rows, header first, up to the size of one job. */
  readonly part: () => AsyncGenerator<Uint8Array>;
  readonly close: () => Promise<void>;
};

/** A column that is named but undefined is there, and its cell is left alone. */
type Flat = ReadonlyMap<string, OrgValue | undefined>;

/** `{ Parent__r: { Key__c: 'x' } }` becomes the column `Parent__r.Key__c`. */
const flatten = (row: OrgRow, prefix = ''): Flat => {
  const cells = new Map<string, OrgValue | undefined>();
  for (const [name, value] of Object.entries(row)) {
    if (value === undefined || value === null || typeof value !== 'object') cells.set(prefix + name, value);
    else if (!Array.isArray(value)) {
      for (const [path, cell] of flatten(value as OrgRow, `${prefix}${name}.`)) cells.set(path, cell);
    }
  }
  return cells;
};

const cellOf = (value: OrgValue | undefined): string => {
  if (value === undefined) return '';
  return value === null || value === '' ? EMPTY_FIELD : String(value);
};

const lineOf = (columns: readonly string[], row: Flat): Uint8Array => {
  for (const name of row.keys()) {
    if (!columns.includes(name)) throw namedOrgError('RequestRefused', 'stop', name);
  }
  return Buffer.from(csvLine(columns.map((name) => cellOf(row.get(name)))), 'utf8');
};

const iteratorOf = (source: AsyncIterable<OrgRow> | Iterable<OrgRow>): AsyncIterator<OrgRow> | Iterator<OrgRow> =>
  Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();

/** Small pieces as larger ones: a network write per row would be slow. */
const inLargerChunks = async function* (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    held.push(piece);
    size += piece.length;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (held.length > 0) yield Buffer.concat(held);
};

/** Cuts a stream of rows into CSV parts, holding one row ahead. `partBytes` is for tests. */
export const bulkRows = (source: AsyncIterable<OrgRow> | Iterable<OrgRow>, partBytes = PART_BYTES): BulkRows => {
  const iterator = iteratorOf(source);
  let ahead: Flat | undefined;
  let ended = false;
  let columns: readonly string[] | undefined;
  const fill = async (): Promise<void> => {
    if (ahead !== undefined || ended) return;
    const next = await iterator.next();
    if (next.done === true) ended = true;
    else ahead = flatten(next.value);
    columns ??= ahead === undefined ? undefined : [...ahead.keys()];
  };
  const lines = async function* (): AsyncGenerator<Uint8Array> {
    await fill();
    if (ahead === undefined || columns === undefined) return;
    let size = 0;
    yield Buffer.from(csvLine(columns), 'utf8');
    while (ahead !== undefined) {
      const line = lineOf(columns, ahead);
      if (size > 0 && size + line.length > partBytes) return;
      size += line.length;
      ahead = undefined;
      yield line;
      await fill();
    }
  };
  return {
    hasMore: async () => {
      await fill();
      return ahead !== undefined;
    },
    part: () => inLargerChunks(lines()),
    close: async () => {
      if (!ended) await iterator.return?.();
    },
  };
};
