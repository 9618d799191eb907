import { html, type Html } from './html.ts';

export type BarPart = { readonly value: number; readonly tone: string };
export type Bar = { readonly label: string; readonly parts: readonly BarPart[]; readonly shown: string };

const WIDTH = 760;
const LABEL = 250;
const VALUE = 90;
const ROW = 26;
const THICK = 16;

const totalOf = (bar: Bar): number => bar.parts.reduce((sum, part) => sum + part.value, 0);

const shortened = (label: string): string => (label.length > 34 ? `${label.slice(0, 33)}…` : label);

const drawBar = (bar: Bar, i: number, scale: number): Html => {
  const y = i * ROW + 4;
  let x = LABEL;
  const parts = bar.parts
    .filter((part) => part.value > 0)
    .map((part) => {
      const width = Math.max(1.5, part.value * scale);
      const drawn = html`<rect
        x="${x.toFixed(1)}"
        y="${y}"
        width="${width.toFixed(1)}"
        height="${THICK}"
        class="tone-${part.tone}"
      />`;
      x += width;
      return drawn;
    });
  return html`<text x="${LABEL - 10}" y="${y + 12.5}" text-anchor="end" class="bar-label">${shortened(bar.label)}</text
    >${parts}<text x="${(x + 8).toFixed(1)}" y="${y + 12.5}" class="bar-value">${bar.shown}</text>`;
};

/**
 * Horizontal stacked bars as inline SVG: prints sharply, needs no script. The same numbers stand in a table of the
 * report, so that the drawing is described, not read out bar by bar.
 */
export const barChart = (id: string, description: string, bars: readonly Bar[]): Html => {
  const largest = Math.max(1, ...bars.map(totalOf));
  const scale = (WIDTH - LABEL - VALUE) / largest;
  const height = bars.length * ROW + 4;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}">
    <title id="${id}">${description}</title>
    ${bars.map((bar, i) => drawBar(bar, i, scale))}
  </svg>`;
};

/** A thin bar for a share of 0 to 1, beside its number. */
export const shareBar = (share: number, tone: string): Html =>
  html`<svg class="share" viewBox="0 0 60 8" aria-hidden="true">
    <rect width="60" height="8" rx="2" class="tone-rest" />
    <rect width="${(60 * Math.min(1, Math.max(0, share))).toFixed(1)}" height="8" rx="2" class="tone-${tone}" />
  </svg>`;
