import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanHeader } from '../model/plan.ts';
import type { Language } from '../model/text.ts';
import { anonymisationHtml } from '../reports/anonymisationHtml.ts';
import { textsFor } from '../reports/texts.ts';

/** The page beside a plan that anonymises: counts and coarse values of enough people, nobody's own. */
export const writeAnonymisation = async (
  { digest, terms }: PlanHeader,
  { outputDir, language }: { readonly outputDir: string; readonly language: Language },
): Promise<{ readonly anonymisationPath?: string }> => {
  const { anonymisation, orgName, asOf } = terms;
  if (anonymisation === undefined) return {};
  const anonymisationPath = join(outputDir, `plan-${digest.slice(0, 8)}-anonymisation.html`);
  await writeFile(anonymisationPath, anonymisationHtml({ anonymisation, orgName, asOf }, textsFor(language)));
  return { anonymisationPath };
};
