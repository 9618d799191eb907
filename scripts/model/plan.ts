import { z } from 'zod';
import { anonymisationTerms, pseudonymisationTerms } from './anonymisation.ts';
import { erasureTerms } from './erasure.ts';
import { lawSeen } from './plannedLaw.ts';
import { fieldName, key, localisedText, objectName } from './text.ts';

/** The closed set of operations the executor knows; a new one is a decision record. */
export const OPERATIONS = [
  'create',
  'update',
  'upsert',
  'delete',
  'purge',
  'undelete',
  'merge',
  'deleteHistory',
  'uploadFile',
  'sealLocal',
  'send',
] as const;
export type Operation = (typeof OPERATIONS)[number];

const recordId = z.string().regex(/^[A-Za-z0-9]{18}$/, 'an 18-character record id');
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest in hexadecimal');
const count = z.int().min(0);

/** Why somebody is kept or due: a code with a text in messages, and facts without names. */
export const reason = z.strictObject({
  code: key,
  /** Dates, counts, keys of rules, sources and holds; never a value of a person's field. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
export type Reason = z.infer<typeof reason>;

/** What planning decided about one person that it considered. */
export const planDecision = z.strictObject({
  /** The person's record. */
  subject: recordId,
  object: objectName,
  rule: key,
  verdict: z.enum(['due', 'kept']),
  reason,
  /** Last day of what keeps the person; null when no day is known (a hold without end) or the person is due. */
  until: z.iso.date().nullable(),
  /** What happens beside the steps: rows the org deletes with the person, rows that stay with an emptied lookup. */
  effects: z.array(z.strictObject({ object: objectName, effect: z.enum(['cascade', 'unlinked', 'left']), count })),
});
export type PlanDecision = z.infer<typeof planDecision>;

/** A record that an earlier step of the same plan makes: `new:` and that step's key. */
const recordToCome = z.string().regex(/^new:.+$/, 'new:<step key>');
const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** Fields by API name. A text `new:<step key>` stands for the id of the record that step makes. */
const fieldValues = z.record(z.string(), fieldValue);

/** What a step brings to the org; each operation says which parts it needs (scripts/plan/operations). */
export const stepPayload = z.strictObject({
  /** create, update, upsert: the values written; merge: what the master takes over; null empties a field. */
  values: fieldValues.optional(),
  /** Names more values to write, sealed under the data subject's key as before-images are; opened right before the call. */
  sealed: digest.optional(),
  /** upsert: the field and value that find the record. */
  externalId: z.strictObject({ field: z.string(), value: z.string() }).optional(),
  /** merge: one or two records that go into `recordId`. */
  losers: z.array(recordId).min(1).max(2).optional(),
  /** deleteHistory: rows of the history object. */
  historyIds: z.array(recordId).optional(),
  /**
   * deleteHistory: the lookup by which rows of the history object name `recordId`. All of them go, read right before the
   * call: those that the plan's own change of the record made have no id yet when it is planned.
   */
  historyOf: fieldName.optional(),
  /** deleteHistory with `historyOf`: only rows that tell of a change of these fields after this instant. */
  historyOnly: z.strictObject({ fields: z.array(fieldName).min(1), after: z.iso.datetime() }).optional(),
  /**
   * uploadFile: a new version of a document, or a file linked to a record. Its bytes lie in a holding, or are what was
   * sealed for a data subject beside the steps: `sealed:<name>`.
   */
  file: z
    .strictObject({
      holding: z.string(),
      title: z.string(),
      fileName: z.string(),
      linkTo: z.union([recordId, recordToCome]).optional(),
      versionOf: recordId.optional(),
    })
    .optional(),
  /** sealLocal: rows of the snapshot sealed on this machine as a holding of this kind. */
  seal: z.strictObject({ kind: z.string(), expiresAt: z.iso.datetime() }).optional(),
  /** send: a letter by a registered channel. */
  letter: z.strictObject({ channel: key, template: key, holding: z.string() }).optional(),
});
export type StepPayload = z.infer<typeof stepPayload>;

/** One call's worth of change to one record. */
export const planStep = z.strictObject({
  /** Unique in the plan. */
  key: z.string().min(1),
  /** The person the step belongs to. */
  subject: recordId,
  /** Steps of one person run in this order: 0 first; equal numbers may share a call. */
  wave: count,
  operation: z.enum(OPERATIONS),
  object: objectName,
  recordId: z.union([recordId, recordToCome]),
  rule: key,
  reason,
  payload: stepPayload.optional(),
  precondition: z.strictObject({
    /** Digest of the decision; it is taken again from fresh rows right before the call. */
    decision: digest,
    /** Rows known to go with this record: a new one among them is a change, a missing one is not. */
    goesWith: z.array(recordId),
    /** Salted digest of each value the step replaces: a value that is no longer so is a change. */
    values: z.record(z.string(), digest).optional(),
    /** The change is sent with If-Unmodified-Since the reading right before it: an edit in between refuses it. */
    ifUnmodified: z.literal(true).optional(),
  }),
  /** How the record must be once the step is done: what an earlier step of the plan wrote is no drift to a later one. */
  after: fieldValues.optional(),
  /**
   * Names the sealed before-image (scripts/plan/undo/beforeImages.ts): a salted commitment, so that the digest of a plan
   * does not depend on how it was sealed. Only in steps with an inverse.
   */
  before: digest.optional(),
  /** How an unknown outcome is decided by asking the org (scripts/plan/operations). */
  settle: z.enum([
    'record-state',
    'record-values',
    'external-id',
    'run-mark',
    'merge-state',
    'history-rows',
    'file-version',
    'local-holding',
    'channel-log',
  ]),
  inverse: z.enum(['undelete', 'restore-values', 'delete', 'recreate', 'none']),
  dependsOn: z.array(z.string()),
});
export type PlanStep = z.infer<typeof planStep>;

export const stepCount = z.strictObject({
  object: objectName,
  operation: z.enum(OPERATIONS),
  rule: key,
  count,
});

export const reasonCount = z.strictObject({
  rule: key,
  verdict: z.enum(['due', 'kept']),
  code: key,
  count,
  /** First and last of the days on which what keeps these people ends; null when no day is known for any. */
  until: z.strictObject({ first: z.iso.date(), last: z.iso.date() }).nullable(),
});
export type ReasonCount = z.infer<typeof reasonCount>;

/** Code of the reason of people who are kept today and fall due within the time that their rule warns before. */
export const DUE_SOON = 'due-soon';

/** Rises whenever what a plan's files hold, or what its digest is taken of, is written otherwise than before. */
export const PLAN_VERSION = 2;

/** What a plan is bound to, and what it holds in numbers: covered by the digest, without personal data. */
export const planTerms = z.strictObject({
  planVersion: z.literal(PLAN_VERSION),
  kind: z.enum(['retention', 'undo', 'erasure']),
  /** An undo plan: digest of the plan whose run it takes back, and that run's key. */
  undoes: z.strictObject({ plan: digest, run: z.string() }).optional(),
  /** An erasure plan: what it decided about everything that was found of the person. */
  erasure: erasureTerms.optional(),
  /** A plan that anonymises: which word may be said of how many, what speaks against the other, and totals. */
  anonymisation: anonymisationTerms.optional(),
  /** A plan that gives people pseudonyms, which only their archives open. */
  pseudonymisation: pseudonymisationTerms.optional(),
  orgId: recordId,
  orgName: z.string(),
  userId: recordId,
  toolVersion: z.string(),
  charterDigest: digest,
  packs: z.record(key, z.string()),
  ruleSets: z.record(key, z.string()),
  /** Rules whose law changed since an earlier plan: who was shown what that does, and when (RET-10). */
  lawSeen: z.array(lawSeen.extend({ rule: key })).optional(),
  /** The day the plan decides for, in the controller's time zone. */
  asOf: z.iso.date(),
  /** When the copy of the org was begun and ended. */
  snapshot: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() }),
  completeness: z.strictObject({
    state: z.enum(['complete', 'incomplete']),
    /** `Object` or `Object.Field`. */
    hidden: z.array(z.string()),
    absent: z.array(z.string()),
    filesVisible: z.enum(['seen', 'hidden', 'absent']),
  }),
  expiresAt: z.iso.datetime(),
  rules: z.array(
    z.strictObject({
      key,
      from: z.string(),
      title: localisedText,
      legalGround: localisedText,
      source: z.string(),
      /** What starts the period, as the rule set names it. */
      clock: key,
      duration: z.string(),
      people: objectName,
      /** What is done with whoever is due; a purge when nothing is said. */
      action: z.enum(['anonymise', 'pseudonymise', 'archive', 'restrict', 'unlink']).optional(),
    }),
  ),
  considered: count,
  reasons: z.array(reasonCount),
  steps: count,
  stepCounts: z.array(stepCount),
  effects: z.array(z.strictObject({ object: objectName, effect: z.enum(['cascade', 'unlinked', 'left']), count })),
  /** API calls the run will make, checks and read-back included; an estimate rounded up. */
  calls: count,
  /** Share of steps that cannot be undone, 0 to 1. */
  irreversible: z.number().min(0).max(1),
});
export type PlanTerms = z.infer<typeof planTerms>;

/** Whom the rules announce: counted among the kept, and shown apart. */
export const dueSoonOf = ({ reasons }: Pick<PlanTerms, 'reasons'>): readonly ReasonCount[] =>
  reasons.filter(({ code }) => code === DUE_SOON);

/** The readable file of a plan: terms, the digest that binds terms and steps, and where the sealed steps lie. */
export const planHeader = z.strictObject({
  garde: z.literal('plan'),
  terms: planTerms,
  /** RFC 6962 root over the salted terms and steps in order. */
  digest,
  createdAt: z.iso.datetime(),
  /** Holding with the steps and decisions. */
  holding: z.string(),
  /** Holding with the copy of the org that the plan was made from, for rehearsals. */
  snapshotHolding: z.string(),
  /** Of an erasure: holding with what identifies the person, for the scan after the run. */
  needlesHolding: z.string().optional(),
});
export type PlanHeader = z.infer<typeof planHeader>;
