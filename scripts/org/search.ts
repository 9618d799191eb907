import { z } from 'zod';
import type { Channel } from './channel.ts';
import { readAs } from './orgProblems.ts';

const answer = z.object({
  searchRecords: z.array(z.object({ attributes: z.object({ type: z.string() }), Id: z.string() })),
});

/**
 * Rows that one SOSL statement finds, object by object.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_search.htm
 */
export const searchRows = async (
  channel: Channel,
  sosl: string,
): Promise<readonly { readonly object: string; readonly id: string }[]> => {
  const path = `/search?q=${encodeURIComponent(sosl)}`;
  const { searchRecords } = readAs(answer, await channel.json({ method: 'GET', path }), 'search');
  return searchRecords.map(({ attributes, Id }) => ({ object: attributes.type, id: Id }));
};
