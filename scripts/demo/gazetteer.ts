import { readFileSync } from 'node:fs';
import { z } from 'zod';

const sourced = { source: z.string(), licence: z.string(), note: z.string().optional() };
const weightedText = z.tuple([z.string(), z.number().positive()]);

const firstNames = z.strictObject({
  ...sourced,
  cohortsFrom: z.array(z.int()).length(6),
  shapes: z.record(z.string(), z.array(z.number()).length(6)),
  male: z.array(z.tuple([z.string(), z.int().positive(), z.string()])).min(100),
  female: z.array(z.tuple([z.string(), z.int().positive(), z.string()])).min(100),
});
const surnames = z.strictObject({
  ...sourced,
  frequent: z.array(z.string()).min(100),
  particles: z.array(z.string()).min(1),
  beginnings: z.array(z.string()).min(1),
  endings: z.array(z.string()).min(1),
});
const places = z.strictObject({
  ...sourced,
  places: z.array(z.tuple([z.string().regex(/^\d{5}$/), z.string(), z.number().positive()])).min(100),
  streetTypes: z.array(weightedText),
  abbreviations: z.record(z.string(), z.string()),
  streetNames: z.array(z.string()).min(10),
});
const variants = z.strictObject({
  ...sourced,
  nicknames: z.record(z.string(), z.string()),
  lookalikes: z.record(z.string(), z.tuple([z.string(), z.enum(['F', 'M'])])),
  mojibake: z.record(z.string(), z.string()),
  emailDomains: z.array(weightedText),
  emailDomainTypos: z.record(z.string(), z.array(z.string()).min(1)),
  placeholderEmails: z.array(z.string()).min(1),
  phoneBlocks: z.strictObject({
    source: z.string(),
    mobile: z.string().regex(/^\d{6}$/),
    landline: z.record(z.string(), z.string()),
    landlineByRegion: z.record(z.string(), z.string()),
    regionOfDepartment: z.record(z.string(), z.string()),
  }),
});
const texts = z.strictObject({
  ...sourced,
  plainNotes: z.array(z.string()).min(1),
  trapNotes: z.array(z.string()).min(1),
  sensitiveNotes: z.array(z.strictObject({ category: z.string(), text: z.string() })).min(1),
  identifierNotes: z.array(z.strictObject({ kind: z.enum(['iban', 'nir', 'card', 'third-party']), text: z.string() })),
  callSubjects: z.array(z.string()).min(1),
  inboundEmails: z.array(z.tuple([z.string(), z.string()])).min(1),
  outboundEmails: z.array(z.tuple([z.string(), z.string()])).min(1),
  bulkSubjects: z.array(z.string()).min(1),
  eventSubjects: z.array(z.string()).min(1),
  caseSubjects: z.array(z.string()).min(1),
  followUps: z.array(z.strictObject({ category: z.string(), text: z.string() })).min(1),
  holdReasons: z.array(z.string()).min(1),
  organisations: z.array(z.string()).min(1),
  campaigns: z.array(z.tuple([z.string(), z.string(), z.int()])).min(1),
  jobs: z.array(z.string()).min(1),
  notices: z
    .array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        source: z.enum(['paper', 'web', 'phone']),
        versions: z.array(z.string()).length(2),
      }),
    )
    .min(1),
  requests: z.array(z.string()).min(1),
});

const read = <T>(file: string, schema: z.ZodType<T>): T => {
  const url = new URL(`../../config/demo/${file}`, import.meta.url);
  return schema.parse(JSON.parse(readFileSync(url, 'utf8')));
};

/** The names, places and texts that the demo org is made of: `config/demo`, each file with its source and licence. */
export const gazetteer = {
  firstNames: read('firstNames.json', firstNames),
  surnames: read('surnames.json', surnames),
  places: read('places.json', places),
  variants: read('variants.json', variants),
  texts: read('texts.json', texts),
};
