import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Forecast } from '../model/forecast.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Language } from '../model/text.ts';
import { forecastHtml } from '../reports/forecastHtml.ts';
import { textsFor } from '../reports/texts.ts';
import { showLawChange } from '../retention/acceptLaw.ts';
import { forecastRetention } from '../retention/forecast.ts';
import { changeText } from '../retention/lawChange.ts';
import { publishForecast } from '../retention/publishForecast.ts';
import { loadLaw, type Law } from './loadLaw.ts';
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
  /** Compares with the law of the last plan, and records in the org that the running user was shown the difference. */
  readonly acceptRuleSet: boolean;
  readonly outputDir: string;
};

/** A plain type: the JSON Schema of the command's result is generated from it. */
export type AcceptedLaw = {
  /** User id and ISO instant. */
  readonly by: string;
  readonly at: string;
  readonly changes: readonly { readonly rule: string; readonly from: string; readonly change: string }[];
};
export type ForecastAnswer = {
  readonly forecast: Forecast;
  readonly report?: string;
  /** Of a changed rule set; undefined when nothing changed, or when it was not asked for. */
  readonly accepted?: AcceptedLaw;
};

type Laws = { readonly policy: Law; readonly variant?: Law };

const lawsOf = async (order: ForecastOrder): Promise<Laws> => {
  const { charterPath, ruleSetPath, variantPath } = order;
  const own = charterPath === undefined ? {} : { charterPath };
  const policy = await loadLaw({ ...own, starterAllowed: false });
  if (variantPath === undefined && ruleSetPath === undefined) return { policy };
  const other = variantPath === undefined ? own : { charterPath: variantPath };
  const newer = ruleSetPath === undefined ? {} : { ruleSetPath };
  return { policy, variant: await loadLaw({ ...other, ...newer, starterAllowed: false }) };
};

const forecastOf = async (order: ForecastOrder, ports: Ports, tell: ReportProgress): Promise<ForecastAnswer> => {
  const { months } = order;
  const laws = await lawsOf(order);
  if (!order.acceptRuleSet) return { forecast: await forecastRetention({ ...laws, months }, ports, tell) };
  const { forecast, changes, seen } = await showLawChange({ policy: laws.policy, months }, ports, tell);
  if (seen === undefined) return { forecast };
  const told = changes.map((one) => ({ rule: one.rule, from: one.after.from, change: changeText(one) }));
  return { forecast, accepted: { ...seen, changes: told } };
};

/** `garde retention forecast`: counts, and on request a page, or figures for the page in the org. */
export const runForecast = async (
  order: ForecastOrder,
  ports: Ports,
  tell: ReportProgress,
): Promise<ForecastAnswer> => {
  const answer = await forecastOf(order, ports, tell);
  const { forecast } = answer;
  if (order.publish) await publishForecast(ports.org, forecast, ports.clock.now());
  if (!order.html) return answer;
  const folder = resolve(order.outputDir);
  await mkdir(folder, { recursive: true });
  const report = join(folder, `forecast-${forecast.asOf}.html`);
  await writeFile(report, forecastHtml(forecast, textsFor(order.language)));
  return { ...answer, report };
};
