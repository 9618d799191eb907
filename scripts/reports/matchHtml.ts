import type { MatchReport, ReportedEstimate } from '../model/matchReport.ts';
import { html, type Html } from './html.ts';
import { scoreHistogram } from './matchCharts.ts';
import {
  blockingSection,
  capSection,
  columnSection,
  curveSection,
  largestSection,
  leftSection,
  weightSection,
} from './matchSections.ts';
import { probabilityText } from './matchWords.ts';
import { reportPage } from './page.ts';
import { table, type Column } from './table.ts';
import type { Texts } from './texts.ts';

/** A run and the language it is told in. */
export type MatchView = { readonly report: MatchReport; readonly texts: Texts };

type Figure = { readonly shown: string; readonly label: string; readonly detail?: string };

const estimateFigure = (texts: Texts, estimate: ReportedEstimate, label: string): Figure => ({
  shown: probabilityText(texts, estimate.value),
  label,
  detail: texts.say('match.interval', {
    low: probabilityText(texts, estimate.low),
    high: probabilityText(texts, estimate.high),
  }),
});

const figureSection = ({ report, texts }: MatchView): Html => {
  const { say, number } = texts;
  const figures: readonly Figure[] = [
    { shown: number(report.clusters), label: say('match.figure.clusters') },
    { shown: number(report.rowsInClusters), label: say('match.figure.inClusters') },
    { shown: number(report.byZone.review), label: say('match.figure.review') },
    { shown: number(report.households), label: say('match.figure.households') },
    estimateFigure(texts, report.precision, say('match.figure.precision')),
    estimateFigure(texts, report.recall, say('match.figure.recall')),
  ];
  return html`<h2>${say('match.figures')}</h2>
    <ul class="cards">
      ${figures.map(
        ({ shown, label, detail }) =>
          html`<li><b>${shown}</b><span>${label}${detail === undefined ? '' : html`<br />${detail}`}</span></li>`,
      )}
    </ul>`;
};

type ZoneRow = { readonly zone: 'auto' | 'review'; readonly begins: number };

const zoneSection = ({ report, texts }: MatchView): Html => {
  const { say, number } = texts;
  const columns: readonly Column<ZoneRow>[] = [
    { title: say('match.zone'), cell: ({ zone }) => say(`match.zone.${zone}`) },
    {
      title: say('match.from'),
      cell: ({ begins }) => say('match.zoneFrom', { probability: probabilityText(texts, begins) }),
    },
    { title: say('match.pairs'), cell: ({ zone }) => number(report.byZone[zone]), numeric: true },
  ];
  const rows: readonly ZoneRow[] = [
    { zone: 'auto', begins: report.auto },
    { zone: 'review', begins: report.review },
  ];
  return html`<h2>${say('match.zoneTitle')}</h2>
    ${table(say('match.zoneTitle'), columns, rows)}
    <p class="intro">${say('match.zoneTarget', { share: probabilityText(texts, report.targetError) })}</p>`;
};

/**
 * A matching run as one HTML page: numbers, and ids of the largest groups; no value of a record. `timeZone` is the
 * controller's, or the machine's.
 */
export const matchHtml = (view: MatchView, timeZone: string): string => {
  const { report, texts } = view;
  const { say } = texts;
  const date = texts.instant(report.at, timeZone);
  const header = html`<header>
    <h1>${say('match.title')}</h1>
    <p class="meta">${say('match.madeOn', { subject: report.subject, rows: report.rows, date })}</p>
  </header>`;
  return reportPage(texts, say('match.title'), [
    html`<p class="first">${say('match.first', { clusters: report.clusters, review: report.byZone.review })}</p>`,
    header,
    figureSection(view),
    html`<h2>${say('match.histogramTitle')}</h2>
      <p class="intro">${say('match.histogramIntro')}</p>
      ${scoreHistogram('scores', report, texts)}`,
    zoneSection(view),
    curveSection(view),
    blockingSection(view),
    largestSection(view),
    leftSection(view),
    capSection(view),
    weightSection(view),
    columnSection(view),
    html`<footer>${say('match.footer')}</footer>`,
  ]);
};
