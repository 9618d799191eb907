import type { Place } from '../model/completeness.ts';
import type { AuditFinding, AuditReport } from '../model/auditReport.ts';
import { SENSITIVITY_LEVELS, type CategoryList, type Sensitivity } from '../model/referenceLists.ts';
import { figuresOf, personalFields, valuesByCategory, valuesByLevel, type LocatedField } from './auditFigures.ts';
import { barChart, shareBar } from './charts.ts';
import { html, type Html } from './html.ts';
import { table, type Column } from './table.ts';
import { TEXT_KEYS, type TextKey } from './textKeys.ts';
import type { Texts } from './texts.ts';

export type AuditView = { readonly report: AuditReport; readonly texts: Texts; readonly categories: CategoryList };

const MOST_BARS = 14;
const SHOWN_LEVELS: readonly Sensitivity[] = ['special', 'high', 'personal'];

/** What a category key is called; the key itself when the list does not know it. */
export const categoryName = ({ categories, texts }: Pick<AuditView, 'categories' | 'texts'>, key: string): string =>
  categories.categories[key]?.[texts.language] ?? key;

export const findingName = (texts: Texts, detector: string): string => {
  const key = TEXT_KEYS.find((one) => one === `audit.finding.${detector}`);
  return key === undefined ? detector : texts.say(key);
};

export const levelTag = (texts: Texts, level: Sensitivity): Html =>
  html`<span class="tag ${level}">${texts.say(`audit.level.${level}`)}</span>`;

const placeText = (texts: Texts, place: Place): string => {
  if (place.unseenRows !== undefined) return texts.say('audit.hiddenRows', { count: place.unseenRows });
  if (place.object === '*' || place.field === '*') return texts.say('audit.hiddenUnknown');
  if (place.field === '*files*') return texts.say('audit.hiddenFiles');
  return place.field ?? texts.say('audit.hiddenObject');
};

/** The first line: `incomplete` with what is hidden, before anything else. */
export const completenessSection = ({ report, texts }: AuditView): Html => {
  const { state, hidden } = report.completeness;
  if (state === 'complete') return html`<p class="first">${texts.say('audit.allSeen')}</p>`;
  const columns: readonly Column<Place>[] = [
    { title: texts.say('audit.object'), cell: (place) => html`<code>${place.object}</code>` },
    { title: texts.say('audit.field'), cell: (place) => placeText(texts, place) },
    { title: texts.say('audit.evidence'), cell: (place) => place.evidence },
  ];
  return html`<p class="first incomplete">${texts.say('audit.incomplete', { count: hidden.length })}</p>
    <details>
      <summary>${texts.say('audit.hiddenPlaces')} (${texts.number(hidden.length)})</summary>
      ${table(texts.say('audit.hiddenPlaces'), columns, hidden)}
    </details>`;
};

const CARDS: readonly (readonly [keyof ReturnType<typeof figuresOf>, TextKey, boolean])[] = [
  ['people', 'audit.figure.people', false],
  ['objects', 'audit.figure.objects', false],
  ['fields', 'audit.figure.fields', false],
  ['special', 'audit.figure.special', true],
  ['undeclared', 'audit.figure.undeclared', true],
  ['findings', 'audit.figure.findings', true],
];

export const figuresSection = ({ report, texts }: AuditView): Html => {
  const figures = figuresOf(report);
  return html`<h2>${texts.say('audit.figures')}</h2>
    <ul class="cards">
      ${CARDS.map(
        ([figure, key, warns]) =>
          html`<li class="${warns && figures[figure] > 0 ? 'warn' : ''}">
            <b>${texts.number(figures[figure])}</b><span>${texts.say(key)}</span>
          </li>`,
      )}
    </ul>`;
};

const legend = (texts: Texts): Html =>
  html`<ul class="legend">
    ${SHOWN_LEVELS.map(
      (level) =>
        html`<li>
          <svg viewBox="0 0 11 11" aria-hidden="true"><rect width="11" height="11" class="tone-${level}" /></svg
          >${texts.say(`audit.level.${level}`)}
        </li>`,
    )}
  </ul>`;

export const whereSection = ({ report, texts }: AuditView): Html => {
  const bars = report.objects
    .map((object) => ({ object, values: valuesByLevel(object) }))
    .map(({ object, values }) => ({
      label: object.label,
      values,
      total: values.special + values.high + values.personal,
    }))
    .filter((one) => one.total > 0)
    .sort((a, b) => b.total - a.total)
    .slice(0, MOST_BARS)
    .map(({ label, values, total }) => ({
      label,
      parts: SHOWN_LEVELS.map((level) => ({ value: values[level], tone: level })),
      shown: texts.number(total),
    }));
  return html`<h2>${texts.say('audit.whereTitle')}</h2>
    <p class="intro">${texts.say('audit.whereIntro')}</p>
    ${legend(texts)}${barChart('where', texts.say('audit.whereIntro'), bars)}`;
};

