import { z } from 'zod';
import { describeKept } from './describeKept.ts';

const method = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const body = z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]);

const exchange = z.strictObject({
  name: z.string().min(1),
  /** Only prepares: its answer must be a success and is not compared further. */
  given: z.literal(true).optional(),
  request: z.strictObject({
    method,
    /** From `/services/`; ids and instants as placeholders. */
    path: z.string().startsWith('/services/'),
    headers: z.record(z.string(), z.string()).optional(),
    /** JSON as it is, anything else as text. */
    body: body.optional(),
  }),
  answer: z.strictObject({
    status: z.int(),
    body: body.optional(),
    /** Recorded headers that are compared. */
    headers: z.record(z.string(), z.string()).optional(),
  }),
  /** `subset`: the source has no more of the answer than this. */
  compare: z.enum(['whole', 'subset']).optional(),
  /** Of a describe only this was recorded, and is compared. */
  kept: describeKept.optional(),
});

/**
 * Requests to an org and what it answered, without personal data: ids, instance, users and instants are placeholders,
 * bound where they are first seen.
 */
export const cassette = z.strictObject({
  format: z.literal(1),
  probe: z.string(),
  title: z.string(),
  source: z.strictObject({
    /** `recorded`: by `garde probe` in an org; `published`: recorded or documented by others and rewritten here. */
    kind: z.enum(['recorded', 'published', 'twin']),
    text: z.string(),
    link: z.string().optional(),
  }),
  apiVersion: z.string(),
  /** Needs the objects of `config/probes/bench`. */
  bench: z.literal(true).optional(),
  exchanges: z.array(exchange).min(1),
});
export type Cassette = z.infer<typeof cassette>;
export type Exchange = Cassette['exchanges'][number];
export type ExchangeBody = z.infer<typeof body>;

/** JSON is kept as JSON, so that cassettes can be read; anything else as text. */
export const bodyFrom = (text: string): ExchangeBody | undefined => {
  if (text === '') return undefined;
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return body.parse(JSON.parse(text));
  } catch {
    return text; // looks like JSON and is none: kept as it came
  }
};

export const bodyText = (content: ExchangeBody | undefined): string | undefined =>
  content === undefined || typeof content === 'string' ? content : JSON.stringify(content);
