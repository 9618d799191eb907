import type { AnonymisationTerms } from '../model/anonymisation.ts';
import type { PlanTerms } from '../model/plan.ts';
import {
  findingsSection,
  peopleSection,
  pseudonymSection,
  statisticSections,
  wordsLine,
} from './anonymisationSections.ts';
import { html, type Html } from './html.ts';
import { reportPage } from './page.ts';
import type { PlanView } from './planView.ts';
import type { Texts } from './texts.ts';

/** What a page about a plan tells of anonymisation and pseudonyms; nothing when everybody keeps their name. */
export const anonymisationSection = ({ shown, texts }: PlanView): Html => {
  const { anonymisation, pseudonymisation } = shown.header.terms;
  if (pseudonymisation !== undefined) {
    const given = pseudonymSection(pseudonymisation, texts);
    return anonymisation === undefined ? given : html`${given}${anonymisedSection(anonymisation, texts)}`;
  }
  return anonymisation === undefined ? html`` : anonymisedSection(anonymisation, texts);
};

const anonymisedSection = (anonymisation: AnonymisationTerms, texts: Texts): Html =>
  html`${wordsLine(anonymisation, texts)}${findingsSection(anonymisation, texts)}${statisticSections(anonymisation, texts)}`;

/**
 * The anonymisation of a plan as one HTML page: which word may be said of how many and what speaks against the other,
 * what k was reached, how far each field was made coarser, the groups by size, totals before and after. Counts and coarse
 * values of enough people only: it may lie in a folder.
 */
export const anonymisationHtml = (
  terms: Pick<PlanTerms, 'orgName' | 'asOf'> & { readonly anonymisation: AnonymisationTerms },
  texts: Texts,
): string => {
  const title = texts.say('anonymisation.title');
  const { anonymisation, orgName, asOf } = terms;
  return reportPage(texts, title, [
    wordsLine(anonymisation, texts),
    html`<header>
      <h1>${title}</h1>
      <p class="meta">${texts.say('anonymisation.org', { name: orgName, date: asOf })}</p>
    </header>`,
    findingsSection(anonymisation, texts),
    ...anonymisation.people.map(peopleSection(texts)),
    statisticSections(anonymisation, texts),
    html`<footer>${texts.say('anonymisation.footer')}</footer>`,
  ]);
};
