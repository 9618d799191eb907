import { readFileSync } from 'node:fs';
import * as z from 'zod';

const area = z.strictObject({
  area: z.string(),
  compared: z.enum(['recorded', 'official documentation', 'not compared']),
  with: z.string(),
  /** The test that compares. */
  test: z.string(),
  notCompared: z.string(),
});

const file = z.strictObject({
  format: z.literal(1),
  about: z.string(),
  /** A feature of SOQL and a query that the engine takes or refuses. */
  soql: z.array(z.strictObject({ feature: z.string(), query: z.string() })),
  areas: z.array(area),
});

export type SupportFile = z.infer<typeof file>;

const url = new URL('../../../config/twin/support.json', import.meta.url);

/** What was compared with what, as people wrote it down. */
export const readSupportFile = (): SupportFile => file.parse(JSON.parse(readFileSync(url, 'utf8')));
