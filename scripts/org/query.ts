import { z } from 'zod';
import type { Channel } from './channel.ts';
import type { OrgRow, QueryOptions } from './port.ts';
import { shapeRow } from './rows.ts';

const page = z.object({
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

/** Rows of a REST query, one page (up to 2,000 rows) in memory at a time. */
export const queryRows = async function* (
  channel: Channel,
  soql: string,
  options: QueryOptions = {},
): AsyncGenerator<OrgRow> {
  const ask = (path: string): Promise<unknown> => channel.json({ method: 'GET', path });
  let next: string | undefined = `${resource(options)}?q=${encodeURIComponent(soql)}`;
  while (next !== undefined) {
    const answer: z.infer<typeof page> = page.parse(await ask(next));
    for (const record of answer.records) yield await shapeRow(record, ask);
    next = answer.done ? undefined : answer.nextRecordsUrl;
  }
};

/** `SELECT COUNT() FROM …`: the number alone comes back. */
export const countRows = async (channel: Channel, soql: string): Promise<number> => {
  const answer = page.parse(await channel.json({ method: 'GET', path: `/query?q=${encodeURIComponent(soql)}` }));
  return answer.totalSize ?? answer.size ?? 0;
};
