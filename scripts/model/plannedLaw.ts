import { z } from 'zod';
import { dataCategory, key } from './text.ts';

/**
 * Of a dated rule, what decides who falls due: titles, grounds and sources decide nothing. Kept as canonical JSON of the
 * rule that a plan was made under, in the org and on the machine that planned, to be compared with the next one.
 */
export const plannedLaw = z.strictObject({
  /** Rule set and rule, as the charter names them: `fr-cnil/prospects`. */
  from: z.string().min(1),
  clock: key,
  /** `P3Y` */
  duration: z.string().min(1),
  solicitations: z.int().min(1).optional(),
  archive: z.strictObject({ for: z.string().optional(), categories: z.array(dataCategory) }).optional(),
  effectiveFrom: z.iso.date(),
});
export type PlannedLaw = z.infer<typeof plannedLaw>;

/** Who was shown what a change of the law does to the people of the org, and when. */
export const lawSeen = z.strictObject({
  /** User id. */
  by: z.string().regex(/^[A-Za-z0-9]{18}$/),
  at: z.iso.datetime(),
});
export type LawSeen = z.infer<typeof lawSeen>;

/** The law that the last plan of an org stood on for one rule of its charter. */
export const rememberedLaw = z.strictObject({
  /** Key of the charter's rule. */
  rule: key,
  law: plannedLaw,
  seen: lawSeen.optional(),
});
export type RememberedLaw = z.infer<typeof rememberedLaw>;
