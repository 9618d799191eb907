import { z } from 'zod';
import { period } from './period.ts';
import { dataCategory, key, localisedText, source } from './text.ts';

/** Clocks that need no pack: the latest genuine contact over all paths (else the collection), and the day of collection. */
export const GENERAL_CLOCKS = ['last-genuine-contact', 'collection'] as const;

/** Starts with the last of so many solicitations that the person left unanswered; packs name what solicits. */
export const SOLICITATIONS = 'unanswered-solicitations';

/**
 * The intermediate archive between active base and end (CNIL, guide RGPD du développeur, fiche 14): only the subset that
 * a duty or a claim needs, apart from the active base, for a time of its own, opened one person at a time and for a
 * reason. What the law makes us keep goes there with the people it is about, for as long as the law says.
 */
export const archivePhase = z.strictObject({
  /** At least so long from the day of archiving (claims); duties in force may ask longer. */
  for: period.optional(),
  /** Of the person's own record, beside what each duty needs. */
  categories: z.array(dataCategory).default([]),
});

/** Dated law: what a country's authority says, from when, until when, and where it is written. */
export const datedRule = z.strictObject({
  key,
  title: localisedText,
  /**
   * What starts the period: a general clock, or one whose events a pack knows (`end-of-membership`). A rule with events
   * says nothing about people without any.
   */
  clock: key,
  /** The clock in a sentence to the person: "3 years after …". */
  after: localisedText,
  duration: period,
  /** Of the clock `unanswered-solicitations`: how many. */
  solicitations: z.int().min(1).optional(),
  /** What may follow the active base. */
  archive: archivePhase.optional(),
  effectiveFrom: z.iso.date(),
  effectiveTo: z.iso.date().optional(),
  legalGround: localisedText,
  source,
});
export type DatedRule = z.infer<typeof datedRule>;

export const ruleSet = z.strictObject({
  ruleSet: key,
  country: z.string().regex(/^[A-Z]{2}$/),
  version: z.string().regex(/^\d{4}\.\d+\.\d+$/),
  rules: z.array(datedRule).min(1),
});
export type RuleSet = z.infer<typeof ruleSet>;
