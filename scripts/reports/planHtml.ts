import { html } from './html.ts';
import { reportPage } from './page.ts';
import { anonymisationSection } from './anonymisationHtml.ts';
import {
  boundSection,
  effectSection,
  figureSection,
  problemSection,
  reasonSections,
  ruleSection,
  soonSection,
  seenSection,
  stepSection,
} from './planSections.ts';
import type { PlanView } from './planView.ts';

/**
 * A plan as one HTML page: counts, reasons and what it is bound to, without names or record ids, so that it may lie in
 * a folder or be printed for a board. `timeZone` is the controller's.
 */
export const planHtml = (view: PlanView, timeZone: string): string => {
  const { texts, shown } = view;
  const { terms, digest, createdAt } = shown.header;
  const title = texts.say(terms.kind === 'undo' ? 'plan.title.undo' : 'plan.title');
  const header = html`<header>
    <h1>${title}</h1>
    <p class="meta">
      ${texts.say('plan.org', { name: terms.orgName, id: terms.orgId })}<br />${texts.say('plan.plan', { plan: digest.slice(0, 8), date: texts.instant(createdAt, timeZone) })}<br />${texts.say('plan.asOf', { date: terms.asOf, expires: texts.instant(terms.expiresAt, timeZone) })}
    </p>
  </header>`;
  return reportPage(texts, title, [
    seenSection(texts, terms),
    header,
    problemSection(view),
    figureSection(view),
    anonymisationSection(view),
    stepSection(view),
    effectSection(view),
    soonSection(view),
    reasonSections(view),
    ruleSection(view),
    boundSection(view),
    html`<footer>${texts.say('plan.footer')}</footer>`,
  ]);
};
