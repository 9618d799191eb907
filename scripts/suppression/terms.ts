import { z } from 'zod';
import type { Result } from '../kernel/result.ts';
import { parseYaml } from '../model/parseYaml.ts';
import { period } from '../model/period.ts';
import { localisedText, source } from '../model/text.ts';

const SHORTEST_YEARS = 3;

/** config/suppression/list.yml: purpose, ground and period of the suppression list. */
export const suppressionTerms = z.strictObject({
  sources: z.array(source).min(1),
  purpose: localisedText,
  basis: localisedText,
  keep: period.refine(({ years = 0 }) => years >= SHORTEST_YEARS, 'at least P3Y'),
  keepErasures: period,
});
export type SuppressionTerms = z.infer<typeof suppressionTerms>;

export const parseSuppressionTerms = (text: string, file = 'list.yml'): Result<SuppressionTerms> =>
  parseYaml(suppressionTerms, text, { code: 'SuppressionTermsNotValid', file });
