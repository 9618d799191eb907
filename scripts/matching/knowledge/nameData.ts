import { z } from 'zod';
import { source } from '../../model/text.ts';
import { recordOfLines } from './linesOfText.ts';

const word = z.string().min(1);

/** config/matching/transliteration.yml: tables of letter pairs, one string a script. */
export const transliterationData = z.object({ source }).catchall(z.union([z.string(), source]));

/** config/matching/names.yml */
export const nameData = z.strictObject({
  source,
  looseParticles: z.array(word),
  fixedParticles: z.array(word),
  beside: z.array(word),
  unknown: z.array(word),
  generations: z.record(z.string(), word),
  abbreviations: z.record(z.string(), word),
  compoundHeads: z.record(z.string(), word),
  civilities: z.strictObject({ f: z.array(word), m: z.array(word), open: z.array(word), ladies: z.array(word) }),
  titles: z.record(z.string(), word),
  couples: z.array(word),
  and: z.array(word),
  sexes: z.strictObject({ female: word, male: word }),
});
export type NameData = z.infer<typeof nameData>;

const forms = z.string().transform(recordOfLines);
/** config/matching/nicknames.yml: formal name → short forms, by language. */
export const nicknameData = z.strictObject({
  source,
  fr: forms,
  en: forms,
  de: forms,
  es: forms,
  it: forms,
  nl: forms,
});
export type NicknameData = z.infer<typeof nicknameData>;

/** config/matching/given-names.json */
export const givenNameData = z.strictObject({
  source,
  licence: z.string(),
  note: z.string(),
  groups: z.array(z.strictObject({ births: z.int().positive(), women: z.string(), men: z.string(), both: z.string() })),
});
export type GivenNameData = z.infer<typeof givenNameData>;
