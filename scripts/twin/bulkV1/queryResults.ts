import type { QueryCursor, QueryRow } from '../contract.ts';
import type { WireSchema } from '../wireSchema.ts';
import { csvLine } from '../bulk/csv.ts';
import { nextTurn } from '../bulk/slices.ts';
import { csvBlocks } from '../bulk/queryJobs.ts';
import { isObject } from '../http/exchange.ts';
import { elements, escapeXml, raw } from '../soap/xml.ts';
import type { Xml } from '../soap/xml.ts';
import type { ContentType } from './classicJobs.ts';
import { NAMESPACE } from './wire.ts';

const CSV_FORMAT = { delimiter: ',', ending: '\n' };
/** The platform's own words instead of an empty CSV file. */
const NO_RECORDS = 'Records not found for this query';
const ROWS_PER_PIECE = 200;

export type ResultRows = {
  readonly cursor: QueryCursor;
  readonly header: readonly string[];
  readonly schema: WireSchema;
  /** Counts the rows that were written. */
  readonly onRows: (rows: number) => void;
};

const csvPieces = async function* ({ cursor, header, onRows }: ResultRows): AsyncGenerator<string | Uint8Array> {
  let rows = 0;
  for (const block of csvBlocks(cursor, header, CSV_FORMAT)) {
    if (rows === 0) yield csvLine(header, ',', '\n');
    rows += block.rows;
    yield block.bytes;
    await nextTurn();
  }
  onRows(rows);
  if (rows === 0) yield NO_RECORDS;
};

const typeOf = (row: QueryRow): string => row.attributes.type;

const xmlRecord = (row: QueryRow): Xml => {
  const fields = Object.entries(row).flatMap(([name, value]): string[] => {
    if (name === 'attributes') return [];
    if (isObject(value)) return [`<${name} xsi:type="sObject">${xmlRecord(value as QueryRow).xml}</${name}>`];
    return [elements({ [name]: value as string | number | boolean | null }).xml];
  });
  return raw(`<type>${escapeXml(typeOf(row))}</type>${fields.join('')}`);
};

/** Instants and days are milliseconds since 1970 in this API's JSON. Source: simple-salesforce issue 290. */
const jsonRecord = (row: QueryRow, schema: WireSchema): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (name === 'attributes') return [name, value];
      if (isObject(value)) return [name, jsonRecord(value as QueryRow, schema)];
      const type = schema.fieldType(typeOf(row), name);
      const isInstant = (type === 'datetime' || type === 'date') && typeof value === 'string';
      return [name, isInstant ? Date.parse(value) : value];
    }),
  );

type Frame = { readonly before: string; readonly between: string; readonly after: string };

const FRAMES: Readonly<Record<'XML' | 'JSON', Frame>> = {
  XML: {
    before: `<?xml version="1.0" encoding="UTF-8"?><queryResult xmlns="${NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`,
    between: '',
    after: '</queryResult>',
  },
  JSON: { before: '[', between: ',', after: ']' },
};

const framedPieces = async function* (result: ResultRows, type: 'XML' | 'JSON'): AsyncGenerator<string> {
  const { before, between, after } = FRAMES[type];
  const write = (row: QueryRow): string =>
    type === 'XML'
      ? `<records xsi:type="sObject">${xmlRecord(row).xml}</records>`
      : JSON.stringify(jsonRecord(row, result.schema));
  yield before;
  let count = 0;
  let piece = '';
  for (const row of result.cursor.rows) {
    piece += (count === 0 ? '' : between) + write(row);
    count += 1;
    if (count % ROWS_PER_PIECE > 0) continue;
    yield piece;
    piece = '';
    await nextTurn();
  }
  result.onRows(count);
  yield piece + after;
};

/** A query's answer in the job's content type, in pieces. */
export const queryPieces = async function* (result: ResultRows, type: ContentType): AsyncGenerator<Uint8Array> {
  const pieces = type === 'CSV' ? csvPieces(result) : framedPieces(result, type);
  for await (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
};
