import { z } from 'zod';
import { errorsIn } from './channel.ts';
import type { Channel } from './channel.ts';
import { orgError, readAs } from './orgProblems.ts';
import type { OrgRow, QueryOptions } from './port.ts';
import { flatRow, shapeRow } from './rows.ts';

/** A page of a REST query's answer. */
export const queryPage = z.object({
  totalSize: z.number().optional(),
  size: z.number().optional(),
  done: z.boolean(),
  records: z.array(z.unknown()),
  nextRecordsUrl: z.string().optional(),
});

const resource = (options: QueryOptions): string => {
  if (options.tooling === true) return '/tooling/query';
  return options.deletedToo === true ? '/queryAll' : '/query';
};

/** Address of a query below the data API's root. */
export const queryAddress = (soql: string, options: QueryOptions): string =>
  `${resource(options)}?q=${encodeURIComponent(soql)}`;

/** Addresses (with headers) may have 16,384 bytes; longer queries travel in the body of a composite request. */
const ADDRESS_LIMIT = 12_000;

const composite = z.object({
  compositeResponse: z.tuple([z.object({ body: z.unknown(), httpStatusCode: z.number() })]),
});

const askInBody = async (channel: Channel, path: string): Promise<unknown> => {
  const url = `/services/data/v${channel.connection.getApiVersion()}${path}`;
  const body = JSON.stringify({ compositeRequest: [{ method: 'GET', url, referenceId: 'query' }] });
  return channel.patience.repeat(async () => {
    const sent = await channel.jsonOnce({ method: 'POST', path: '/composite', body, repeatable: true, rowsOnly: true });
    const [response] = readAs(composite, sent, 'composite').compositeResponse;
    if (response.httpStatusCode < 400) return response.body;
    throw orgError(errorsIn(JSON.stringify(response.body), response.httpStatusCode));
  });
};

const askQuery = (channel: Channel, path: string): Promise<unknown> =>
  path.length > ADDRESS_LIMIT ? askInBody(channel, path) : channel.json({ method: 'GET', path, rowsOnly: true });

/** Rows of a REST query, one page (up to 2,000 rows) in memory at a time. */
export const queryRows = async function* (
  channel: Channel,
  soql: string,
  options: QueryOptions = {},
): AsyncGenerator<OrgRow> {
  const ask = (path: string): Promise<unknown> => askQuery(channel, path);
  let next: string | undefined = queryAddress(soql, options);
  while (next !== undefined) {
    const answer: z.infer<typeof queryPage> = readAs(queryPage, await ask(next), 'query');
    for (const record of answer.records) yield flatRow(record) ?? (await shapeRow(record, ask));
    next = answer.done ? undefined : answer.nextRecordsUrl;
  }
};

/** `SELECT COUNT() FROM …`: the number alone comes back. */
export const countRows = async (channel: Channel, soql: string): Promise<number> => {
  const answer = readAs(queryPage, await askQuery(channel, `/query?q=${encodeURIComponent(soql)}`), 'query');
  return answer.totalSize ?? answer.size ?? 0;
};
