import { TwinError } from '../contract.ts';
import type { FieldValue, InputRow } from '../contract.ts';
import { rowsOf } from '../bulk/ingestRun.ts';
import type { Load, LoadGroup, LoadPorts } from '../bulk/load.ts';
import { readText } from '../bulk/storedText.ts';
import type { StoredText } from '../bulk/storedText.ts';
import { parseJson } from '../http/body.ts';
import { isObject } from '../http/exchange.ts';
import { children, isNil, parseXml, textOf } from '../soap/xml.ts';
import type { ContentType } from './classicJobs.ts';

type Rows = AsyncGenerator<LoadGroup>;
type Given = InputRow[string];

/** Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/asynch-api-concepts-limits.html */
const MOST_ROWS = 10_000;

const invalidBatch = (why: string): TwinError => new TwinError('InvalidBatch', why);

export const wholeText = async (stored: StoredText): Promise<string> => {
  const blocks: Buffer[] = [];
  for await (const block of readText(stored)) blocks.push(block);
  return Buffer.concat(blocks).toString('utf8');
};

const NUMBERS = new Set(['int', 'double', 'currency', 'percent', 'long']);

/** XML knows text only: checkboxes and numbers by the schema. */
const typed = (text: string, type: string | undefined): FieldValue => {
  if (type === 'boolean') return /^(?:true|1)$/i.test(text) ? true : /^(?:false|0)$/i.test(text) ? false : text;
  if (!NUMBERS.has(type ?? '') || text.trim() === '' || Number.isNaN(Number(text))) return text;
  return Number(text);
};

const referenceOf = (element: unknown): Readonly<Record<string, FieldValue>> | undefined => {
  const nested = children(element, 'sObject')[0];
  if (!isObject(nested)) return undefined;
  return Object.fromEntries(
    Object.entries(nested)
      .filter(([name]) => !name.startsWith('@') && name !== '#text')
      .map(([name, value]) => [name, textOf(value) ?? null]),
  );
};

const xmlRow = (element: unknown, load: Load, ports: LoadPorts): InputRow => {
  const row: Record<string, Given> = {};
  if (!isObject(element)) return row;
  for (const [name, value] of Object.entries(element)) {
    if (name.startsWith('@') || name === '#text' || name === 'type') continue;
    const nested = referenceOf(value);
    const text = textOf(value);
    if (nested !== undefined) row[name] = nested;
    else if (isNil(value)) row[name] = null;
    // As in CSV, an element without text leaves the field alone.
    else if (text !== undefined && text !== '') row[name] = typed(text, ports.schema.fieldType(load.object, name));
  }
  return row;
};

const jsonValue = (value: unknown): Given => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (!isObject(value)) throw invalidBatch('A value is neither text, number, true, false, null nor a reference.');
  const { attributes, ...fields } = value;
  const type = isObject(attributes) && typeof attributes['type'] === 'string' ? { type: attributes['type'] } : {};
  return { ...type, ...(fields as Readonly<Record<string, FieldValue>>) };
};

const jsonRow = (value: unknown): InputRow => {
  if (!isObject(value)) throw invalidBatch('A record is not an object.');
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'attributes')
      .map(([name, one]) => [name, jsonValue(one)]),
  );
};

const listed = (text: string, contentType: ContentType, load: Load, ports: LoadPorts): readonly InputRow[] => {
  if (contentType === 'XML') {
    const root = children(parseXml(text.trim()), 'sObjects')[0];
    if (root === undefined) throw new TwinError('InvalidXML', 'The root element sObjects is missing.');
    return children(root, 'sObject').map((element) => xmlRow(element, load, ports));
  }
  const given = parseJson(text);
  if (!Array.isArray(given)) throw invalidBatch('A list of records is expected.');
  return given.map(jsonRow);
};

const counted = async function* (rows: Rows): Rows {
  let count = 0;
  for await (const some of rows) {
    count += some.rows.length;
    if (count > MOST_ROWS) throw invalidBatch(`Records in a batch exceed the maximum of ${MOST_ROWS}`);
    yield some;
  }
};

/** A batch's records, whatever its content type; a batch of more than 10,000 is refused before any is written. */
export const batchRows = async function* (
  batch: { readonly request: StoredText; readonly contentType: ContentType },
  load: Load,
  ports: LoadPorts,
): Rows {
  const { request, contentType } = batch;
  const rows =
    contentType === 'CSV'
      ? rowsOf({ upload: request, columnDelimiter: 'COMMA' }, load, ports)
      : (async function* (): Rows {
          yield { fields: undefined, rows: listed(await wholeText(request), contentType, load, ports) };
        })();
  const all: LoadGroup['rows'][number][] = [];
  let fields: LoadGroup['fields'];
  for await (const some of counted(rows)) {
    ({ fields } = some);
    for (const row of some.rows) all.push(row);
  }
  yield { fields, rows: all };
};
