import { z } from 'zod';
import { errorsIn } from './channel.ts';
import type { Channel } from './channel.ts';
import { orgError, readAs } from './orgProblems.ts';
import type { OrgRow, QueryOptions } from './port.ts';
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

const askTogether = (channel: Channel, asked: readonly Asked[]): Promise<readonly unknown[]> => {
  const root = `/services/data/v${channel.connection.getApiVersion()}`;
  const compositeRequest = asked.map(({ path }, i) => ({
    method: 'GET',
    url: path.startsWith('/services/') ? path : `${root}${path}`,
    referenceId: `query${i}`,
  }));
  const body = JSON.stringify({ compositeRequest });
  return channel.patience.repeat(async () => {
    const sent = await channel.jsonOnce({ method: 'POST', path: '/composite', body, repeatable: true, rowsOnly: true });
    const answers = readAs(composite, sent, 'composite').compositeResponse;
    const failed = answers.find((one) => one.httpStatusCode >= 400);
    if (failed !== undefined) throw orgError(errorsIn(JSON.stringify(failed.body), failed.httpStatusCode));
    if (answers.length !== asked.length) throw orgError([{ code: 'UNREADABLE_CODE' }]);
    return answers.map((one) => one.body);
  });
};

type Sent = { readonly asked: readonly Asked[]; readonly answers: Promise<readonly unknown[]> };

const sendTogether = (channel: Channel, asked: readonly Asked[]): Sent => {
  const answers = askTogether(channel, asked);
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
const sendMore = (channel: Channel, open: Asked[], underWay: Sent[]): void => {
  while (underWay.length < CALLS_AT_ONCE && open.length >= (underWay.length === 0 ? 1 : QUERIES_PER_CALL)) {
    underWay.push(sendTogether(channel, open.splice(0, QUERIES_PER_CALL)));
  }
};

/** Pages of all that is open, or is opened while they are read. */
const pagesOf = async function* (
  channel: Channel,
  open: Asked[],
): AsyncGenerator<{ readonly of: number; readonly page: z.infer<typeof queryPage> }> {
  const underWay: Sent[] = [];
  for (;;) {
    sendMore(channel, open, underWay);
    const sent = underWay.shift();
    if (sent === undefined) return;
    const answers = await sent.answers;
    for (const [i, answer] of answers.entries()) {
      yield { of: sent.asked[i]?.of ?? 0, page: readAs(queryPage, answer, 'query') };
    }
  }
};

/**
 * Rows of several REST queries in as few calls as there can be: five queries, or further pages of them, a call. Rows of
 * one query come in its order; `of` is the query's place in the list. One query's failure fails them all.
 */
export const queryManyRows = async function* (
  channel: Channel,
  queries: readonly string[],
  options: QueryOptions = {},
): AsyncGenerator<{ readonly of: number; readonly row: OrgRow }> {
  const open: Asked[] = queries.map((soql, of) => ({ of, path: queryAddress(soql, options) }));
  const further = (path: string): Promise<unknown> => channel.json({ method: 'GET', path, rowsOnly: true });
  for await (const { of, page } of pagesOf(channel, open)) {
    for (const record of page.records) yield { of, row: flatRow(record) ?? (await shapeRow(record, further)) };
    if (!page.done && page.nextRecordsUrl !== undefined) open.unshift({ of, path: page.nextRecordsUrl });
  }
};
