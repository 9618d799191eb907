import type { NeedleKind } from '../subject/needles/contract.ts';
import type { ExaminedPlace, ResidualFinding, ResidualReport, UnexaminedPlace } from '../subject/residual/contract.ts';
import { html, type Html } from './html.ts';
import { reportPage } from './page.ts';
import { table, type Column } from './table.ts';
import type { Texts } from './texts.ts';

const MOST_FIELDS = 8;
const fieldsOf = (fields: readonly string[]): string =>
  `${fields.slice(0, MOST_FIELDS).join(', ')}${fields.length > MOST_FIELDS ? ` … (${String(fields.length)})` : ''}`;

type Place = Pick<ExaminedPlace, 'place' | 'object' | 'fields'>;

const placeColumns = (texts: Texts): readonly Column<Place>[] => [
  { title: texts.say('scan.place'), cell: ({ place }) => texts.say(`scan.place.${place}`) },
  { title: texts.say('scan.object'), cell: ({ object }) => object },
  { title: texts.say('scan.field'), cell: ({ fields }) => fieldsOf(fields) },
];

const findings = (found: readonly ResidualFinding[], texts: Texts): Html => {
  const kind = (one: NeedleKind): string => texts.say(`scan.kind.${one}`);
  const columns: readonly Column<ResidualFinding>[] = [
    {
      title: texts.say('scan.verdict'),
      cell: ({ verdict, own }) => (own ? texts.say('scan.own') : texts.say(`scan.verdict.${verdict}`)),
    },
    { title: texts.say('scan.place'), cell: ({ place }) => texts.say(`scan.place.${place}`) },
    { title: texts.say('scan.object'), cell: ({ object, field }) => `${object}.${field}` },
    { title: texts.say('scan.record'), cell: ({ id }) => id },
    { title: texts.say('scan.kinds'), cell: ({ kinds }) => kinds.map(kind).join(', ') },
  ];
  return html`<h2>${texts.say('scan.findingsTitle')}</h2>
    ${found.length === 0 ? html`<p>${texts.say('scan.findingsNone')}</p>` : table(texts.say('scan.findingsTitle'), columns, found)}`;
};

const unexamined = (places: readonly UnexaminedPlace[], texts: Texts): Html => {
  if (places.length === 0) return html``;
  const columns: readonly Column<UnexaminedPlace>[] = [
    ...placeColumns(texts),
    {
      title: texts.say('scan.reason'),
      cell: ({ reason, format }) =>
        `${texts.say(`scan.notExamined.${reason}`)}${format === undefined ? '' : ` (${format})`}`,
    },
    { title: texts.say('scan.count'), cell: ({ count }) => (count === null ? '' : texts.number(count)), numeric: true },
  ];
  return html`<h2>${texts.say('scan.notExaminedTitle')}</h2>
    ${table(texts.say('scan.notExaminedTitle'), columns, places)}`;
};

const examined = (places: readonly ExaminedPlace[], texts: Texts): Html => {
  const columns: readonly Column<ExaminedPlace>[] = [
    ...placeColumns(texts),
    { title: texts.say('scan.way'), cell: ({ by }) => texts.say(`scan.way.${by}`) },
    { title: texts.say('scan.count'), cell: ({ count }) => texts.number(count), numeric: true },
  ];
  return html`<h2>${texts.say('scan.examinedTitle')}</h2>
    ${table(texts.say('scan.examinedTitle'), columns, places)}`;
};

/** What a residual scan found and did not examine, as one page: record ids and places, never a text that was found. */
export const scanHtml = (report: ResidualReport, texts: Texts): string => {
  const { spent, notExamined } = report;
  const title = texts.say('scan.title');
  const first =
    notExamined.length === 0
      ? html`<p class="first">${texts.say('scan.complete')}</p>`
      : html`<p class="first incomplete">${texts.say('scan.incomplete')}</p>`;
  const figures = { foreseen: spent.foreseenCalls, calls: spent.calls, rows: spent.rows, files: spent.files };
  return reportPage(texts, title, [
    html`<h1>${title}</h1>
      ${first}
      <p class="intro">${texts.say('scan.spent', figures)}</p>`,
    findings(report.findings, texts),
    unexamined(notExamined, texts),
    examined(report.examined, texts),
    html`<footer>${texts.say('scan.footer')}</footer>`,
  ]);
};
