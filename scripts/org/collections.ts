import { z } from 'zod';
import { inChunks, soqlName } from '../kernel/soql.ts';
import { parseRecordId, type RecordId } from '../kernel/recordId.ts';
import type { Channel, OrgRequest } from './channel.ts';
import { cleanCode, fieldNamesOf, readAs } from './orgProblems.ts';
import type { ConditionalUpdate, OrgRow, WriteOptions, WriteOutcome } from './port.ts';

/** Rows a collection call takes. */
export const COLLECTION_LIMIT = 200;

const outcome = z
  .object({
    id: z.string().nullable().optional(),
    success: z.boolean(),
    created: z.boolean().optional(),
    errors: z
      .array(z.object({ statusCode: z.unknown(), errorCode: z.unknown(), fields: z.unknown() }).partial())
      .default([]),
  })
  .transform((raw): WriteOutcome => ({
    id: parseRecordId(raw.id ?? '') ?? null,
    success: raw.success,
    created: raw.created ?? false,
    errors: raw.errors.map((error) => ({
      code: cleanCode(error.statusCode ?? error.errorCode),
      fields: fieldNamesOf(error.fields),
    })),
  }));
const outcomes = z.array(outcome);

type Write = {
  readonly method: OrgRequest['method'];
  readonly path: string;
  readonly object: string;
  readonly options?: WriteOptions | undefined;
};

/** Request headers for how a write is sent. */
const headersOf = (options: WriteOptions = {}): Readonly<Record<string, string>> => ({
  ...(options.passDuplicateAlerts === true ? { 'sforce-duplicate-rule-header': 'allowSave=true' } : {}),
  ...(options.autoAssign === false ? { 'sforce-auto-assign': 'FALSE' } : {}),
});

const writeChunk = async (
  channel: Channel,
  write: Write,
  rows: readonly OrgRow[],
): Promise<readonly WriteOutcome[]> => {
  const records = rows.map((row) => ({ attributes: { type: soqlName(write.object) }, ...row }));
  const body = JSON.stringify({ allOrNone: false, records });
  const headers = headersOf(write.options);
  return readAs(outcomes, await channel.json({ method: write.method, path: write.path, headers, body }), 'collection');
};

/**
 * Writes row by row in calls of 200, one row's failure leaving the others alone. A call that fails as a whole throws;
 * what earlier calls did is then for the caller to find out, so journaled writers give at most 200 rows.
 */
const writeRows = async (channel: Channel, write: Write, rows: readonly OrgRow[]): Promise<readonly WriteOutcome[]> => {
  const done: WriteOutcome[] = [];
  for (const chunk of inChunks(rows, COLLECTION_LIMIT)) done.push(...(await writeChunk(channel, write, chunk)));
  return done;
};

export const createRows = async (
  channel: Channel,
  target: { readonly object: string; readonly options?: WriteOptions | undefined },
  rows: readonly OrgRow[],
): Promise<readonly WriteOutcome[]> => {
  const done = await writeRows(channel, { method: 'POST', path: '/composite/sobjects', ...target }, rows);
  return done.map((row) => ({ ...row, created: row.success }));
};

export const updateRows = (
  channel: Channel,
  target: { readonly object: string; readonly options?: WriteOptions | undefined },
  rows: readonly OrgRow[],
): Promise<readonly WriteOutcome[]> =>
  writeRows(channel, { method: 'PATCH', path: '/composite/sobjects', ...target }, rows);

export const upsertRows = (
  channel: Channel,
  target: { readonly object: string; readonly externalIdField: string; readonly options?: WriteOptions | undefined },
  rows: readonly OrgRow[],
): Promise<readonly WriteOutcome[]> => {
  const { object, externalIdField, options } = target;
  const path = `/composite/sobjects/${soqlName(object)}/${soqlName(externalIdField)}`;
  return writeRows(channel, { method: 'PATCH', path, object, options }, rows);
};

/** Sub-requests of a composite call. */
export const CONDITIONAL_LIMIT = 25;

const compositeAnswer = z.object({
  compositeResponse: z.array(z.object({ body: z.unknown(), httpStatusCode: z.number() })),
});
const failures = z.array(z.object({ errorCode: z.unknown(), fields: z.unknown() }).partial()).catch([]);

/** `Sun, 06 Nov 1994 08:49:37 GMT`, whole seconds (RFC 9110, 5.6.7). */
const httpDate = (instant: string): string => new Date(instant).toUTCString();

const idOf = ({ row: { Id } }: ConditionalUpdate): RecordId | undefined =>
  typeof Id === 'string' ? parseRecordId(Id) : undefined;

const conditionalRequest = (channel: Channel, object: string, change: ConditionalUpdate, at: number): unknown => {
  const values = Object.fromEntries(Object.entries(change.row).filter(([field]) => field !== 'Id'));
  const id = idOf(change);
  if (id === undefined) throw new RangeError('a conditional update names its record');
  return {
    method: 'PATCH',
    url: `/services/data/v${channel.connection.getApiVersion()}/sobjects/${soqlName(object)}/${id}`,
    referenceId: `row${String(at)}`,
    httpHeaders: { 'If-Unmodified-Since': httpDate(change.since) },
    body: values,
  };
};

const conditionalOutcome = (
  change: ConditionalUpdate,
  answer: { readonly body?: unknown; readonly httpStatusCode: number } | undefined,
): WriteOutcome => {
  const id = idOf(change) ?? null;
  const success = answer !== undefined && answer.httpStatusCode < 300;
  if (success) return { id, success, created: false, errors: [] };
  const told = failures.parse(answer?.body).map((error) => ({
    code: cleanCode(error.errorCode),
    fields: fieldNamesOf(error.fields),
  }));
  const unnamed = {
    code: answer === undefined ? 'UNREADABLE_CODE' : `ERROR_HTTP_${answer.httpStatusCode}`,
    fields: [],
  };
  const errors = answer?.httpStatusCode === 412 ? [{ code: 'PRECONDITION_FAILED', fields: [] }] : told;
  return { id, success, created: false, errors: errors.length > 0 ? errors : [unnamed] };
};

/**
 * Changes rows that nobody modified since, 25 in a composite call, each by itself: conditions are for single rows only
 * (https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api/intro_rest_conditional_requests.htm). The header
 * knows whole seconds: an edit in the same second as the reading passes unseen.
 */
export const updateUnmodifiedRows = async (
  channel: Channel,
  target: { readonly object: string; readonly options?: WriteOptions | undefined },
  changes: readonly ConditionalUpdate[],
): Promise<readonly WriteOutcome[]> => {
  const done: WriteOutcome[] = [];
  for (const chunk of inChunks(changes, CONDITIONAL_LIMIT)) {
    const compositeRequest = chunk.map((change, at) => conditionalRequest(channel, target.object, change, at));
    const body = JSON.stringify({ allOrNone: false, compositeRequest });
    const headers = headersOf(target.options);
    const answer = await channel.json({ method: 'POST', path: '/composite', headers, body });
    const { compositeResponse } = readAs(compositeAnswer, answer, 'composite');
    done.push(...chunk.map((change, at) => conditionalOutcome(change, compositeResponse[at])));
  }
  return done;
};
