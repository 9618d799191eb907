import { z } from 'zod';
import { fieldName, localisedText, objectName, source } from './text.ts';

/** How a value is made coarser; the steps of each are in `config/disposal/hierarchies.yml`. */
const hierarchyName = z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'the name of a hierarchy');

/**
 * What anonymisation does to a field. `empty`: no value (an unticked box where there is no empty one); `constant`: the
 * same text for everybody, so that it is no key; `coarsen`: the least step of a hierarchy that makes nobody stand out,
 * never finer than `from`; `keep`: as it is.
 */
export const fieldTreatment = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('empty') }),
  z.strictObject({ do: z.literal('keep') }),
  z.strictObject({ do: z.literal('constant'), text: localisedText.optional() }),
  z.strictObject({ do: z.literal('coarsen'), hierarchy: hierarchyName, from: z.string().min(1) }),
]);
export type FieldTreatment = z.infer<typeof fieldTreatment>;

/**
 * What happens to a row of an anonymised person's graph. `delete`: it goes for good; `treat`: field by field, as the
 * person's own row; `leave`: it is evidence that must stay and holds nobody's name.
 */
export const rowTreatment = z.enum(['delete', 'treat', 'leave']);
export type RowTreatment = z.infer<typeof rowTreatment>;

/** How the records of anonymised people look: data with a reason, never code. */
export const treatments = z.strictObject({
  version: z.string().regex(/^\d{4}\.\d+\.\d+$/, 'year.month.revision'),
  source,
  /**
   * Names of anonymised people and of rows about them, without numbers, which could be keys; and the word before a
   * pseudonym, which is one.
   */
  names: z.strictObject({ person: localisedText, row: localisedText, pseudonym: localisedText }),
  /** By fideslang key; the longest key that begins a field's category decides. */
  categories: z.record(z.string(), fieldTreatment),
  /** Before the categories: fields that hold something else on this object. */
  fields: z.record(objectName, z.record(fieldName, fieldTreatment)).default({}),
  /** Fields of every object that tell how the platform works with a row, not about whom it is. */
  platform: z.array(fieldName),
  /** Rows that a change of a record leaves beside field history, by the lookup to the record. */
  feeds: z.array(z.strictObject({ object: objectName, via: fieldName })).default([]),
  /** Rows of the graph by object; those not named are treated field by field. */
  rows: z.record(objectName, rowTreatment),
  /** Of people who get a pseudonym, instead: what ties their records together stays. */
  pseudonymised: z.record(objectName, rowTreatment).default({}),
});
export type Treatments = z.infer<typeof treatments>;

const dateSteps = z.strictObject({ kind: z.literal('date'), steps: z.array(z.string().min(1)).min(1) });
const bandSteps = z.strictObject({
  kind: z.literal('bands'),
  /** Each step's lower ends in ascending order; a value belongs to the last that it reaches. */
  steps: z.array(z.strictObject({ step: z.string().min(1), from: z.array(z.number()).min(1) })).min(1),
});
const placeSteps = z.strictObject({ kind: z.literal('postcode'), steps: z.array(z.string().min(1)).min(1) });
const wordSteps = z.strictObject({ kind: z.literal('words'), steps: z.array(z.string().min(1)).min(1) });

/** A hierarchy ends with `none`, which is not written: every one of them can give the value up. */
export const hierarchy = z.discriminatedUnion('kind', [dateSteps, bandSteps, placeSteps, wordSteps]);
export type Hierarchy = z.infer<typeof hierarchy>;

/** Hierarchies and the geography that they need. */
export const hierarchies = z.strictObject({
  version: z.string().regex(/^\d{4}\.\d+\.\d+$/, 'year.month.revision'),
  source,
  hierarchies: z.record(hierarchyName, hierarchy),
  /** By country (ISO 3166-1): how a postcode tells its area, and the areas of each region. */
  places: z.record(
    z.string().regex(/^[A-Z]{2}$/),
    z.strictObject({
      /** What a postcode of the country looks like without blanks. */
      form: z.string(),
      /** The first group is the area. */
      area: z.string(),
      /** Areas that the postcode does not tell by itself: area by the beginning of the postcode. */
      exceptions: z.record(z.string(), z.string()).default({}),
      regions: z.record(z.string(), z.array(z.string())).default({}),
    }),
  ),
});
export type Hierarchies = z.infer<typeof hierarchies>;
