import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Forecast } from '../model/forecast.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Language } from '../model/text.ts';
import { forecastHtml } from '../reports/forecastHtml.ts';
import { textsFor } from '../reports/texts.ts';
import { forecastRetention } from '../retention/forecast.ts';
import { publishForecast } from '../retention/publishForecast.ts';
import { loadLaw } from './loadLaw.ts';
import type { Ports } from './ports.ts';

export type ForecastOrder = {
  readonly charterPath?: string;
  /** A charter to compare with. */
  readonly variantPath?: string;
  /** A rule set to compare with: the same charter under newer law, or the variant's. */
  readonly ruleSetPath?: string;
  readonly months: number;
  readonly language: Language;
  readonly html: boolean;
  /** Records the months in the org, counts only. */
  readonly publish: boolean;
  readonly outputDir: string;
};

export type ForecastAnswer = { readonly forecast: Forecast; readonly report?: string };

/** `garde retention forecast`: counts, and on request a page, or figures for the page in the org. */
export const runForecast = async (
  order: ForecastOrder,
  ports: Ports,
  tell: ReportProgress,
): Promise<ForecastAnswer> => {
  const { charterPath, ruleSetPath } = order;
  const own = charterPath === undefined ? {} : { charterPath };
  const policy = await loadLaw({ ...own, starterAllowed: false });
  const isVaried = order.variantPath !== undefined || ruleSetPath !== undefined;
  const other = order.variantPath === undefined ? own : { charterPath: order.variantPath };
  const variant = isVaried
    ? await loadLaw({ ...other, ...(ruleSetPath === undefined ? {} : { ruleSetPath }), starterAllowed: false })
    : undefined;
  const input = { policy, months: order.months, ...(variant === undefined ? {} : { variant }) };
  const forecast = await forecastRetention(input, ports, tell);
  if (order.publish) await publishForecast(ports.org, forecast, ports.clock.now());
  if (!order.html) return { forecast };
  const folder = resolve(order.outputDir);
  await mkdir(folder, { recursive: true });
  const report = join(folder, `forecast-${forecast.asOf}.html`);
  await writeFile(report, forecastHtml(forecast, textsFor(order.language)));
  return { forecast, report };
};
