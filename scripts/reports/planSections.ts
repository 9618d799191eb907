import { DUE_SOON, dueSoonOf, type PlanHeader, type PlanTerms } from '../model/plan.ts';
import type { DurationEstimate } from '../plan/file/planFigures.ts';
import type { ShowResult } from '../plan/file/showPlan.ts';
import { html, type Html } from './html.ts';
import { keptBars, stepBars } from './planBars.ts';
import type { PlanView } from './planView.ts';
import { barChart } from './charts.ts';
import { table, type Column } from './table.ts';
import type { TextKey } from './textKeys.ts';
import type { Texts } from './texts.ts';

const inUnit = ({ say }: Texts, seconds: number): string => {
  if (seconds < 90) return say('plan.seconds', { count: seconds });
  if (seconds < 5400) return say('plan.minutes', { count: Math.round(seconds / 60) });
  return say('plan.hours', { count: Math.round(seconds / 360) / 10 });
};

/** `3 min to 12 min`. */
export const durationText = (texts: Texts, { shortest, longest }: DurationEstimate): string =>
  texts.say('plan.duration', { from: inUnit(texts, shortest), to: inUnit(texts, longest) });

/** The first line: `incomplete` with what was hidden, before anything else. */
export const seenSection = (texts: Texts, { completeness }: PlanTerms): Html => {
  const { state, hidden } = completeness;
  if (state === 'complete') return html`<p class="first">${texts.say('plan.allSeen')}</p>`;
  return html`<p class="first incomplete">${texts.say('plan.incomplete', { count: hidden.length })}</p>
    <p><code>${hidden.join(', ')}</code></p>`;
};

/** What would refuse the plan now; nothing when nobody asked the org. */
export const problemSection = ({ shown, texts }: PlanView): Html =>
  shown.problems.length === 0
    ? html``
    : html`<p class="first incomplete">${texts.say('plan.problemsTitle')}</p>
        <ul>
          ${shown.problems.map((one) => html`<li>${one.message}</li>`)}
        </ul>`;

export const figureSection = ({ shown, texts }: PlanView): Html => {
  const { header, figures, quota } = shown;
  const soon = dueSoonOf(header.terms).reduce((sum, { count }) => sum + count, 0);
  const cards: readonly (readonly [string, TextKey, boolean])[] = [
    [texts.number(figures.due), 'plan.figure.due', false],
    [texts.number(figures.kept), 'plan.figure.kept', false],
    ...(soon > 0 ? [[texts.number(soon), 'plan.figure.soon', false] as const] : []),
    [texts.number(header.terms.steps), 'plan.figure.steps', false],
    [texts.percent(header.terms.irreversible), 'plan.figure.irreversible', header.terms.irreversible > 0],
    [texts.number(header.terms.calls), 'plan.figure.calls', false],
    [durationText(texts, figures.duration), 'plan.figure.duration', false],
  ];
  return html`<h2>${texts.say('plan.figures')}</h2>
    <ul class="cards">
      ${cards.map(
        ([value, key, warns]) =>
          html`<li class="${warns ? 'warn' : ''}"><b>${value}</b><span>${texts.say(key)}</span></li>`,
      )}
    </ul>
    <p class="intro">${texts.say(figures.duration.measured ? 'plan.duration.measured' : 'plan.duration.usual')}</p>
    ${quota === null ? html`` : html`<p>${texts.say('plan.quota', quota)}</p>`}
    ${
      quota !== null && quota.needed > quota.budget
        ? html`<p class="first incomplete">${texts.say('plan.quota.short')}</p>`
        : html``
    }`;
};

const legend = ({ say }: Texts): Html =>
  html`<ul class="legend">
    ${(
      [
        ['personal', 'plan.reversible'],
        ['special', 'plan.irreversible'],
      ] as const
    ).map(
      ([tone, key]) =>
        html`<li>
          <svg viewBox="0 0 11 11" aria-hidden="true"><rect width="11" height="11" class="tone-${tone}" /></svg
          >${say(key)}
        </li>`,
    )}
  </ul>`;

type Kind = ShowResult['figures']['kinds'][number];

export const stepSection = (view: PlanView): Html => {
  const { shown, texts, words } = view;
  const { say, number } = texts;
  const title = html`<h2>${say('plan.stepsTitle')}</h2>`;
  if (shown.figures.kinds.length === 0)
    return html`${title}
      <p>${say('plan.stepsNone')}</p>`;
  const columns: readonly Column<Kind>[] = [
    { title: say('plan.object'), cell: (one) => html`<code>${one.object}</code>` },
    { title: say('plan.operation'), cell: (one) => words.operation(one.operation) },
    { title: say('plan.rule'), cell: (one) => one.rule },
    { title: say('plan.count'), cell: (one) => number(one.steps), numeric: true },
    { title: say('plan.irreversible'), cell: (one) => number(one.irreversible), numeric: true },
  ];
  return html`${title}
    <p class="intro">${say('plan.stepsIntro')}</p>
    ${legend(texts)}${barChart('steps', say('plan.stepsIntro'), stepBars(view))}${table(say('plan.stepsTitle'), columns, shown.figures.kinds)}`;
};

type Effect = PlanTerms['effects'][number];

