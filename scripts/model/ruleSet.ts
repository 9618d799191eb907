import { z } from 'zod';
import { period } from './period.ts';
import { key, localisedText, source } from './text.ts';

/** Dated law: what a country's authority says, from when, until when, and where it is written. */
export const datedRule = z.strictObject({
  key,
  title: localisedText,
  /** What starts the period. */
  clock: z.enum(['last-genuine-contact']),
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
