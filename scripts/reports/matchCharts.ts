import type { MatchExplanation, MatchReport } from '../model/matchReport.ts';
import { html, type Html } from './html.ts';
import { probabilityText, type MatchWords } from './matchWords.ts';
import type { Texts } from './texts.ts';

const WIDTH = 760;
const HEIGHT = 220;
const LEFT = 46;
const BOTTOM = 34;
/** log2 odds at both ends of the histogram. */
const EDGE = 25;

const xOf = (odds: number): number =>
  LEFT + ((Math.max(-EDGE, Math.min(EDGE, odds)) + EDGE) / (2 * EDGE)) * (WIDTH - LEFT - 8);

export const oddsOf = (probability: number): number => {
  if (probability <= 0) return -EDGE;
  return probability >= 1 ? EDGE : Math.log2(probability / (1 - probability));
};

const toneOf = (odds: number, { review, auto }: Pick<MatchReport, 'review' | 'auto'>): string => {
  if (odds >= oddsOf(auto)) return 'personal';
  return odds >= oddsOf(review) ? 'high' : 'technical';
};

/** A line where a zone begins, with its name on one side. */
const zoneLine = (probability: number, label: string, side: 'start' | 'end'): Html => {
  const x = xOf(oddsOf(probability)).toFixed(1);
  return html`<line x1="${x}" x2="${x}" y1="4" y2="${HEIGHT - BOTTOM}" stroke="#1c2733" stroke-dasharray="4 3" /><text
      x="${x}"
      dx="${side === 'end' ? -4 : 4}"
      text-anchor="${side}"
      y="12"
      class="bar-label"
      >${label}</text
    >`;
};

const TICKS = [0.000001, 0.001, 0.1, 0.5, 0.9, 0.999, 0.999999];

/** Scored pairs by probability, heights by powers of ten, a line where each zone begins. */
export const scoreHistogram = (id: string, report: MatchReport, texts: Texts): Html => {
  const { histogram } = report;
  const top = Math.max(1, ...histogram.map((count) => Math.log10(count + 1)));
  const step = (2 * EDGE) / Math.max(1, histogram.length);
  const base = HEIGHT - BOTTOM;
  const bars = histogram.map((count, i) => {
    const from = -EDGE + i * step;
    const height = (Math.log10(count + 1) / top) * (base - 14);
    const x = xOf(from);
    const width = Math.max(1, xOf(from + step) - x - 1);
    return html`<rect
      x="${x.toFixed(1)}"
      y="${(base - height).toFixed(1)}"
      width="${width.toFixed(1)}"
      height="${height.toFixed(1)}"
      class="tone-${toneOf(from + step / 2, report)}"
    />`;
  });
  const ticks = TICKS.map(
    (probability) =>
      html`<text x="${xOf(oddsOf(probability)).toFixed(1)}" y="${base + 16}" text-anchor="middle" class="bar-value"
        >${probabilityText(texts, probability)}</text
      >`,
  );
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}">
    <title id="${id}">${texts.say('match.histogramIntro')}</title>
    ${bars}
    <line x1="${LEFT}" x2="${WIDTH - 8}" y1="${base}" y2="${base}" stroke="#5a6b7b" />
    ${ticks}
    <text x="${WIDTH / 2}" y="${HEIGHT - 3}" text-anchor="middle" class="bar-value">
      ${texts.say('match.histogramAxis')}
    </text>
    ${zoneLine(report.review, texts.say('match.zone.review'), 'end')}${zoneLine(report.auto, texts.say('match.zone.auto'), 'start')}
  </svg>`;
};

type Step = { readonly label: string; readonly from: number; readonly to: number; readonly total: boolean };

/** The prior, each comparison's weight (rarity included), and the sum: in bits. */
export const waterfallSteps = (explanation: MatchExplanation, words: MatchWords, texts: Texts): readonly Step[] => {
  let at = explanation.prior;
  const steps: Step[] = [{ label: texts.say('match.explain.prior'), from: 0, to: at, total: true }];
  for (const { comparison, level, weight, frequency } of explanation.evidence) {
    const next = at + weight + frequency;
    if (next !== at) steps.push({ label: words.both(comparison, level), from: at, to: next, total: false });
    at = next;
  }
  return [...steps, { label: texts.say('match.explain.sum'), from: 0, to: at, total: true }];
};

const ROW = 26;
const LABEL = 300;

const signed = (texts: Texts, value: number): string =>
  `${value > 0 ? '+' : ''}${texts.number(Math.round(value * 10) / 10)}`;

/** How the evidence adds up, as a waterfall: inline SVG, to be read with the table that says the same. */
export const waterfallChart = (id: string, explanation: MatchExplanation, words: MatchWords, texts: Texts): Html => {
  const steps = waterfallSteps(explanation, words, texts);
  const low = Math.min(0, ...steps.map(({ to }) => to));
  const high = Math.max(0, ...steps.map(({ to }) => to));
  const scale = (WIDTH - LABEL - 70) / Math.max(1, high - low);
  const x = (bits: number): number => LABEL + (bits - low) * scale;
  const height = steps.length * ROW + 6;
  const bars = steps.map(({ label, from, to, total }, i) => {
    const y = i * ROW + 4;
    const start = Math.min(x(from), x(to));
    const width = Math.max(1.5, Math.abs(x(to) - x(from)));
    const tone = total ? 'technical' : to >= from ? 'personal' : 'special';
    const shown = label.length > 44 ? `${label.slice(0, 43)}…` : label;
    return html`<text x="${LABEL - 10}" y="${y + 12.5}" text-anchor="end" class="bar-label">${shown}</text
      ><rect x="${start.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="16" class="tone-${tone}" /><text
        x="${(start + width + 6).toFixed(1)}"
        y="${y + 12.5}"
        class="bar-value"
        >${signed(texts, total ? to : to - from)}</text
      >`;
  });
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}">
    <title id="${id}">${texts.say('match.explain.waterfall')}</title>
    <line x1="${x(0).toFixed(1)}" x2="${x(0).toFixed(1)}" y1="0" y2="${height}" stroke="#5a6b7b" />
    ${bars}
  </svg>`;
};
