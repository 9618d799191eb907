import type { AuditField, AuditObject, AuditReaders, AuditReport } from '../model/auditReport.ts';
import { SENSITIVITY_LEVELS } from '../model/referenceLists.ts';
import { categoryName, filledCell, levelTag, type AuditView } from './auditSections.ts';
import { html, type Html } from './html.ts';
import { table, type Column } from './table.ts';
import type { Texts } from './texts.ts';

type ReaderGroup = Omit<AuditReaders, 'field' | 'object'> & { readonly fields: Map<string, string[]> };

const doorsText = (texts: Texts, { doors }: Pick<AuditReaders, 'doors'>): string =>
  doors.map((door) => `${texts.say(`audit.door.${door.door}`)} ${door.name} (${texts.number(door.users)})`).join(', ');

/** Fields that the same users read through the same doors stand together, by object. */
const groupReaders = (readers: readonly AuditReaders[]): readonly ReaderGroup[] => {
  const groups = new Map<string, ReaderGroup>();
  for (const { object, field, ...rest } of readers) {
    const key = JSON.stringify(rest);
    const group = groups.get(key) ?? { ...rest, fields: new Map<string, string[]>() };
    group.fields.set(object, [...(group.fields.get(object) ?? []), field]);
    groups.set(key, group);
  }
  return [...groups.values()];
};

/** Special fields are named at once; of highly personal ones there are many, and their names open on demand. */
const groupFields = (texts: Texts, group: ReaderGroup): readonly Html[] =>
  [...group.fields].map(([object, fields]) =>
    group.level === 'special'
      ? html`<p class="fields"><b>${object}</b> <code>${fields.join(', ')}</code></p>`
      : html`<details class="fields">
          <summary>
            ${object} <span class="quiet">${texts.say('audit.fieldCount', { count: fields.length })}</span>
          </summary>
          <code>${fields.join(', ')}</code>
        </details>`,
  );

const readerBlock = (texts: Texts, group: ReaderGroup): Html =>
  html`<div class="readers">
    <p>
      ${levelTag(texts, group.level)}
      <b>${texts.say('audit.readersOf', { users: group.users, all: group.usersOfAllRecords })}</b><br />
      <span class="quiet">${doorsText(texts, group)}</span>
    </p>
    ${groupFields(texts, group)}
  </div>`;

export const readersSection = ({ report, texts }: AuditView): Html => {
  const title = html`<h2>${texts.say('audit.readersTitle')}</h2>`;
  if (report.readers === undefined)
    return html`${title}
      <p class="first incomplete">${texts.say('audit.readersUnknown')}</p>`;
  return html`${title}
    <p class="intro">${texts.say('audit.readersIntro')}</p>
    ${groupReaders(report.readers).map((group) => readerBlock(texts, group))}`;
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

const byFill = (a: AuditField, b: AuditField): number =>
  SENSITIVITY_LEVELS.indexOf(a.level) - SENSITIVITY_LEVELS.indexOf(b.level) || (b.filled ?? -1) - (a.filled ?? -1);

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
  const used = object.fields.filter((field) => field.filled !== 0).sort(byFill);
  const empty = object.fields.filter((field) => field.filled === 0).map((field) => field.field);
  const unfilled =
    empty.length === 0
      ? undefined
      : html`<p class="quiet">${texts.say('audit.emptyFields', { fields: empty.join(', ') })}</p>`;
  return html`<details${open}><summary>${object.label} <code>${object.object}</code> <span class="quiet">${texts.say(`audit.kind.${object.kind}`)}, ${rowsText(texts, object)}</span></summary>${table(object.label, columns, used)}${unfilled}</details>`;
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
