import { notEmulated, TwinError } from '../contract.ts';
import type { DataEngine, Session } from '../contract.ts';
import { isId } from '../engine/ids.ts';
import type { Exchange } from '../http/exchange.ts';
import { parseSoql } from '../soql/parseSoql.ts';
import { tokensOf } from '../soql/tokens.ts';

/** How a job's queries are split. Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/async-api-headers-enable-pk-chunking.html */
export type PkChunking = {
  /** Records between the ids of a chunk, deleted ones counted. */
  readonly chunkSize: number;
  /** The id to begin with instead of the first. */
  readonly startRow: string | undefined;
};

const DEFAULT_SIZE = 100_000;
const MOST = 250_000;

const invalid = (why: string): TwinError => new TwinError('InvalidJob', `Sforce-Enable-PKChunking: ${why}`);

const chunkSizeOf = (text: string | undefined): number => {
  if (text === undefined) return DEFAULT_SIZE;
  const size = /^\d+$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > MOST) throw invalid(`chunkSize must be a number from 1 to ${MOST}`);
  return size;
};

const startRowOf = (text: string | undefined): string | undefined => {
  if (text !== undefined && !isId(text)) throw invalid('startRow must be a record id');
  return text;
};

/** What the header asks for; undefined when it is absent or says no. */
export const pkChunkingOf = (exchange: Exchange): PkChunking | undefined => {
  const header = exchange.header('sforce-enable-pkchunking')?.trim();
  if (header === undefined || header === '' || /^false$/i.test(header)) return undefined;
  const given = new Map<string, string>();
  for (const part of header.split(/[;,]/).map((text) => text.trim())) {
    if (part === '' || /^true$/i.test(part)) continue;
    const [name = '', ...value] = part.split('=');
    given.set(name.trim().toLowerCase(), value.join('=').trim());
  }
  if (given.has('parent')) throw notEmulated('PK chunking by a parent object (Sforce-Enable-PKChunking: parent)');
  const unknown = [...given.keys()].find((name) => name !== 'chunksize' && name !== 'startrow');
  if (unknown !== undefined) throw invalid(`unknown setting ${unknown}`);
  return { chunkSize: chunkSizeOf(given.get('chunksize')), startRow: startRowOf(given.get('startrow')) };
};

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The id after this one, of 15 characters. */
const nextId = (id: string): string => {
  const digits = Array.from(id.slice(0, 15));
  for (let at = digits.length - 1; at >= 0; at -= 1) {
    const digit = ALPHABET.indexOf(digits[at] ?? '') + 1;
    digits[at] = ALPHABET[digit % ALPHABET.length] ?? '0';
    if (digit < ALPHABET.length) break;
  }
  return digits.join('');
};

type Table = { readonly engine: DataEngine; readonly session: Session; readonly object: string };

/** Where chunks begin, and the id after the last record. */
const bordersOf = ({ engine, session, object }: Table, { chunkSize, startRow }: PkChunking): readonly string[] => {
  const from = startRow === undefined ? '' : ` WHERE Id >= '${startRow}'`;
  const { rows } = engine.query(session, `SELECT Id FROM ${object}${from} ORDER BY Id`, { includeDeleted: true });
  const borders: string[] = [];
  let last = '';
  let count = 0;
  for (const row of rows) {
    last = String(row['Id']).slice(0, 15);
    if (count % chunkSize === 0) borders.push(last);
    count += 1;
  }
  return count === 0 ? [] : [...borders, nextId(last)];
};

const refused = (what: string): TwinError =>
  new TwinError('InvalidBatch', `PK chunking works only with queries without ${what}`);

/** Where the condition begins and the statement ends; only WHERE may follow FROM. */
const requirePlain = (soql: string): void => {
  const query = parseSoql(soql);
  if (query.select.some((item) => item.kind === 'children')) throw refused('sub-queries');
  const [clause] = query.clauses.filter(({ word }) => word !== 'WHERE');
  if (clause !== undefined) throw refused(clause.word);
  if (query.groupBy !== undefined || query.orderBy.length > 0 || query.limit !== undefined)
    throw refused('conditions other than WHERE');
};

/** The condition's place: a WHERE outside of brackets. */
const whereAt = (soql: string): { readonly start: number; readonly end: number } | undefined => {
  let depth = 0;
  for (const { kind, text, word, at, end } of tokensOf(soql)) {
    if (kind === 'symbol' && text === '(') depth += 1;
    else if (kind === 'symbol' && text === ')') depth -= 1;
    else if (kind === 'word' && word === 'WHERE' && depth === 0) return { start: at, end };
  }
  return undefined;
};

/** The statements that a statement is split into, one for each run of ids. TwinError InvalidBatch where it cannot be. */
export const chunksOf = (table: Table, soql: string, chunking: PkChunking): readonly string[] => {
  requirePlain(soql);
  const borders = bordersOf(table, chunking);
  const place = whereAt(soql);
  const head = place === undefined ? soql.trimEnd() : soql.slice(0, place.start).trimEnd();
  const own = place === undefined ? '' : ` AND (${soql.slice(place.end).trim()})`;
  return borders
    .slice(0, -1)
    .map((from, at) => `${head} WHERE Id >= '${from}' AND Id < '${borders[at + 1] ?? ''}'${own}`);
};
