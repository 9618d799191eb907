import type { MatchExplanation } from '../model/matchReport.ts';
import { html, type Html } from './html.ts';
import { waterfallChart } from './matchCharts.ts';
import { matchWords, probabilityText } from './matchWords.ts';
import { reportPage } from './page.ts';
import { table, type Column } from './table.ts';
import type { Texts } from './texts.ts';

/** The first sentence of an explanation: what the two are, how sure, and what is done about it. */
export const verdictText = (texts: Texts, { link, zone, probability }: MatchExplanation): string =>
  texts.say('match.explain.first', {
    link: texts.say(`match.link.${link}`),
    probability: probabilityText(texts, probability),
    zone: texts.say(`match.zone.${zone}`),
  });

type Evidence = MatchExplanation['evidence'][number];

const evidenceTable = (explanation: MatchExplanation, texts: Texts): Html => {
  const { say, number } = texts;
  const words = matchWords(texts);
  const bits = (value: number): string => `${value > 0 ? '+' : ''}${number(Math.round(value * 10) / 10)}`;
  const columns: readonly Column<Evidence>[] = [
    { title: say('match.comparison'), cell: ({ comparison }) => html`<b>${words.comparison(comparison)}</b>` },
    { title: say('match.level'), cell: ({ level }) => words.level(level) },
    { title: say('match.weight'), cell: ({ weight }) => bits(weight), numeric: true },
    { title: say('match.explain.frequency'), cell: ({ frequency }) => bits(frequency), numeric: true },
  ];
  return table(say('match.explain.evidence'), columns, explanation.evidence);
};

const notes = ({ decision, excluded }: MatchExplanation, { say }: Texts): readonly Html[] => [
  ...(decision === undefined ? [] : [html`<p class="first">${say(`match.explain.decided.${decision}`)}</p>`]),
  ...(excluded ? [html`<p class="first incomplete">${say('match.explain.excluded')}</p>`] : []),
];

/** Why two records are held to be one, or not, as one HTML page: waterfall and table, ids but no value of a record. */
export const matchExplainHtml = (explanation: MatchExplanation, texts: Texts): string => {
  const { say } = texts;
  const { a, b } = explanation;
  const title = say('match.explain.title', { a, b });
  const evidence =
    explanation.evidence.length === 0
      ? html`<p>${say('match.explain.none')}</p>`
      : html`<p class="intro">${say('match.explain.waterfall')}</p>
          ${waterfallChart('waterfall', explanation, matchWords(texts), texts)}${evidenceTable(explanation, texts)}`;
  return reportPage(texts, title, [
    html`<p class="first">${verdictText(texts, explanation)}</p>`,
    ...notes(explanation, texts),
    html`<header><h1>${title}</h1></header>`,
    html`<h2>${say('match.explain.evidence')}</h2>
      ${evidence}`,
    html`<footer>${say('match.explain.footer')}</footer>`,
  ]);
};
