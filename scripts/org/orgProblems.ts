import type { z } from 'zod';
import { GardeError } from '../kernel/result.ts';
import type { Problem } from '../kernel/result.ts';
import { reactionTo } from './salesforceErrors.ts';
import type { OrgProblemCode, Reaction } from './salesforceErrors.ts';

type OrgProblem = { readonly code: OrgProblemCode; readonly message: string; readonly actions: readonly string[] };

const TEXTS: readonly OrgProblem[] = [
  {
    code: 'OrgUnreachable',
    message: 'The org cannot be reached; nothing was sent.',
    actions: ['Check the network, the proxy and the org’s address with `sf org display`, then run the command again.'],
  },
  {
    code: 'AnswerLost',
    message: 'The connection broke after a change was sent: the org may or may not have made it.',
    actions: ['Resume the run: it asks the org what happened before it goes on.'],
  },
  {
    code: 'AnswerUnreadable',
    message: 'The org’s answer was cut or has another shape than documented, so it was not used.',
    actions: [
      'Run the command again; if it persists, report it with the API version (`--api-version` chooses another).',
    ],
  },
  {
    code: 'SessionExpired',
    message: 'The session with the org has ended.',
    actions: [
      'Log in again (`sf org login web --alias <alias>`), then run the command again; a run resumes where it was.',
    ],
  },
  {
    code: 'PermissionMissing',
    message: 'The running user may not do this in the org.',
    actions: [
      'Assign the permission set the command needs; `sf garde doctor` lists what is missing and where to set it.',
    ],
  },
  {
    code: 'ApiQuotaSpent',
    message: 'The org’s API requests are used up for now.',
    actions: ['Wait until the 24-hour window moves on (`sf org list limits` shows it), then resume.'],
  },
  {
    code: 'StorageFull',
    message: 'The org has no storage left for this.',
    actions: ['Free data or file storage in Setup → Storage Usage, then resume.'],
  },
  {
    code: 'OrgBusy',
    message: 'The org was too busy or a record was locked by somebody else.',
    actions: ['Run the command again in a few minutes; if it persists, run it outside office hours.'],
  },
  {
    code: 'OrgInMaintenance',
    message: 'The org accepts no changes at the moment.',
    actions: ['Look at status.salesforce.com for the org’s instance, then resume.'],
  },
  { code: 'RecordGone', message: 'A record is already deleted.', actions: ['Nothing to do: the wanted end is there.'] },
  {
    code: 'RecordChanged',
    message: 'A record is no longer as it was when it was read.',
    actions: ['Make the plan again from the org as it is now.'],
  },
  {
    code: 'RecordProtected',
    message: 'The org protects a record from this change, because of other records or a lock.',
    actions: ['Make the plan again; what protects the record is then part of it.'],
  },
  {
    code: 'OrgRuleRefused',
    message: 'A rule of the org (validation rule, flow, trigger or field limit) refused the change.',
    actions: ['Ask the org’s admin which rule on the named object and fields refuses it, and decide there.'],
  },
  {
    code: 'DuplicateRefused',
    message: 'A duplicate rule or a unique field refused the record.',
    actions: ['Look at the duplicate rules and unique fields of the named object in Setup.'],
  },
  {
    code: 'FeatureMissing',
    message: 'The org has not got, or not switched on, what this needs.',
    actions: ['Run `sf garde doctor`: it says what to switch on and what Garde does without it.'],
  },
  {
    code: 'PlaceNotFound',
    message: 'An object, field or address that was asked for is not there for the running user.',
    actions: ['Run `sf garde doctor`: it tells what is hidden from the user and what is absent.'],
  },
  {
    code: 'RequestRefused',
    message: 'The org refused the request as malformed.',
    actions: ['This is a defect of Garde: report the error code and the command.'],
  },
  {
    code: 'NotEmulated',
    message: 'The twin does not emulate this.',
    actions: ['docs/TWIN.md lists what the twin does; do this step in a sandbox.'],
  },
  {
    code: 'UnknownOrgError',
    message: 'The org answered with an error Garde does not know, so it stopped.',
    actions: ['Report the error code; nothing further was changed.'],
  },
];

const textOf = (code: OrgProblemCode): OrgProblem => {
  const text = TEXTS.find((one) => one.code === code);
  if (text === undefined) throw new RangeError(`no text for ${code}`);
  return text;
};

export type ForeignError = { readonly code: string; readonly fields?: readonly string[]; readonly subject?: string };

/** Names of objects and fields only: anything else in their place may be somebody's data. */
const NAME = /^[A-Za-z][A-Za-z0-9_.]{0,120}$/;
export const fieldNamesOf = (fields: unknown): readonly string[] =>
  Array.isArray(fields) ? fields.filter((field): field is string => typeof field === 'string' && NAME.test(field)) : [];

const CODE = /^[A-Z][A-Z0-9_]{1,80}$/;
/** Salesforce's code in upper case without SOAP prefix (`sf:INVALID_SESSION_ID`); `UNREADABLE_CODE` for anything else. */
export const cleanCode = (code: unknown): string => {
  const text = typeof code === 'string' ? code.replace(/^[A-Za-z]+:/, '').toUpperCase() : '';
  return CODE.test(text) ? text : 'UNREADABLE_CODE';
};

const problemOf = (problem: OrgProblemCode, error?: ForeignError): Problem => {
  const { message, actions } = textOf(problem);
  const fields = error?.fields ?? [];
  const detail = error === undefined ? '' : ` (${[error.code, ...fields].join(', ')})`;
  const subject = [error?.subject, fields.join(', ')].filter((part) => part !== undefined && part !== '').join('.');
  return { code: problem, ...(subject === '' ? {} : { subject }), message: `${message}${detail}`, actions };
};

/** A foreign error in our words: Salesforce's code and field names, never its text, which quotes names and values. */
export class OrgError extends GardeError {
  readonly reaction: Reaction;
  /** Salesforce's error codes, upper case. */
  readonly foreignCodes: readonly string[];
  constructor(reaction: Reaction, problems: readonly Problem[], foreignCodes: readonly string[] = []) {
    super(problems);
    this.reaction = reaction;
    this.foreignCodes = foreignCodes;
  }
}

export const orgError = (errors: readonly ForeignError[]): OrgError => {
  const first = errors[0] ?? { code: 'UNREADABLE_CODE' };
  const problems = (errors.length === 0 ? [first] : errors).map((error) =>
    problemOf(reactionTo(error.code).problem, error),
  );
  return new OrgError(
    reactionTo(first.code).reaction,
    problems,
    errors.map(({ code }) => code),
  );
};

/** A foreign value in the shape we rely on; `subject` names the answer. */
export const readAs = <T>(schema: z.ZodType<T>, value: unknown, subject: string): T => {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw namedOrgError('AnswerUnreadable', 'stop', `${subject}: ${read.error.issues[0]?.path.join('.') ?? ''}`);
};

/** An error that is ours to name: no code came from the org. */
export const namedOrgError = (problem: OrgProblemCode, reaction: Reaction, subject?: string): OrgError => {
  const base = problemOf(problem);
  return new OrgError(reaction, [subject === undefined ? base : { ...base, subject }]);
};