export const effectSection = ({ shown, texts, words }: PlanView): Html => {
  const { say, number } = texts;
  const { effects } = shown.header.terms;
  if (effects.length === 0) return html``;
  const columns: readonly Column<Effect>[] = [
    { title: say('plan.object'), cell: (one) => html`<code>${one.object}</code>` },
    { title: say('plan.effect'), cell: (one) => words.effect(one.effect) },
    { title: say('plan.count'), cell: (one) => number(one.count), numeric: true },
  ];
  return html`<h2>${say('plan.effectsTitle')}</h2>
    ${table(say('plan.effectsTitle'), columns, effects)}`;
};

type ReasonRow = PlanTerms['reasons'][number];

const reasonTable = ({ texts, words }: PlanView, title: string, rows: readonly ReasonRow[]): Html => {
  const { say, number } = texts;
  const columns: readonly Column<ReasonRow>[] = [
    { title: say('plan.rule'), cell: (one) => one.rule },
    { title: say('plan.reason'), cell: (one) => words.reason(one.code) },
    { title: say('plan.people'), cell: (one) => number(one.count), numeric: true },
    { title: say('plan.from'), cell: (one) => one.until?.first ?? '–' },
    { title: say('plan.until'), cell: (one) => one.until?.last ?? '–' },
  ];
  return table(title, columns, rows);
};

export const reasonSections = (view: PlanView): Html => {
  const { say } = view.texts;
  const reasons = (verdict: 'due' | 'kept'): readonly ReasonRow[] =>
    view.shown.header.terms.reasons.filter((one) => one.verdict === verdict);
  const [due, kept] = [reasons('due'), reasons('kept')];
  // those who are announced have a section of their own
  const others = kept.filter(({ code }) => code !== DUE_SOON);
  return html`<h2>${say('plan.dueTitle')}</h2>
    ${due.length === 0 ? html`<p>${say('plan.stepsNone')}</p>` : reasonTable(view, say('plan.dueTitle'), due)}
    <h2>${say('plan.keptTitle')}</h2>
    ${
      kept.length === 0
        ? html`<p>${say('plan.keptNone')}</p>`
        : html`<p class="intro">${say('plan.keptIntro')}</p>
            ${barChart('kept', say('plan.keptIntro'), keptBars(view))}${others.length === 0 ? html`` : reasonTable(view, say('plan.keptTitle'), others)}`
    }`;
};

/** Announced by the `warnBefore` of their rule; nothing when nobody is. */
export const soonSection = (view: PlanView): Html => {
  const { say } = view.texts;
  const soon = dueSoonOf(view.shown.header.terms);
  if (soon.length === 0) return html``;
  return html`<h2>${say('plan.soonTitle')}</h2>
    <p class="intro">${say('plan.soonIntro')}</p>
    ${reasonTable(view, say('plan.soonTitle'), soon)}`;
};

type RuleTerms = PlanTerms['rules'][number];

export const ruleSection = ({ shown, texts }: PlanView): Html => {
  const { say, language } = texts;
  const columns: readonly Column<RuleTerms>[] = [
    { title: say('plan.rule'), cell: (one) => html`<b>${one.key}</b><br />${one.title[language]}` },
    { title: say('plan.people'), cell: (one) => html`<code>${one.people}</code>` },
    { title: say('plan.duration.rule'), cell: (one) => one.duration },
    { title: say('plan.ground'), cell: (one) => one.legalGround[language] },
    { title: say('plan.source'), cell: (one) => one.source },
  ];
  return html`<h2>${say('plan.rulesTitle')}</h2>
    ${table(say('plan.rulesTitle'), columns, shown.header.terms.rules)}`;
};

const versions = (of: Readonly<Record<string, string>>): string =>
  Object.entries(of)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');

/** What a plan is bound to, as pairs of text key and value. */
export const boundRows = ({ terms, digest }: PlanHeader): readonly (readonly [TextKey, string])[] => [
  ['plan.bound.digest', digest],
  ['plan.bound.orgId', `${terms.orgName} (${terms.orgId})`],
  ['plan.bound.userId', terms.userId],
  ['plan.bound.asOf', terms.asOf],
  ['plan.bound.snapshot', terms.snapshot.from],
  ['plan.bound.expiresAt', terms.expiresAt],
  ['plan.bound.toolVersion', terms.toolVersion],
  ['plan.bound.charter', terms.charterDigest],
  ['plan.bound.packs', versions(terms.packs)],
  ['plan.bound.ruleSets', versions(terms.ruleSets)],
  ...(terms.lawSeen ?? []).map(({ rule, by, at }) => ['plan.bound.lawSeen', `${rule}: ${by}, ${at}`] as const),
];

export const boundSection = ({ shown, texts }: PlanView): Html => {
  const columns: readonly Column<readonly [TextKey, string]>[] = [
    { title: texts.say('plan.what'), cell: ([key]) => texts.say(key) },
    { title: texts.say('plan.value'), cell: ([, value]) => html`<code>${value}</code>` },
  ];
  return html`<h2>${texts.say('plan.boundTitle')}</h2>
    ${table(texts.say('plan.boundTitle'), columns, boundRows(shown.header))}`;
};
