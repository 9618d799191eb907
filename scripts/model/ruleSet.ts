import { z } from 'zod';
import { period } from './period.ts';
import { key, localisedText, source } from './text.ts';

/** Clocks that need no pack: the latest genuine contact over all paths (else the collection), and the day of collection. */
export const GENERAL_CLOCKS = ['last-genuine-contact', 'collection'] as const;

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
