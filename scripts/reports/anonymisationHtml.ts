import type {
  AnonymisationPlan,
  ClassReport,
  Finding,
  Generalisation,
  Verdict,
} from '../disposal/anonymity/contract.ts';
import type { Cell, Totals } from '../disposal/anonymity/totals.ts';
import { html, type Html } from './html.ts';
import { reportPage } from './page.ts';
import { table } from './table.ts';
import type { TextKey } from './textKeys.ts';
import type { Texts } from './texts.ts';

/** What the page tells of one statistic. */
export type StatisticOfReport = {
  /** Its key in the charter. */
  readonly name: string;
  /** People a cell has at least. */
  readonly k: number;
  /** Names of the dimensions; totals by the first `firm` of them are equal. */
  readonly dimensions: readonly string[];
  readonly firm: number;
  readonly totals: Omit<Totals, 'placeOf'>;
};

export type AnonymisationReport = {
  readonly orgName: string;
  /** The people's object, by its label. */
  readonly object: string;
  readonly asOf: string;
  readonly k: number;
  readonly l: number;
  readonly plan: Omit<AnonymisationPlan, 'outcomes' | 'classes'>;
  /** The smallest groups. */
  readonly classes: readonly ClassReport[];
  readonly verdict: Verdict;
  readonly statistics: readonly StatisticOfReport[];
};

const verdictLine = (verdict: Verdict, texts: Texts): Html => {
  if (verdict.word === 'anonymised') return html`<p class="first">${texts.say('anonymisation.anonymised')}</p>`;
  const text =
    verdict.until === null
      ? texts.say('anonymisation.pseudonymised')
      : texts.say('anonymisation.pseudonymisedUntil', { until: verdict.until });
  return html`<p class="first incomplete">${text}</p>`;
};

const figures = ({ plan, k, l }: AnonymisationReport, texts: Texts): Html => {
  const shown = (['people', 'toDo', 'kReached', 'lReached', 'suppressed'] as const).flatMap((name) => {
    const value = plan[name];
    return value === null ? [] : [{ name, value }];
  });
  return html`<ul class="cards">
    ${shown.map(
      ({ name, value }) =>
        html`<li><b>${texts.number(value)}</b><span>${texts.say(`anonymisation.figure.${name}`, { k, l })}</span></li>`,
    )}
  </ul>`;
};

const generalisations = ({ plan }: AnonymisationReport, texts: Texts): Html => {
  const title = texts.say('anonymisation.generalisationsTitle');
  const columns = [
    { title: texts.say('anonymisation.field'), cell: ({ key }: Generalisation) => key },
    {
      title: texts.say('anonymisation.step'),
      cell: ({ step }: Generalisation) => texts.say(`anonymisation.step.${step}` as TextKey),
    },
    {
      title: texts.say('anonymisation.level'),
      cell: ({ level, levels }: Generalisation) => `${texts.number(level + 1)} / ${texts.number(levels)}`,
      numeric: true,
    },
  ];
  const emptied =
    plan.emptied.length === 0
      ? html``
      : html`<p>${texts.say('anonymisation.emptied', { fields: plan.emptied.join(', ') })}</p>`;
  return html`<h2>${title}</h2>
    ${table(title, columns, plan.generalisations)}${emptied}`;
};

type Size = AnonymisationPlan['sizes'][number];

const sizes = ({ plan }: AnonymisationReport, texts: Texts): Html => {
  const title = texts.say('anonymisation.sizesTitle');
  const range = ({ from, to }: Size): string =>
    to === null
      ? `≥ ${texts.number(from)}`
      : from === to
        ? texts.number(from)
        : `${texts.number(from)}–${texts.number(to)}`;
  return html`<h2>${title}</h2>
    ${table(
      title,
      [
        { title: texts.say('anonymisation.size'), cell: range },
        { title: texts.say('anonymisation.groups'), cell: ({ groups }: Size) => texts.number(groups), numeric: true },
        { title: texts.say('anonymisation.people'), cell: ({ people }: Size) => texts.number(people), numeric: true },
      ],
      plan.sizes,
    )}`;
};

const common = ({ values }: ClassReport, texts: Texts): string => {
  const told = Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [`${key}: ${String(value)}`]));
  return told.length === 0 ? texts.say('anonymisation.noValues') : told.join(' · ');
};

const smallest = ({ classes }: AnonymisationReport, texts: Texts): Html => {
  const title = texts.say('anonymisation.smallestTitle');
  return html`<h2>${title}</h2>
    ${table(
      title,
      [
        { title: texts.say('anonymisation.values'), cell: (one: ClassReport) => common(one, texts) },
        {
          title: texts.say('anonymisation.people'),
          cell: ({ people }: ClassReport) => texts.number(people),
          numeric: true,
        },
      ],
      classes,
    )}`;
};

