import { inChunks } from '../kernel/soql.ts';
import type { Exchanges } from '../org/exchanges.ts';
import { bodyFrom } from './cassette.ts';
import { soapRequest } from './steps.ts';

/** A record the probes made and could not delete. */
export type Leftover = { readonly id: string; readonly code: string };

const IDS_PER_CALL = 200;
const GONE = new Set([
  'ENTITY_IS_DELETED',
  'INVALID_CROSS_REFERENCE_KEY',
  'NOT_FOUND',
  'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
]);

const codesIn = (body: unknown, count: number): readonly (string | undefined)[] => {
  const rows: readonly unknown[] = Array.isArray(body) ? body : [];
  return Array.from({ length: count }, (_, index) => {
    const row = (rows.length === count ? rows[index] : rows[0]) as
      { success?: boolean; errorCode?: string; errors?: readonly { statusCode?: string }[] } | undefined;
    if (row?.success === true) return undefined;
    return row?.errors?.[0]?.statusCode ?? row?.errorCode ?? 'UNREADABLE';
  });
};

const deleteOnce = async (
  exchanges: Exchanges,
  apiVersion: string,
  ids: readonly string[],
): Promise<readonly Leftover[]> => {
  const left: Leftover[] = [];
  for (const chunk of inChunks(ids, IDS_PER_CALL)) {
    const path = `/services/data/v${apiVersion}/composite/sobjects?ids=${chunk.join(',')}&allOrNone=false`;
    const answer = await exchanges.send({ method: 'DELETE', path });
    codesIn(bodyFrom(answer.body), chunk.length).forEach((code, index) => {
      const id = chunk[index];
      if (id !== undefined && code !== undefined && !GONE.has(code)) left.push({ id, code });
    });
  }
  return left;
};

const emptyBin = async (exchanges: Exchanges, apiVersion: string, ids: readonly string[]): Promise<void> => {
  for (const chunk of inChunks(ids, IDS_PER_CALL)) {
    const list = chunk.map((id) => `<ids>${id}</ids>`).join('');
    await exchanges.send(soapRequest(apiVersion, `<emptyRecycleBin>${list}</emptyRecycleBin>`));
  }
};

/**
 * Deletes what was made, last first, again and again as long as that frees more, and empties it from the bin. Answers
 * what stays, with the platform's code.
 */
export const clearUp = async (
  exchanges: Exchanges,
  apiVersion: string,
  created: Iterable<string>,
): Promise<readonly Leftover[]> => {
  const all = [...created].reverse();
  let left: readonly Leftover[] = all.map((id) => ({ id, code: '' }));
  for (let before = Infinity; left.length > 0 && left.length < before;) {
    before = left.length;
    left = await deleteOnce(
      exchanges,
      apiVersion,
      left.map(({ id }) => id),
    );
  }
  const kept = new Set(left.map(({ id }) => id));
  await emptyBin(
    exchanges,
    apiVersion,
    all.filter((id) => !kept.has(id)),
  );
  return left;
};
