import { z } from 'zod';
import { errorsIn } from './channel.ts';
import type { Channel } from './channel.ts';
import { orgError, readAs } from './orgProblems.ts';
import { digestColumns, digestedRow } from './digestedColumns.ts';
import type { OrgRow, QueryManyOptions, RowsOfQuery } from './port.ts';
import { queryAddress, queryPage } from './query.ts';
import { flatRow, shapeRow } from './rows.ts';

/**
 * Queries, and further pages of queries, that one composite request takes; the whole request is one call against the
 * org's limit. https://developer.salesforce.com/docs/platform/api-rest/guide/resources-composite-composite-post.html
 */
export const QUERIES_PER_CALL = 5;

const composite = z.object({
  compositeResponse: z.array(z.object({ body: z.unknown(), httpStatusCode: z.number() })),
});

/** A page still to be asked for: of which query, and where. */
type Asked = { readonly of: number; readonly path: string };

/** How answers are read: their text is changed before it is parsed. */
type Reading = { readonly channel: Channel; readonly rewrite?: (text: string) => string };

const askTogether = ({ channel, rewrite }: Reading, asked: readonly Asked[]): Promise<readonly unknown[]> => {
  const root = `/services/data/v${channel.connection.getApiVersion()}`;
  const compositeRequest = asked.map(({ path }, i) => ({
    method: 'GET',
    url: path.startsWith('/services/') ? path : `${root}${path}`,
    referenceId: `query${i}`,
  }));
  const body = JSON.stringify({ compositeRequest });
  return channel.patience.repeat(async () => {
    const request = { method: 'POST' as const, path: '/composite', body, repeatable: true, rowsOnly: true };
    const sent = await channel.jsonOnce(rewrite === undefined ? request : { ...request, rewrite });
    const answers = readAs(composite, sent, 'composite').compositeResponse;
    const failed = answers.find((one) => one.httpStatusCode >= 400);
    if (failed !== undefined) throw orgError(errorsIn(JSON.stringify(failed.body), failed.httpStatusCode));
    if (answers.length !== asked.length) throw orgError([{ code: 'UNREADABLE_CODE' }]);
    return answers.map((one) => one.body);
  });
};

type Sent = { readonly asked: readonly Asked[]; readonly answers: Promise<readonly unknown[]> };

const sendTogether = (reading: Reading, asked: readonly Asked[]): Sent => {
  const answers = askTogether(reading, asked);
  // its failure is met when its turn comes; whoever stopped reading before is not told
  answers.catch(() => undefined);
  return { asked, answers };
};

/**
 * Calls under way together: an answer is on its way while the one before is read. Far below the org's limit of 25
 * long-running requests, and few enough that their pages fit into memory.
 * https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_api.htm
 */
const CALLS_AT_ONCE = 3;

/** Fills up the calls under way; one that is not full waits for the pages that those under way may still bring. */
const sendMore = (reading: Reading, open: Asked[], underWay: Sent[]): void => {
  while (underWay.length < CALLS_AT_ONCE && open.length >= (underWay.length === 0 ? 1 : QUERIES_PER_CALL)) {
    underWay.push(sendTogether(reading, open.splice(0, QUERIES_PER_CALL)));
  }
};

/** Pages of all that is open, or is opened while they are read. */
const pagesOf = async function* (
  reading: Reading,
  open: Asked[],
): AsyncGenerator<{ readonly of: number; readonly page: z.infer<typeof queryPage> }> {
  const underWay: Sent[] = [];
  for (;;) {
    sendMore(reading, open, underWay);
    const sent = underWay.shift();
    if (sent === undefined) return;
    const answers = await sent.answers;
    for (const [i, answer] of answers.entries()) {
      yield { of: sent.asked[i]?.of ?? 0, page: readAs(queryPage, answer, 'query') };
    }
  }
};

/** The rows of a page; only those with parents or children wait for anything. */
const rowsOf = async (
  channel: Channel,
  records: readonly unknown[],
  digest: QueryManyOptions['digest'],
): Promise<readonly OrgRow[]> => {
  const further = (path: string): Promise<unknown> => channel.json({ method: 'GET', path, rowsOnly: true });
  const rows: OrgRow[] = [];
  for (const record of records) {
    const row = flatRow(record) ?? (await shapeRow(record, further));
    rows.push(digest === undefined ? row : digestedRow(digest, row));
  }
  return rows;
};

/**
 * Rows of several REST queries in as few calls as there can be: five queries, or further pages of them, a call. Rows of
 * one query come in its order, page by page; `of` is the query's place in the list. One query's failure fails them all.
 */
export const queryManyRows = async function* (
  channel: Channel,
  queries: readonly string[],
  { digest, ...options }: QueryManyOptions = {},
): AsyncGenerator<RowsOfQuery> {
  const open: Asked[] = queries.map((soql, of) => ({ of, path: queryAddress(soql, options) }));
  const reading: Reading = { channel, ...(digest === undefined ? {} : { rewrite: digestColumns(digest) }) };
  for await (const { of, page } of pagesOf(reading, open)) {
    if (!page.done && page.nextRecordsUrl !== undefined) open.unshift({ of, path: page.nextRecordsUrl });
    if (page.records.length > 0) yield { of, rows: await rowsOf(channel, page.records, digest) };
  }
};
