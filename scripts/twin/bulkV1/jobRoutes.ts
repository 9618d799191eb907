import * as z from 'zod';
import { notEmulated, TwinError } from '../contract.ts';
import type { Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { checkLoad, OPERATIONS } from '../bulk/load.ts';
import { param } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import type { ClassicJob, NewClassicJob } from './classicJobs.ts';
import { isQuery, QUERY_OPERATIONS } from './classicJobs.ts';
import { jobInfo } from './infos.ts';
import { pkChunkingOf } from './pkChunking.ts';
import { infoAnswer, readJobInfo } from './wire.ts';

const CONTENT_TYPES = ['CSV', 'XML', 'JSON', 'ZIP_CSV', 'ZIP_XML', 'ZIP_JSON'] as const;

/** Also by its place in the platform's list, which is how simple-salesforce sends it. */
const concurrencyMode = z
  .enum(['Parallel', 'Serial', '0', '1'])
  .default('Parallel')
  .transform((mode) => (mode === 'Serial' || mode === '1' ? 'Serial' : 'Parallel'));

const newJob = z.object({
  operation: z.enum([...OPERATIONS, ...QUERY_OPERATIONS]),
  object: z.string().min(1),
  externalIdFieldName: z.string().optional(),
  assignmentRuleId: z.string().optional(),
  concurrencyMode,
  contentType: z.enum(CONTENT_TYPES).default('XML'),
});

const invalidJob = (why: string): TwinError => new TwinError('InvalidJob', why);

const parse = <T>(schema: z.ZodType<T>, fields: ReadonlyMap<string, string>): T => {
  const parsed = schema.safeParse(Object.fromEntries(fields));
  if (parsed.success) return parsed.data;
  throw invalidJob(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
};

const jobGiven = (exchange: Exchange, session: Session, context: TwinContext): NewClassicJob => {
  const given = parse(newJob, readJobInfo(exchange));
  if (given.assignmentRuleId !== undefined) throw notEmulated('assignment rules (assignmentRuleId)');
  const { contentType, concurrencyMode, operation } = given;
  if (contentType === 'ZIP_CSV' || contentType === 'ZIP_XML' || contentType === 'ZIP_JSON') {
    throw notEmulated(`binary attachments in Bulk API v1 (${contentType})`);
  }
  const object = context.org.engine.canonicalObject(session, given.object);
  if (object === undefined) throw invalidJob(`Unable to find object: ${given.object}`);
  if (operation === 'upsert' && given.externalIdFieldName === undefined) {
    throw invalidJob('External ID was blank for upsert operation.');
  }
  const externalIdFieldName = operation === 'upsert' ? given.externalIdFieldName : undefined;
  if (operation !== 'query' && operation !== 'queryAll') {
    checkLoad(context.org.engine, { session, object, operation, externalIdFieldName });
  }
  const chunking = isQuery({ operation }) ? pkChunkingOf(exchange) : undefined;
  return { session, operation, object, externalIdFieldName, concurrencyMode, contentType, chunking };
};

export const createJob = (exchange: Exchange, session: Session, context: TwinContext): Answer => {
  const given = jobGiven(exchange, session, context);
  return infoAnswer(exchange, 'jobInfo', jobInfo(context.org.classic.create(given)), 201);
};

/** The user's own job. InvalidJob for any other id. */
export const jobOf = (exchange: Exchange, session: Session, context: TwinContext): ClassicJob => {
  const id = param(exchange, 'id');
  try {
    return context.org.classic.find(session, id);
  } catch (error) {
    if (error instanceof TwinError) throw invalidJob(`Invalid job id: ${id}`);
    throw error;
  }
};

export const readJob = (exchange: Exchange, session: Session, context: TwinContext): Answer =>
  infoAnswer(exchange, 'jobInfo', jobInfo(jobOf(exchange, session, context)));

const CHANGED = z.object({ state: z.enum(['Closed', 'Aborted']) });

export const changeJob = (exchange: Exchange, session: Session, context: TwinContext): Answer => {
  const job = jobOf(exchange, session, context);
  const { state } = parse(CHANGED, readJobInfo(exchange));
  if (job.state !== 'Open' && !(job.state === 'Closed' && state === 'Aborted')) {
    const verb = state === 'Closed' ? 'Closing' : 'Aborting';
    throw new TwinError('InvalidJobState', `${verb} already ${job.state} Job not allowed`);
  }
  job.state = state;
  job.systemModstamp = context.clock.iso();
  if (state === 'Aborted') for (const batch of job.batches) if (batch.state === 'Queued') batch.state = 'NotProcessed';
  return infoAnswer(exchange, 'jobInfo', jobInfo(job));
};
