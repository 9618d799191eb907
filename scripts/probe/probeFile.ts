import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { describeKept } from './describeKept.ts';

const method = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const named = { name: z.string().min(1) };

/** `${name}` in paths, bodies and texts stands for an id that an earlier step got. */
const restStep = z.strictObject({
  ...named,
  do: z.literal('rest'),
  method,
  /** Below `/services/data/vNN.0`, or from `/services/`. */
  path: z.string().startsWith('/'),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
  /** Names of the ids in the answer, in order: of one record, or of each of several. */
  as: z.array(z.string()).optional(),
  /** Prepares only: when it fails, what needs its ids is not run. */
  given: z.literal(true).optional(),
  /** Answer headers that are recorded. */
  headersKept: z.array(z.string()).optional(),
  /** Of an sObject describe: these keys, and these of each field and child. */
  describe: describeKept.optional(),
});

const queryStep = z.strictObject({
  ...named,
  do: z.literal('query'),
  soql: z.string(),
  /** Recycle bin included. */
  all: z.literal(true).optional(),
});

const soapStep = z.strictObject({
  ...named,
  do: z.literal('soap'),
  /** Content of the body, in the partner namespace. */
  xml: z.string(),
});

const bulkStep = z.strictObject({
  ...named,
  do: z.literal('bulk'),
  object: z.string(),
  operation: z.enum(['insert', 'update', 'upsert', 'delete', 'hardDelete']),
  /** Lines of CSV, the header first. */
  csv: z.array(z.string()).min(2),
});

const step = z.discriminatedUnion('do', [restStep, queryStep, soapStep, bulkStep]);

const probe = z.strictObject({
  format: z.literal(1),
  probe: z.string().regex(/^P\d+$/),
  title: z.string(),
  source: z.string(),
  /** Needs the objects of `config/probes/metadata`, which are deployed first and taken away at the end. */
  bench: z.boolean(),
  /** Runs before the others: what it asks depends on what was made before. */
  first: z.literal(true).optional(),
  /** Runs only where this object is. */
  onlyWith: z.string().optional(),
  /** What of the list cannot be tried without harm to the org, and why. */
  notTried: z.array(z.string()).optional(),
  steps: z.array(step).min(1),
});
export type Probe = z.infer<typeof probe>;
export type ProbeStep = z.infer<typeof step>;
export type StepOf<K extends ProbeStep['do']> = Extract<ProbeStep, { do: K }>;

const folder = new URL('../../config/probes/', import.meta.url);

const rank = ({ probe: key, first }: Probe): number => Number(key.slice(1)) - (first === true ? 1_000 : 0);

/** The probes of `config/probes`, by number; a broken file throws with every problem and its path. */
export const readProbes = (): readonly Probe[] =>
  readdirSync(folder)
    .filter((name) => /^P\d+\.json$/.test(name))
    .map((name) => {
      const read = probe.safeParse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
      if (read.success) return read.data;
      throw new Error(`config/probes/${name}: ${z.prettifyError(read.error)}`);
    })
    .sort((a, b) => rank(a) - rank(b));
