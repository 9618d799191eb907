import { z } from 'zod';
import { source } from '../../model/text.ts';
import { recordOfLines } from './linesOfText.ts';

const word = z.string().min(1);
const words = z.string().transform(recordOfLines);
const pattern = word.refine(isPattern, 'not a regular expression');

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** config/matching/addresses.yml */
export const addressData = z.strictObject({
  source,
  types: words,
  byCountry: z.record(z.string().length(2), z.record(z.string(), word)),
  atEnd: z.record(z.string(), word),
  endings: words,
  words,
  articles: z.array(word),
  indices: z.record(z.string(), word),
  boxes: z.array(word),
  units: z.array(word),
  care: z.array(word),
  arrondissements: z.record(z.string(), z.strictObject({ from: z.int(), to: z.int(), others: z.array(z.int()) })),
  cedex: z.array(word),
  merged: words,
});
export type AddressData = z.infer<typeof addressData>;

/** config/matching/countries.json */
export const countryData = z.strictObject({ source, names: z.record(z.string().length(2), word) });
export type CountryData = z.infer<typeof countryData>;

/** config/matching/places.yml */
export const placeData = z.strictObject({
  source,
  postcodes: z.record(
    z.string().length(2),
    z.strictObject({ form: pattern, area: pattern, short: pattern.optional() }),
  ),
  regions: z.record(z.string().length(2), words),
});
export type PlaceData = z.infer<typeof placeData>;

/** config/matching/phones.yml */
export const phoneData = z.strictObject({
  source,
  plans: z.record(
    z.string().length(2),
    z.strictObject({ code: word, trunk: z.string(), form: pattern, mobile: pattern }),
  ),
  overseas: z.record(z.string().length(2), z.record(z.string(), word)),
  placeholders: z.array(word),
});
export type PhoneData = z.infer<typeof phoneData>;

/** config/matching/emails.yml */
export const emailData = z.strictObject({
  source,
  free: word,
  sameProvider: z.record(z.string(), word),
  dotsIgnored: z.array(word),
  plus: z.string().length(1),
  typos: z.record(z.string(), word),
  endingTypos: z.record(z.string(), word),
  roles: word,
  homes: word,
  placeholders: z.strictObject({ users: word, domains: word, both: word }),
});
export type EmailData = z.infer<typeof emailData>;

/** config/matching/dates.yml */
export const dateData = z.strictObject({
  source,
  months: z.record(z.string(), word),
  placeholders: z.array(z.string()),
  century: z.int().min(0).max(99),
  earliest: z.int(),
  latest: z.int(),
});
export type DateData = z.infer<typeof dateData>;

export const IDENTIFIER_CHECKS = ['luhn', 'siret', 'nir', 'vat', 'mod97', 'mod11', 'mod97be', 'dni'] as const;

/** config/matching/identifiers.yml */
export const identifierData = z.strictObject({
  source,
  schemes: z.record(
    z.string(),
    z.strictObject({
      form: pattern,
      check: z.enum(IDENTIFIER_CHECKS).optional(),
      parent: z.strictObject({ scheme: word, length: z.int().positive() }).optional(),
    }),
  ),
  prefixes: z.record(z.string(), z.array(word)),
  placeholders: z.array(word),
});
export type IdentifierData = z.infer<typeof identifierData>;
