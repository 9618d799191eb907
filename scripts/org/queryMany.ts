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
    const sent = await channel.jsonOnce({ method: 'POST', path: '/composite', body, repeatable: true });
    const answers = readAs(composite, sent, 'composite').compositeResponse;
    const failed = answers.find((one) => one.httpStatusCode >= 400);
    if (failed !== undefined) throw orgError(errorsIn(JSON.stringify(failed.body), failed.httpStatusCode));
    if (answers.length !== asked.length) throw orgError([{ code: 'UNREADABLE_CODE' }]);
    return answers.map((one) => one.body);
  });
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
  while (open.length > 0) {
    const asked = open.splice(0, QUERIES_PER_CALL);
    const pages = await askTogether(channel, asked);
    for (const [i, answer] of pages.entries()) {
      const of = asked[i]?.of ?? 0;
      const page = readAs(queryPage, answer, 'query');
      for (const record of page.records) {
        const further = (path: string): Promise<unknown> => channel.json({ method: 'GET', path });
        yield { of, row: flatRow(record) ?? (await shapeRow(record, further)) };
      }
      if (!page.done && page.nextRecordsUrl !== undefined) open.unshift({ of, path: page.nextRecordsUrl });
    }
  }
};
