import type { MatchReport } from '../model/matchReport.ts';
import { shareBar } from './charts.ts';
import { html, type Html } from './html.ts';
import { precisionRecallCurve, type CurvePoint } from './matchCurve.ts';
import { matchWords, probabilityText } from './matchWords.ts';
import { table, type Column } from './table.ts';
import type { Texts } from './texts.ts';

type View = { readonly report: MatchReport; readonly texts: Texts };

export const curveSection = ({ report, texts }: View): Html => {
  const { say } = texts;
  const share = (value: number): Html => html`${probabilityText(texts, value)}${shareBar(value, 'personal')}`;
  const columns: readonly Column<CurvePoint>[] = [
    { title: say('match.threshold'), cell: ({ probability }) => probabilityText(texts, probability) },
    { title: say('match.precision'), cell: ({ precision }) => share(precision), numeric: true },
    { title: say('match.recall'), cell: ({ recall }) => share(recall), numeric: true },
  ];
  return html`<h2>${say('match.curveTitle')}</h2>
    <p class="intro">${say('match.curveIntro')}</p>
    ${table(say('match.curveTitle'), columns, precisionRecallCurve(report))}`;
};

type Rule = MatchReport['blocking'][number];

export const blockingSection = ({ report, texts }: View): Html => {
  const { say, number } = texts;
  const columns: readonly Column<Rule>[] = [
    { title: say('match.rule'), cell: ({ name }) => html`<code>${name}</code>` },
    { title: say('match.blocks'), cell: ({ blocks }) => number(blocks), numeric: true },
    { title: say('match.candidates'), cell: ({ candidates }) => number(candidates), numeric: true },
    {
      title: say('match.recall'),
      cell: ({ recall }) => html`${texts.percent(recall)}${shareBar(recall, 'personal')}`,
      numeric: true,
    },
    { title: say('match.leftOut'), cell: ({ skippedPairs }) => number(skippedPairs), numeric: true },
    { title: say('match.tightened'), cell: ({ tightened }) => tightened.join('; ') },
  ];
  return html`<h2>${say('match.blockingTitle')}</h2>
    <p class="intro">${say('match.blockingIntro')}</p>
    ${table(say('match.blockingTitle'), columns, report.blocking)}`;
};

export const largestSection = ({ report, texts }: View): Html => {
  const { say, number } = texts;
  const title = html`<h2>${say('match.largestTitle')}</h2>`;
  if (report.largest.length === 0)
    return html`${title}
      <p>${say('match.largestNone')}</p>`;
  const columns: readonly Column<MatchReport['largest'][number]>[] = [
    { title: say('match.cluster'), cell: ({ cluster }) => html`<code>${cluster}</code>` },
    { title: say('match.size'), cell: ({ size }) => number(size), numeric: true },
  ];
  return html`${title}
    <p class="intro">${say('match.largestIntro')}</p>
    ${table(say('match.largestTitle'), columns, report.largest)}`;
};

export const leftSection = ({ report, texts }: View): Html => {
  const { say, number } = texts;
  const rows = (['unmatchable', 'excluded', 'decided'] as const).map((what) => ({ what, count: report[what] }));
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { title: say('match.leftTitle'), cell: ({ what }) => say(`match.left.${what}`) },
    { title: say('match.count'), cell: ({ count }) => number(count), numeric: true },
  ];
  return html`<h2>${say('match.leftTitle')}</h2>
    ${table(say('match.leftTitle'), columns, rows)}`;
};

export const capSection = ({ report, texts }: View): Html => {
  const { say, number } = texts;
  const title = html`<h2>${say('match.capsTitle')}</h2>`;
  if (report.caps.length === 0)
    return html`${title}
      <p>${say('match.capsNone')}</p>`;
  const columns: readonly Column<MatchReport['caps'][number]>[] = [
    { title: say('match.cap'), cell: ({ what }) => matchWords(texts).cap(what) },
    { title: say('match.count'), cell: ({ count }) => number(count), numeric: true },
  ];
  return html`${title}${table(say('match.capsTitle'), columns, report.caps)}`;
};

export const weightSection = ({ report, texts }: View): Html => {
  const { say, number } = texts;
  const words = matchWords(texts);
  const rows = report.comparisons.flatMap(({ name, levels }) =>
    levels
      .filter((level) => level.name !== 'missing')
      .map((level) => ({ comparison: name, level: level.name, weight: level.weight })),
  );
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { title: say('match.comparison'), cell: ({ comparison }) => words.comparison(comparison) },
    { title: say('match.level'), cell: ({ level }) => words.level(level) },
    {
      title: say('match.weight'),
      cell: ({ weight }) => `${weight > 0 ? '+' : ''}${number(Math.round(weight * 10) / 10)}`,
      numeric: true,
    },
  ];
  return html`<h2>${say('match.weightsTitle')}</h2>
    <p class="intro">${say('match.weightsIntro')}</p>
    ${table(say('match.weightsTitle'), columns, rows)}`;
};

type ColumnRow = MatchReport['tables'][number]['columns'][number];

export const columnSection = ({ report, texts }: View): Html => {
  const { say } = texts;
  const columns: readonly Column<ColumnRow>[] = [
    { title: say('match.column'), cell: ({ name }) => html`<code>${name}</code>` },
    { title: say('match.role'), cell: ({ role }) => html`<code>${role}</code>` },
    {
      title: say('match.by'),
      cell: ({ by, confidence }) =>
        by === 'guess' ? `${say('match.by.guess')} (${texts.percent(confidence)})` : say(`match.by.${by}`),
    },
  ];
  return html`<h2>${say('match.columnsTitle')}</h2>
    <p class="intro">${say('match.columnsIntro')}</p>
    ${report.tables.map(
      ({ name, rows, columns: own }) =>
        html`<h3>${name} <span class="quiet">${texts.number(rows)}</span></h3>
          ${table(name, columns, own)}`,
    )}`;
};
