import type { Forecast, PolicyForecast } from '../model/forecast.ts';
import { barChart, type Bar } from './charts.ts';
import { html, type Html } from './html.ts';
import { reportPage } from './page.ts';
import { table } from './table.ts';
import type { TextKey } from './textKeys.ts';
import type { Texts } from './texts.ts';

type Row = { readonly month: string; readonly policy: number; readonly variant: number | undefined };

const monthsOf = (forecast: Forecast, texts: Texts): readonly Row[] => {
  const { months, policy, variant } = forecast;
  const rows = months.map((month, i) => ({ month, policy: policy.byMonth[i] ?? 0, variant: variant?.byMonth[i] }));
  return [...rows, { month: texts.say('forecast.later'), policy: policy.later, variant: variant?.later }];
};

const barsOf = (rows: readonly Row[], texts: Texts): readonly Bar[] =>
  rows.flatMap(({ month, policy, variant }) => {
    const bar = (label: string, value: number, tone: string): Bar => ({
      ...{ label, parts: [{ value, tone }], shown: texts.number(value) },
    });
    if (variant === undefined) return [bar(month, policy, 'personal')];
    const named = (key: TextKey): string => `${month} · ${texts.say(key)}`;
    return [bar(named('forecast.policy'), policy, 'personal'), bar(named('forecast.variant'), variant, 'special')];
  });

const figures = (policy: PolicyForecast, texts: Texts): Html => {
  const cards = ['people', 'dueNow', 'noEnd', 'notConcerned'] as const;
  return html`<ul class="cards">
    ${cards.map(
      (name) => html`<li><b>${texts.number(policy[name])}</b><span>${texts.say(`forecast.figure.${name}`)}</span></li>`,
    )}
  </ul>`;
};

const CHANGES = ['newlyDue', 'noLongerDue', 'dueNowInBoth', 'sooner', 'later', 'unchanged'] as const;

const deltaSection = ({ delta }: Forecast, texts: Texts): Html => {
  if (delta === undefined) return html``;
  const columns = [
    {
      title: texts.say('forecast.change'),
      cell: (name: (typeof CHANGES)[number]) => texts.say(`forecast.delta.${name}`),
    },
    {
      title: texts.say('forecast.people'),
      cell: (name: (typeof CHANGES)[number]) => texts.number(delta[name]),
      numeric: true,
    },
  ];
  return html`<h2>${texts.say('forecast.deltaTitle')}</h2>
    ${table(texts.say('forecast.deltaTitle'), columns, CHANGES)}`;
};

const monthSection = (forecast: Forecast, texts: Texts): Html => {
  const rows = monthsOf(forecast, texts);
  const columns = [
    { title: texts.say('forecast.month'), cell: (row: Row) => row.month },
    { title: texts.say('forecast.policy'), cell: (row: Row) => texts.number(row.policy), numeric: true },
    ...(forecast.variant === undefined
      ? []
      : [
          {
            title: texts.say('forecast.variant'),
            cell: (row: Row) => texts.number(row.variant ?? 0),
            numeric: true,
          },
        ]),
  ];
  return html`<h2>${texts.say('forecast.monthsTitle')}</h2>
    <p class="intro">${texts.say('forecast.monthsIntro')}</p>
    ${barChart('months', texts.say('forecast.monthsIntro'), barsOf(rows, texts))}${table(texts.say('forecast.monthsTitle'), columns, rows)}`;
};

/** Who falls due when, as one HTML page of counts: for a board, or beside a change of policy. */
export const forecastHtml = (forecast: Forecast, texts: Texts): string => {
  const title = texts.say('forecast.title');
  const first = forecast.complete
    ? html`<p class="first">${texts.say('forecast.complete')}</p>`
    : html`<p class="first incomplete">${texts.say('forecast.incomplete')}</p>`;
  return reportPage(texts, title, [
    first,
    html`<header>
      <h1>${title}</h1>
      <p class="meta">${texts.say('forecast.org', { name: forecast.orgName, date: forecast.asOf })}</p>
    </header>`,
    figures(forecast.policy, texts),
    deltaSection(forecast, texts),
    monthSection(forecast, texts),
    html`<footer>${texts.say('forecast.footer')}</footer>`,
  ]);
};
