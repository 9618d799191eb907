import { z } from 'zod';
import { key, objectName } from './text.ts';

const count = z.int().min(0);

/** Rows of a cell and the sum of their amounts, to the cent; null where only rows are counted. */
const amount = z.strictObject({
  rows: count,
  sum: z
    .string()
    .regex(/^-?\d+\.\d{2}$/)
    .nullable(),
});
export type Amount = z.infer<typeof amount>;

/** What a statistic says before and after an anonymisation: cells of enough people only, so that it is about nobody. */
const statisticTerms = z.strictObject({
  key,
  object: objectName,
  /** Field that is summed; null = rows are counted. */
  sum: z.string().nullable(),
  /** Paths by which rows are told apart; totals by the first `firm` of them are equal. */
  dimensions: z.array(z.string()).min(1),
  firm: count,
  /** People that a cell has at least. */
  people: count,
  /** Over all rows; null when they are of too few people. */
  before: amount.nullable(),
  after: amount.nullable(),
  /** Null beside a cell that is there only before or only after. Rest cells keep only the firm values. */
  cells: z.array(
    z.strictObject({
      values: z.array(z.string().nullable()),
      isRest: z.boolean(),
      before: amount.nullable(),
      after: amount.nullable(),
    }),
  ),
  /** Cells of too few people, which are part of a rest or told nowhere. */
  suppressed: z.strictObject({ before: count, after: count }),
});
export type StatisticTerms = z.infer<typeof statisticTerms>;

/** What speaks against the word *anonymised*: `singling-out`, `linkability` or `inference`. */
const findingTerms = z.strictObject({
  check: key,
  code: key,
  /** `Object` or `Object.Field`. */
  place: z.string().nullable(),
  count,
  until: z.iso.date().nullable(),
});

/** How the people of one object are made to look alike, in numbers. */
const peopleTerms = z.strictObject({
  object: objectName,
  /** How many may be called so, by this plan. */
  anonymised: count,
  pseudonymised: count,
  /** Those of earlier plans among them. */
  crowd: count,
  /** Fewest people who look alike, and values of a sensitive field among them: wanted, and reached. */
  k: count,
  kReached: count,
  l: count,
  lReached: count.nullable(),
  /** People whose columns are emptied because nobody looks like them. */
  suppressed: count,
  /** Sensitive fields that are emptied for everybody. */
  emptied: z.array(z.string()),
  /** What is told of each field: a step of its hierarchy. */
  generalisations: z.array(z.strictObject({ key: z.string(), step: z.string(), level: count, levels: count })),
  /** How many groups of people who look alike have how many people. */
  sizes: z.array(z.strictObject({ from: count, to: count.nullable(), groups: count, people: count })),
});
export type AnonymisedPeopleTerms = z.infer<typeof peopleTerms>;

/** Whom a plan gives a pseudonym: by object, and on which days the archives end that tell whose they are. */
export const pseudonymisationTerms = z.strictObject({
  people: z.array(z.strictObject({ object: objectName, count, first: z.iso.date(), last: z.iso.date() })),
  /** What still leads to people without their archive, by how many it is about. */
  findings: z.array(findingTerms),
});
export type PseudonymisationTerms = z.infer<typeof pseudonymisationTerms>;

/** What a plan's anonymisation comes to; without personal data. */
export const anonymisationTerms = z.strictObject({
  people: z.array(peopleTerms),
  findings: z.array(findingTerms),
  statistics: z.array(statisticTerms),
});
export type AnonymisationTerms = z.infer<typeof anonymisationTerms>;