const nameOf = ({ values, isRest }: Cell, firm: number, texts: Texts): string => {
  const told = (isRest ? values.slice(0, firm) : values).map((value) => value ?? '–');
  return [...told, ...(isRest ? [texts.say('anonymisation.rest')] : [])].join(' · ') || texts.say('anonymisation.all');
};

const amount = (sum: bigint, texts: Texts): string => texts.number(Number(sum) / 100);

type Both = { readonly name: string; readonly before: Cell | undefined; readonly after: Cell | undefined };

/** Cells that stay stand beside themselves; rest cells have nothing before them. */
const sideBySide = ({ totals, firm }: StatisticOfReport, texts: Texts): readonly Both[] => {
  const keyOf = ({ values, isRest }: Cell): string => JSON.stringify([values, isRest]);
  const before = new Map(totals.before.map((cell) => [keyOf(cell), cell]));
  const after = new Map(totals.after.map((cell) => [keyOf(cell), cell]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const any = after.get(key) ?? before.get(key);
    return any === undefined
      ? []
      : [{ name: nameOf(any, firm, texts), before: before.get(key), after: after.get(key) }];
  });
};

const statisticSection =
  (texts: Texts) =>
  (one: StatisticOfReport): Html => {
    const title = texts.say('anonymisation.totalsTitle');
    const cellOf = (cell: Cell | undefined): string => (cell === undefined ? '–' : amount(cell.sum, texts));
    const firm = one.dimensions.slice(0, one.firm).join(' · ') || texts.say('anonymisation.all');
    return html`<h2>${title}</h2>
      <p class="intro">${texts.say('anonymisation.totalsIntro', { statistic: one.name, k: one.k, firm })}</p>
      ${table(
        `${title}: ${one.name}`,
        [
          { title: texts.say('anonymisation.cell'), cell: ({ name }: Both) => name },
          { title: texts.say('anonymisation.before'), cell: ({ before }: Both) => cellOf(before), numeric: true },
          { title: texts.say('anonymisation.after'), cell: ({ after }: Both) => cellOf(after), numeric: true },
          {
            title: texts.say('anonymisation.people'),
            // how few people a suppressed cell has is what its suppression hides
            cell: ({ after }: Both) => (after === undefined ? `< ${texts.number(one.k)}` : texts.number(after.people)),
            numeric: true,
          },
        ],
        sideBySide(one, texts),
      )}`;
  };

const findings = ({ verdict }: AnonymisationReport, texts: Texts): Html => {
  const title = texts.say('anonymisation.findingsTitle');
  if (verdict.word === 'anonymised')
    return html`<h2>${title}</h2>
      <p>${texts.say('anonymisation.noFindings')}</p>`;
  return html`<h2>${title}</h2>
    ${table(
      title,
      [
        {
          title: texts.say('anonymisation.finding'),
          cell: ({ check, code }: Finding) =>
            `${texts.say(`anonymisation.finding.${code}`)} (${texts.say(`anonymisation.check.${check}`)})`,
        },
        { title: texts.say('anonymisation.place'), cell: ({ place }: Finding) => place ?? '–' },
        {
          title: texts.say('anonymisation.count'),
          cell: ({ count }: Finding) => (count === undefined ? '–' : texts.number(count)),
          numeric: true,
        },
        {
          title: texts.say('anonymisation.until'),
          cell: ({ until }: Finding) => until ?? texts.say('anonymisation.noEnd'),
        },
      ],
      verdict.findings,
    )}`;
};

/**
 * An anonymisation as one HTML page: which word may be said and why, what k was reached, how far each field was made
 * coarser, the groups by size, totals before and after. Sums of suppressed cells stand in the column before only: the
 * page is for who decides, and is a named report until the plan was carried out.
 */
export const anonymisationHtml = (report: AnonymisationReport, texts: Texts): string => {
  const title = texts.say('anonymisation.title');
  return reportPage(texts, title, [
    verdictLine(report.verdict, texts),
    html`<header>
      <h1>${title}</h1>
      <p class="meta">
        ${texts.say('anonymisation.org', { name: report.orgName, object: report.object, date: report.asOf })}
      </p>
    </header>`,
    figures(report, texts),
    findings(report, texts),
    generalisations(report, texts),
    sizes(report, texts),
    smallest(report, texts),
    ...report.statistics.map(statisticSection(texts)),
    html`<footer>${texts.say('anonymisation.footer')}</footer>`,
  ]);
};
