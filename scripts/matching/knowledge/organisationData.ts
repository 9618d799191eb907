import { z } from 'zod';
import { source } from '../../model/text.ts';

const word = z.string().min(1);

/** config/matching/organisations.yml */
export const organisationData = z.strictObject({
  source,
  forms: z.record(z.string(), z.array(word)),
  ends: z.array(word),
  articles: z.array(word),
  abbreviations: z.record(z.string(), word),
  sections: z.array(word),
  marks: z.array(word),
});
export type OrganisationData = z.infer<typeof organisationData>;
