import { z } from 'zod';
import { key, localisedText, objectName } from './text.ts';

const count = z.int().min(0);

/**
 * What becomes of one thing that was found of a person who asked to be forgotten. `delete`: goes for good. `archive`:
 * goes from the active base; a law keeps a part of it sealed. `anonymise`:
 * stays without what tells about the person. `redact`: a passage about the person is taken out of somebody else's text. `unlink`: belongs to others too; only its tie to the person goes. `keep`: a
 * law says so. `leave`: is about a third person. `cannot`: the org lets nobody delete or change it.
 */
export const ERASURE_DECISIONS = [
  'delete',
  'archive',
  'anonymise',
  'redact',
  'unlink',
  'keep',
  'leave',
  'cannot',
] as const;
export type ErasureDecision = (typeof ERASURE_DECISIONS)[number];

/** One found record with the decision on it; ids, names of places and codes, never a value. */
export const erasureItem = z.strictObject({
  object: objectName,
  id: z.string(),
  /**
   * Lookups from the person's own record to this one, as `Object.Field`; empty for the person's own records. Of a trace: the
   * fields in which the scan found the person.
   */
  path: z.array(z.string()),
  decision: z.enum(ERASURE_DECISIONS),
  /** Why: a code with a text in messages. */
  code: key,
  /** Key of the duty or proof rule that keeps it. */
  law: key.nullable(),
  /** Last day it is kept; null when none is known or nothing is kept. */
  until: z.iso.date().nullable(),
  /** Fields that are emptied, or that name the person and stay for review. */
  fields: z.array(z.string()),
  /** Objects whose rows forbid what was wanted. */
  because: z.array(z.string()),
});
export type ErasureItem = z.infer<typeof erasureItem>;

/** What an erasure plan decided, in numbers: covered by the plan's digest, without personal data. */
export const erasureTerms = z.strictObject({
  /** RequestKey__c of the request that is carried out; null when none is kept in the org. */
  request: z.string().nullable(),
  /** Records that are the person themself. */
  roots: count,
  items: z.array(
    z.strictObject({
      object: objectName,
      decision: z.enum(ERASURE_DECISIONS),
      code: key,
      law: key.nullable(),
      until: z.iso.date().nullable(),
      count,
    }),
  ),
  /** Texts of the laws that `items` name. */
  laws: z.record(key, localisedText),
  /** Of records that nobody can delete, by object: what of them stays although they are emptied. */
  stays: z.record(objectName, localisedText).optional(),
  /** SHA-256 over the sealed items in their order. */
  itemsDigest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Places outside the org and Garde that hold copies, and until when, as far as the charter says. */
  elsewhere: z.array(
    z.strictObject({
      what: localisedText,
      until: z.iso.date().nullable(),
      /** Of a backup: days after the run for which the last copy made before it is kept. */
      keptDays: z.int().min(0).optional(),
    }),
  ),
  /** True of a plan made of what a scan found afterwards: traces in records of others, files, history. */
  traces: z.literal(true).optional(),
  /** The scan that follows the run by itself: API calls it will make at most. */
  scan: z.strictObject({ calls: count }).optional(),
});
export type ErasureTerms = z.infer<typeof erasureTerms>;
