import { readFileSync } from 'node:fs';
import { z } from 'zod';

const sourced = { source: z.string(), licence: z.string() };
const share = z.number().min(0).max(1);
const some = z.array(z.string().min(1)).min(1);

const wordLists = z.strictObject({
  ...sourced,
  frequentFromAbroad: some,
  particles: some,
  beginnings: some,
  middles: z.array(z.string()).min(1),
  endings: some,
  communes: z.strictObject({
    saints: some,
    stems: some,
    tails: some,
    waters: some,
    departments: z.string(),
    invented: z.int().positive(),
    shareOfInvented: share,
  }),
  streets: z.strictObject({ things: some, honoured: z.int().positive() }),
  organisations: z.strictObject({
    kinds: z.array(z.tuple([z.string(), z.string(), z.number().positive()])).min(1),
    themes: some,
    sections: some,
  }),
});

const sharesOf = <const K extends string>(...keys: readonly K[]) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, share])) as Record<K, typeof share>);

const source = z.strictObject({
  missing: sharesOf('civility', 'birthName', 'birthDate', 'birthPlace', 'email', 'phone', 'address'),
  given: sharesOf('nickname', 'initial', 'firstPart', 'spelling', 'further', 'typo', 'title'),
  family: sharesOf('typo', 'particle', 'half', 'birthName', 'double'),
  letters: sharesOf('capitals', 'unaccented', 'mojibake'),
  swapped: share,
  birthDate: sharesOf('dayMonth', 'digit', 'year', 'firstOfJanuary'),
  email: sharesOf('other', 'local', 'domain'),
  phone: sharesOf('landline', 'digit', 'swapped', 'lost'),
  address: sharesOf('abbreviated', 'capitals', 'floor', 'comma', 'box', 'numberLost', 'typo', 'city'),
});

const noiseFile = z.strictObject({
  ...sourced,
  mixes: z.record(z.string(), z.record(z.string(), z.number().positive())),
  sources: z.record(z.string(), source),
});

const rareNames = z.strictObject({ ...sourced, male: some, female: some });

/** How records of one source go wrong: shares of records, from 0 to 1. */
export type SourceNoise = z.infer<typeof source>;

const read = <T>(file: string, schema: z.ZodType<T>): T =>
  schema.parse(JSON.parse(readFileSync(new URL(`../../../config/demo/${file}`, import.meta.url), 'utf8')));

const rare = read('rareFirstNames.json', rareNames);

const namesIn = (lines: readonly string[]): readonly (readonly [string, number])[] =>
  lines
    .join(', ')
    .split(', ')
    .map((entry) => {
      const blank = entry.lastIndexOf(' ');
      return [entry.slice(0, blank), Number(entry.slice(blank + 1)) * 100] as const;
    });

export const words = read('matching.json', wordLists);
export const noise = read('noise.json', noiseFile);
/** First names beyond those of `gazetteer.firstNames`, with births. */
export const rareFirstNames = { M: namesIn(rare.male), F: namesIn(rare.female) };
