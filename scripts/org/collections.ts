import { z } from 'zod';
import { inChunks, soqlName } from '../kernel/soql.ts';
import { parseRecordId } from '../kernel/recordId.ts';
import type { Channel, OrgRequest } from './channel.ts';
import { cleanCode, fieldNamesOf, readAs } from './orgProblems.ts';
import type { OrgRow, WriteOutcome } from './port.ts';

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

type Write = { readonly method: OrgRequest['method']; readonly path: string; readonly object: string };

const writeChunk = async (
  channel: Channel,
  write: Write,
  rows: readonly OrgRow[],
): Promise<readonly WriteOutcome[]> => {
  const records = rows.map((row) => ({ attributes: { type: soqlName(write.object) }, ...row }));
  const body = JSON.stringify({ allOrNone: false, records });
  return readAs(outcomes, await channel.json({ method: write.method, path: write.path, body }), 'collection');
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
  object: string,
  rows: readonly OrgRow[],
): Promise<readonly WriteOutcome[]> => {
  const done = await writeRows(channel, { method: 'POST', path: '/composite/sobjects', object }, rows);
  return done.map((row) => ({ ...row, created: row.success }));
};

export const updateRows = (
  channel: Channel,
  object: string,
  rows: readonly OrgRow[],
): Promise<readonly WriteOutcome[]> =>
  writeRows(channel, { method: 'PATCH', path: '/composite/sobjects', object }, rows);

export const upsertRows = (
  channel: Channel,
  target: { readonly object: string; readonly externalIdField: string },
  rows: readonly OrgRow[],
): Promise<readonly WriteOutcome[]> => {
  const { object, externalIdField } = target;
  const path = `/composite/sobjects/${soqlName(object)}/${soqlName(externalIdField)}`;
  return writeRows(channel, { method: 'PATCH', path, object }, rows);
};
