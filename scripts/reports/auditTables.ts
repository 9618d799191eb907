import type { AuditObject, AuditReaders, AuditReport } from '../model/auditReport.ts';
import { categoryName, filledCell, levelTag, type AuditView } from './auditSections.ts';
import { html, type Html } from './html.ts';
import { table, type Column } from './table.ts';
import type { Texts } from './texts.ts';

type ReaderGroup = Omit<AuditReaders, 'field'> & { readonly fields: readonly string[] };

const doorsText = (texts: Texts, { doors }: Pick<AuditReaders, 'doors'>): string =>
  doors.map((door) => `${texts.say(`audit.door.${door.door}`)} ${door.name} (${texts.number(door.users)})`).join(', ');

/** Fields of one object that the same users read through the same doors stand in one row. */
const groupReaders = (readers: readonly AuditReaders[]): readonly ReaderGroup[] => {
  const groups = new Map<string, ReaderGroup>();
  for (const { field, ...rest } of readers) {
    const key = JSON.stringify(rest);
    groups.set(key, { ...rest, fields: [...(groups.get(key)?.fields ?? []), field] });
  }
  return [...groups.values()];
};

export const readersSection = ({ report, texts }: AuditView): Html => {
  const title = html`<h2>${texts.say('audit.readersTitle')}</h2>`;
  if (report.readers === undefined)
    return html`${title}
      <p class="first incomplete">${texts.say('audit.readersUnknown')}</p>`;
  const columns: readonly Column<ReaderGroup>[] = [
    {
      title: texts.say('audit.fieldsOf'),
      cell: (one) => html`<b>${one.object}</b><br /><code>${one.fields.join(', ')}</code>`,
    },
    { title: texts.say('audit.level'), cell: (one) => levelTag(texts, one.level) },
    { title: texts.say('audit.users'), cell: (one) => texts.number(one.users), numeric: true },
    { title: texts.say('audit.usersAll'), cell: (one) => texts.number(one.usersOfAllRecords), numeric: true },
    { title: texts.say('audit.doors'), cell: (one) => doorsText(texts, one) },
  ];
  return html`${title}
    <p class="intro">${texts.say('audit.readersIntro')}</p>
    ${table(texts.say('audit.readersTitle'), columns, groupReaders(report.readers))}`;
};

type Undeclared = AuditReport['undeclared'][number];

export const undeclaredSection = (view: AuditView): Html => {
  const { report, texts } = view;
  const title = html`<h2>${texts.say('audit.undeclaredTitle')}</h2>`;
  if (report.undeclared.length === 0)
    return html`${title}
      <p>${texts.say('audit.undeclaredNone')}</p>`;
  const rows = new Map(report.objects.map((object) => [object.object, object.rows]));
  const special = (one: Undeclared): boolean => one.suggestion?.special !== undefined;
  const columns: readonly Column<Undeclared>[] = [
    {
      title: texts.say('audit.field'),
      cell: (one) => html`<code>${one.object}.${one.field}</code><br /><span class="quiet">${one.label}</span>`,
    },
    { title: texts.say('audit.because'), cell: (one) => texts.say(`audit.because.${one.because}`) },
    {
      title: texts.say('audit.suggestion'),
      cell: (one) =>
        html`${(one.suggestion?.categories ?? []).map((key) => categoryName(view, key)).join(', ')}
        ${special(one) ? levelTag(texts, 'special') : ''}`,
    },
    {
      title: texts.say('audit.filled'),
      cell: (one) =>
        filledCell(
          texts,
          { filled: one.filled, level: special(one) ? 'special' : 'personal' },
          rows.get(one.object) ?? null,
        ),
      numeric: true,
    },
  ];
  const sorted = [...report.undeclared].sort((a, b) => Number(special(b)) - Number(special(a)));
  return html`${title}
    <p class="intro">${texts.say('audit.undeclaredIntro')}</p>
    ${table(texts.say('audit.undeclaredTitle'), columns, sorted)}`;
};

const flags = (texts: Texts, field: AuditObject['fields'][number]): readonly Html[] => [
  ...(field.thirdParty ? [html`<span class="tag">${texts.say('audit.flag.thirdParty')}</span> `] : []),
  ...(field.derived ? [html`<span class="tag">${texts.say('audit.flag.derived')}</span> `] : []),
  ...(field.freeText ? [html`<span class="tag">${texts.say('audit.flag.freeText')}</span>`] : []),
];

const rowsText = (texts: Texts, object: AuditObject): string => {
  if (object.notCounted !== undefined) return texts.say('audit.notCounted', { code: object.notCounted });
  return object.rows === null
    ? texts.say('audit.rowsUnknown')
    : `${texts.number(object.rows)} ${texts.say('audit.rows').toLowerCase()}`;
};

const objectDetails = (view: AuditView, object: AuditObject): Html => {
  const { texts } = view;
  const columns: readonly Column<AuditObject['fields'][number]>[] = [
    {
      title: texts.say('audit.field'),
      cell: (field) => html`<code>${field.field}</code><br /><span class="quiet">${field.label}</span>`,
    },
    {
      title: texts.say('audit.category'),
      cell: (field) =>
        html`${field.categories.map((key) => categoryName(view, key)).join(', ')} ${flags(texts, field)}`,
    },
    { title: texts.say('audit.level'), cell: (field) => levelTag(texts, field.level) },
    { title: texts.say('audit.filled'), cell: (field) => filledCell(texts, field, object.rows), numeric: true },
  ];
  const open = object.kind === 'person' ? html` open` : html``;
  return html`<details${open}><summary>${object.label} <code>${object.object}</code> <span class="quiet">${texts.say(`audit.kind.${object.kind}`)}, ${rowsText(texts, object)}</span></summary>${table(object.label, columns, object.fields)}</details>`;
};

export const inventorySection = (view: AuditView): Html => {
  const { report, texts } = view;
  const order = ['person', 'related', 'stray', 'other'];
  const objects = [...report.objects].sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (b.rows ?? 0) - (a.rows ?? 0),
  );
  return html`<h2>${texts.say('audit.inventoryTitle')}</h2>
    <p class="intro">${texts.say('audit.inventoryIntro')}</p>
    ${objects.map((object) => objectDetails(view, object))}`;
};

export const methodSection = ({ report, texts }: AuditView): Html => {
  const packs = report.packs.map(({ pack, version }) => `${pack} ${version}`).join(', ');
  const names = [
    ...new Set(report.absent.map((one) => (one.field === undefined ? one.object : `${one.object}.${one.field}`))),
  ];
  return html`<h2>${texts.say('audit.methodTitle')}</h2>
    <p>
      ${texts.say(`audit.method.${report.scan.mode}`, { rows: report.scan.sampleRows ?? 0 })}
      ${texts.say('audit.method.cost', { calls: report.cost.apiCalls, rows: report.cost.rowsScanned })}
    </p>
    <p>${texts.say('audit.method.packs', { packs })}</p>
    <p>${texts.say('audit.method.files')}</p>
    <details>
      <summary>${texts.say('audit.absentTitle')}</summary>
      <p>${texts.say('audit.absentIntro', { count: names.length })}</p>
      <p>${names.map((name) => html`<code>${name}</code> `)}</p>
    </details>
    <footer>${texts.say('audit.method.law')}</footer>`;
};
