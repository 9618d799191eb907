import * as z from 'zod';
import { TwinError } from '../contract.ts';
import { ROW_OPERATIONS } from './rowOperations.ts';

const count = z.int().min(1);
const texts = z.array(z.string().min(1)).min(1);
const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const requestMatch = z.strictObject({
  /** A route's name as docs/TWIN.md lists it. */
  route: z.string().optional(),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  /** `:name` or `*` stands for one segment, a last `*` for the rest. */
  path: z.string().startsWith('/').optional(),
  /** SOAP operation (`create`), or the operation of a Bulk job (`hardDelete`). */
  operation: z.string().optional(),
  object: z.string().optional(),
  /** Username or role. */
  user: z.string().optional(),
});

const rowMatch = z.strictObject({
  operation: z.enum(ROW_OPERATIONS).optional(),
  object: z.string().optional(),
  user: z.string().optional(),
  ids: texts.optional(),
  /** Values the row brings, as the client wrote them. */
  values: z.record(z.string(), value).optional(),
});

const jobMatch = z.strictObject({
  job: z.enum(['ingest', 'query', 'deploy']).optional(),
  operation: z.string().optional(),
  object: z.string().optional(),
  user: z.string().optional(),
});

/** Which of the matches are hit; every one when left out. Counted in requests, rows or jobs, as the fault's kind says. */
const when = z.strictObject({
  /** Matches let through first. */
  after: z.int().min(0).optional(),
  /** Only the nth match (1 = the first), counted after `after`. */
  nth: count.optional(),
  every: count.optional(),
  probability: z.number().min(0).max(1).optional(),
  /** Of the probability: the same seed hits the same matches. */
  seed: z.int().default(1),
  /** Hits at most. */
  times: count.optional(),
});

const write = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.enum(['insert', 'update']),
    object: z.string(),
    rows: z.array(z.record(z.string(), value)).min(1),
  }),
  z.strictObject({
    operation: z.literal('upsert'),
    object: z.string(),
    externalIdField: z.string(),
    rows: z.array(z.record(z.string(), value)).min(1),
  }),
  z.strictObject({ operation: z.enum(['delete', 'undelete', 'emptyRecycleBin']), ids: texts }),
]);

const common = { name: z.string().min(1).max(80).optional(), when: when.default({ seed: 1 }) };
const onRequest = { ...common, match: requestMatch.default({}) };
const onJob = { ...common, match: jobMatch.default({}) };
const milliseconds = z.int().min(0).max(600_000);

const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('latency'), ...onRequest, milliseconds, jitter: milliseconds.default(0) }),
  z.strictObject({
    kind: z.literal('error'),
    ...onRequest,
    /** A StatusCode or ExceptionCode of the platform. */
    code: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
    status: z.int().min(400).max(599).optional(),
    message: z.string().optional(),
    retryAfterSeconds: z.int().min(0).optional(),
  }),
  /** `before`: not processed. `after`: processed and committed, the answer lost. */
  z.strictObject({ kind: z.literal('reset'), ...onRequest, moment: z.enum(['before', 'after']) }),
  /** The answer ends after this share of its bytes and the connection with it. */
  z.strictObject({ kind: z.literal('truncate'), ...onRequest, share: z.number().min(0).max(0.99).default(0.5) }),
  /** The session is over; `refreshable: false`: the user cannot come back while the fault is there. */
  z.strictObject({ kind: z.literal('sessionExpiry'), ...onRequest, refreshable: z.boolean().default(true) }),
  z.strictObject({
    kind: z.literal('secondClient'),
    ...onRequest,
    moment: z.enum(['before', 'after']),
    as: z.string().default('admin'),
    writes: z.array(write).min(1),
  }),
  z.strictObject({
    kind: z.literal('rows'),
    ...common,
    match: rowMatch.default({}),
    code: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
    message: z.string().optional(),
    fields: z.array(z.string()).default([]),
  }),
  /** The job ends Failed, after `afterRows` rows (whole batches) were worked off; the rest is unprocessed. */
  z.strictObject({
    kind: z.literal('jobFailure'),
    ...onJob,
    afterRows: z.int().min(0).default(0),
    message: z.string().default('InternalServerError : An unexpected error occurred'),
  }),
  /** The job stays as it is for so many looks at it, or seconds of the org's clock. */
  z.strictObject({
    kind: z.literal('slow'),
    ...onJob,
    polls: count.optional(),
    seconds: z.number().min(0).optional(),
  }),
]);

/** What goes wrong, where and how often: data, so that a test, a person or a script can write it down. */
export type FaultPlan = z.infer<typeof schema>;
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
/** As written: everything with a default may be left out. */
export type FaultInput = DeepReadonly<z.input<typeof schema>>;
export type FaultKind = FaultPlan['kind'];
export type PlanOf<K extends FaultKind> = Extract<FaultPlan, { kind: K }>;
export type SecondClientWrite = z.infer<typeof write>;

const problemsOf = (error: z.ZodError, at: string): readonly string[] =>
  error.issues.flatMap((issue) =>
    issue.code === 'invalid_union' && issue.errors.length > 0
      ? issue.errors.flat().map(({ path, message }) => `${[at, ...issue.path, ...path].join('.')}: ${message}`)
      : [`${[at, ...issue.path].join('.')}: ${issue.message}`],
  );

const refuse = (problems: readonly string[]): TwinError =>
  new TwinError('INVALID_ARGUMENT', `${[...new Set(problems)].join('; ')}. docs/TWIN.md, "Faults", lists the kinds.`);

const parseOne = (given: unknown, at: string): FaultPlan | readonly string[] => {
  const parsed = schema.safeParse(given);
  return parsed.success ? parsed.data : problemsOf(parsed.error, at);
};

const listOf = (given: unknown): readonly unknown[] => {
  const faults = typeof given === 'object' && given !== null && 'faults' in given ? given.faults : undefined;
  return Array.isArray(faults) ? (faults as readonly unknown[]) : [given];
};

/**
 * One fault, or `{faults: […]}`, checked.
 * @throws TwinError INVALID_ARGUMENT naming every problem with its place.
 */
export const parseFaults = (given: unknown): readonly FaultPlan[] => {
  const parsed = listOf(given).map((one, i) => parseOne(one, `faults.${i}`));
  const problems = parsed.flatMap((one) => ('kind' in one ? [] : one));
  if (problems.length > 0) throw refuse(problems);
  return parsed.filter((one): one is FaultPlan => 'kind' in one);
};
