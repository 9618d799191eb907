import { z } from 'zod';
import { inChunks, soqlName } from '../kernel/soql.ts';
import type { Channel } from './channel.ts';
import { readAs } from './orgProblems.ts';
import type { LimitReading } from './port.ts';
import { soapCall } from './soap.ts';

const limits = z.record(z.string(), z.object({ Max: z.number(), Remaining: z.number() }));
const counts = z.object({ sObjects: z.array(z.object({ count: z.number(), name: z.string() })) });
/** Object names a request's address may carry. */
const NAMES_PER_CALL = 100;

export const readLimits = async (channel: Channel): Promise<ReadonlyMap<string, LimitReading>> => {
  const answer = readAs(limits, await channel.json({ method: 'GET', path: '/limits' }), 'limits');
  return new Map(
    Object.entries(answer).map(([name, { Max, Remaining }]) => [name, { max: Max, remaining: Remaining }]),
  );
};

/**
 * The platform's own counts: some minutes old, blind to the user's permissions, without rows in the recycle bin; objects
 * the platform does not count are left out.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_record_count.htm
 */
export const approximateCounts = async (
  channel: Channel,
  objects: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const found = new Map<string, number>();
  for (const names of inChunks(objects, NAMES_PER_CALL)) {
    const path = `/limits/recordCount?sObjects=${names.map(soqlName).join(',')}`;
    const answer = readAs(counts, await channel.json({ method: 'GET', path }), 'recordCount');
    for (const { name, count } of answer.sObjects) found.set(name, count);
  }
  return found;
};

const timestamp = z.object({ timestamp: z.string() });

/**
 * The org's own time, which CreatedDate is told by.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_getservertimestamp.htm
 */
export const readTime = async (channel: Channel): Promise<string> => {
  const [result] = await soapCall(channel, 'partner', 'getServerTimestamp', '');
  const read = new Date(readAs(timestamp, result, 'getServerTimestamp').timestamp);
  return readAs(z.iso.datetime(), Number.isNaN(read.getTime()) ? '' : read.toISOString(), 'getServerTimestamp');
};
