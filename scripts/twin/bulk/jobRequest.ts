import * as z from 'zod';
import { notEmulated, TwinError } from '../contract.ts';
import type { DataEngine, Session } from '../contract.ts';
import { DELIMITERS, LINE_ENDINGS } from './csv.ts';
import type { DelimiterName, LineEndingName } from './csv.ts';
import type { NewIngestJob } from './ingestJobs.ts';
import { checkLoad, OPERATIONS } from './load.ts';

const names = <T extends string>(table: Readonly<Record<T, string>>): [T, ...T[]] => Object.keys(table) as [T, ...T[]];

export const csvOptions = {
  columnDelimiter: z.enum(names<DelimiterName>(DELIMITERS)).default('COMMA'),
  lineEnding: z.enum(names<LineEndingName>(LINE_ENDINGS)).default('LF'),
  contentType: z.literal('CSV').default('CSV'),
};

const ingestRequest = z.object({
  object: z.string().min(1),
  operation: z.enum(OPERATIONS),
  externalIdFieldName: z.string().nullish(),
  assignmentRuleId: z.string().nullish(),
  ...csvOptions,
});

/** All problems of a job request at once, in the platform's error shape. */
export const parseRequest = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new TwinError('INVALIDJOB', `InvalidJob : ${problems.join('; ')}`);
};

const requireKeyField = (engine: DataEngine, session: Session, object: string, name: string): string => {
  const fields = engine.describe(session, object)['fields'];
  const found = (Array.isArray(fields) ? (fields as readonly Readonly<Record<string, unknown>>[]) : []).find(
    (field) => String(field['name']).toLowerCase() === name.toLowerCase(),
  );
  const isKey = found !== undefined && (found['externalId'] === true || found['idLookup'] === true);
  if (isKey) return String(found['name']);
  throw new TwinError(
    'INVALIDJOB',
    `InvalidJob : Field name provided, ${name} does not match an External ID, Salesforce Id, or indexed field for ${object}`,
  );
};

/** The job an ingest request asks for; canonical names. Throws INVALIDJOB, INVALIDENTITY, FEATURENOTENABLED. */
export const ingestJobOf = (engine: DataEngine, session: Session, body: unknown): NewIngestJob => {
  const given = parseRequest(ingestRequest, body);
  if (typeof given.assignmentRuleId === 'string') throw notEmulated('assignment rules (assignmentRuleId)');
  const object = engine.canonicalObject(session, given.object);
  if (object === undefined) {
    throw new TwinError('INVALIDENTITY', `InvalidEntity : Entity '${given.object}' is not supported by the Bulk API.`);
  }
  const { operation, columnDelimiter, lineEnding } = given;
  const key = given.externalIdFieldName ?? undefined;
  if (operation === 'upsert' && key === undefined) {
    throw new TwinError('INVALIDJOB', 'InvalidJob : External ID was blank for upsert operation.');
  }
  const externalIdFieldName =
    operation === 'upsert' && key !== undefined ? requireKeyField(engine, session, object, key) : undefined;
  const job = { session, object, operation, externalIdFieldName, columnDelimiter, lineEnding };
  checkLoad(engine, job);
  return job;
};