export const categoriesSection = (view: AuditView): Html => {
  const { report, texts, categories } = view;
  const bars = valuesByCategory(report)
    .slice(0, MOST_BARS)
    .map(([key, value]) => ({
      label: categoryName(view, key),
      parts: [{ value, tone: categories.categories[key]?.level ?? 'personal' }],
      shown: texts.number(value),
    }));
  return html`<h2>${texts.say('audit.categoriesTitle')}</h2>
    <p class="intro">${texts.say('audit.categoriesIntro')}</p>
    ${barChart('categories', texts.say('audit.categoriesIntro'), bars)}`;
};

/** `1,204 (60 %)` with a bar; a dash when the platform cannot count the field. */
export const filledCell = (texts: Texts, field: Pick<LocatedField, 'filled' | 'level'>, rows: number | null): Html => {
  if (field.filled === null) return html`<span class="quiet">–</span>`;
  if (rows === null || rows === 0) return html`${texts.number(field.filled)}`;
  const share = field.filled / rows;
  return html`${texts.number(field.filled)} (${texts.percent(share)})${shareBar(share, field.level)}`;
};

export const specialSection = (view: AuditView): Html => {
  const { report, texts } = view;
  const fields = personalFields(report).filter((field) => field.level === 'special');
  const title = html`<h2>${texts.say('audit.specialTitle')}</h2>`;
  if (fields.length === 0)
    return html`${title}
      <p>${texts.say('audit.specialNone')}</p>`;
  const readers = new Map(report.readers?.map((one) => [`${one.object}.${one.field}`, one.users]));
  const columns: readonly Column<LocatedField>[] = [
    {
      title: texts.say('audit.field'),
      cell: (field) => html`<code>${field.object}.${field.field}</code><br /><span class="quiet">${field.label}</span>`,
    },
    {
      title: texts.say('audit.category'),
      cell: (field) => field.categories.map((key) => categoryName(view, key)).join(', '),
    },
    {
      title: texts.say('audit.law'),
      cell: (field) => (field.special === undefined ? '' : texts.say(`audit.${field.special}`)),
    },
    { title: texts.say('audit.filled'), cell: (field) => filledCell(texts, field, field.rows), numeric: true },
    {
      title: texts.say('audit.users'),
      cell: (field) => readersShown(texts, readers.get(`${field.object}.${field.field}`)),
      numeric: true,
    },
  ];
  return html`${title}
    <p class="intro">${texts.say('audit.specialIntro')}</p>
    ${table(texts.say('audit.specialTitle'), columns, fields)}`;
};

const readersShown = (texts: Texts, users: number | undefined): string =>
  users === undefined ? '–' : texts.number(users);

const bySeverity = (a: AuditFinding, b: AuditFinding): number =>
  Number(b.special !== undefined) - Number(a.special !== undefined) || b.certain + b.toCheck - a.certain - a.toCheck;

const findingTone = ({ categories }: AuditView, finding: AuditFinding): Sensitivity =>
  finding.special !== undefined ? 'special' : (categories.categories[finding.category]?.level ?? 'personal');

const findingBars = (view: AuditView) => {
  const sums = new Map<string, { readonly tone: Sensitivity; readonly count: number }>();
  for (const one of view.report.findings) {
    const count = (sums.get(one.detector)?.count ?? 0) + one.certain + one.toCheck;
    sums.set(one.detector, { tone: findingTone(view, one), count });
  }
  return [...sums]
    .sort(
      ([, a], [, b]) => SENSITIVITY_LEVELS.indexOf(a.tone) - SENSITIVITY_LEVELS.indexOf(b.tone) || b.count - a.count,
    )
    .map(([detector, { tone, count }]) => ({
      label: findingName(view.texts, detector),
      parts: [{ value: count, tone }],
      shown: view.texts.number(count),
    }));
};

export const findingsSection = (view: AuditView): Html => {
  const { report, texts } = view;
  const title = html`<h2>${texts.say('audit.findingsTitle')}</h2>`;
  if (report.scan.mode === 'none')
    return html`${title}
      <p>${texts.say('audit.findingsNotRead')}</p>`;
  if (report.findings.length === 0)
    return html`${title}
      <p>${texts.say('audit.findingsNone')}</p>`;
  const columns: readonly Column<AuditFinding>[] = [
    {
      title: texts.say('audit.category'),
      cell: (one) =>
        html`${findingName(texts, one.detector)} ${one.special === undefined ? '' : levelTag(texts, 'special')}`,
    },
    { title: texts.say('audit.field'), cell: (one) => html`<code>${one.object}.${one.field}</code>` },
    { title: texts.say('audit.certain'), cell: (one) => texts.number(one.certain), numeric: true },
    { title: texts.say('audit.toCheck'), cell: (one) => texts.number(one.toCheck), numeric: true },
  ];
  return html`${title}
    <p class="intro">${texts.say('audit.findingsIntro')}</p>
    ${barChart('findings', texts.say('audit.findingsIntro'), findingBars(view))}${table(texts.say('audit.findingsTitle'), columns, [...report.findings].sort(bySeverity))}`;
};
