import type { PlanDiff, StepDiff } from '../plan/file/diffPlans.ts';
import { barChart } from './charts.ts';
import { html, type Html } from './html.ts';
import { reportPage } from './page.ts';
import { seenSection } from './planSections.ts';
import type { PlanWords } from './planWords.ts';
import { table, type Column } from './table.ts';
import { TEXT_KEYS } from './textKeys.ts';
import type { Texts } from './texts.ts';

export type PlanDiffView = { readonly diff: PlanDiff; readonly texts: Texts; readonly words: PlanWords };

const CHANGES = ['due-now', 'kept-now', 'appeared', 'gone', 'other-reason', 'other-steps'] as const;
const TONES = [
  ['added', 'special'],
  ['changed', 'high'],
  ['removed', 'technical'],
] as const;

const peopleSection = ({ diff, texts }: PlanDiffView): Html =>
  html`<h2>${texts.say('plan.diff.peopleTitle')}</h2>
    <ul class="cards">
      ${CHANGES.map(
        (change) =>
          html`<li class="${change === 'due-now' && diff.people[change] > 0 ? 'warn' : ''}">
            <b>${texts.number(diff.people[change])}</b><span>${texts.say(`plan.diff.change.${change}`)}</span>
          </li>`,
      )}
    </ul>
    <p class="intro">${texts.say('plan.diff.same', { count: diff.unchanged })}</p>`;

const legend = (texts: Texts): Html =>
  html`<ul class="legend">
    ${TONES.map(
      ([what, tone]) =>
        html`<li>
          <svg viewBox="0 0 11 11" aria-hidden="true"><rect width="11" height="11" class="tone-${tone}" /></svg
          >${texts.say(`plan.diff.${what}`)}
        </li>`,
    )}
  </ul>`;

const stepSection = ({ diff, texts, words }: PlanDiffView): Html => {
  const { say, number } = texts;
  const title = html`<h2>${say('plan.diff.stepsTitle')}</h2>`;
  if (diff.steps.length === 0)
    return html`${title}
      <p>${say('plan.diff.stepsNone')}</p>`;
  const bars = diff.steps.map((one) => ({
    label: `${words.operation(one.operation)}: ${one.object}`,
    parts: TONES.map(([what, tone]) => ({ value: one[what], tone })),
    shown: `+${number(one.added)} ~${number(one.changed)} −${number(one.removed)}`,
  }));
  const columns: readonly Column<StepDiff>[] = [
    { title: say('plan.object'), cell: (one) => html`<code>${one.object}</code>` },
    { title: say('plan.operation'), cell: (one) => words.operation(one.operation) },
    { title: say('plan.rule'), cell: (one) => one.rule },
    ...TONES.map(([what]) => ({
      title: say(`plan.diff.${what}`),
      cell: (one: StepDiff) => number(one[what]),
      numeric: true,
    })),
  ];
  return html`${title}
    <p class="intro">${say('plan.diff.stepsIntro')}</p>
    ${legend(texts)}${barChart('steps', say('plan.diff.stepsIntro'), bars)}${table(say('plan.diff.stepsTitle'), columns, diff.steps)}`;
};

const boundName = (texts: Texts, what: string): string => {
  const key = TEXT_KEYS.find((one) => one === `plan.bound.${what}`);
  return key === undefined ? what : texts.say(key);
};

const termSection = ({ diff, texts }: PlanDiffView): Html => {
  const { say } = texts;
  const title = html`<h2>${say('plan.diff.termsTitle')}</h2>`;
  if (diff.terms.length === 0)
    return html`${title}
      <p>${say('plan.diff.termsNone')}</p>`;
  const columns: readonly Column<PlanDiff['terms'][number]>[] = [
    { title: say('plan.what'), cell: (one) => boundName(texts, one.what) },
    { title: say('plan.diff.before'), cell: (one) => html`<code>${one.before}</code>` },
    { title: say('plan.diff.after'), cell: (one) => html`<code>${one.after}</code>` },
  ];
  return html`${title}${table(say('plan.diff.termsTitle'), columns, diff.terms)}`;
};

/** What changed between two plans, as one HTML page: counts, without names or record ids. */
export const planDiffHtml = (view: PlanDiffView, timeZone: string): string => {
  const { diff, texts } = view;
  const { before, after } = diff;
  const title = texts.say('plan.diff.title');
  const plans = {
    before: before.digest.slice(0, 8),
    beforeDate: texts.instant(before.createdAt, timeZone),
    after: after.digest.slice(0, 8),
    afterDate: texts.instant(after.createdAt, timeZone),
  };
  const header = html`<header>
    <h1>${title}</h1>
    <p class="meta">
      ${texts.say('plan.org', { name: after.terms.orgName, id: after.terms.orgId })}<br />${texts.say('plan.diff.plans', plans)}
    </p>
  </header>`;
  return reportPage(texts, title, [
    seenSection(texts, after.terms),
    header,
    peopleSection(view),
    stepSection(view),
    termSection(view),
    html`<footer>${texts.say('plan.footer')}</footer>`,
  ]);
};
