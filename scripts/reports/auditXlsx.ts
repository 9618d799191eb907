import ExcelJS from 'exceljs';
import { figuresOf } from './auditFigures.ts';
import { categoryName, findingName, type AuditView } from './auditSections.ts';
import { addSheet, type Cell } from './sheets.ts';

const fieldRows = (view: AuditView): readonly (readonly Cell[])[] =>
  view.report.objects.flatMap((object) =>
    object.fields.map((field) => [
      object.object,
      field.field,
      field.label,
      field.type,
      field.categories.map((key) => categoryName(view, key)).join(', '),
      field.categories.join(', '),
      view.texts.say(`audit.level.${field.level}`),
      field.special ?? '',
      field.filled,
      object.rows,
      field.filled === null || object.rows === null || object.rows === 0 ? null : field.filled / object.rows,
    ]),
  );

const summaryRows = ({ report, texts }: AuditView): readonly (readonly Cell[])[] => {
  const figures = figuresOf(report);
  const { state, hidden } = report.completeness;
  return [
    [state === 'complete' ? texts.say('audit.allSeen') : texts.say('audit.incomplete', { count: hidden.length }), null],
    ...(['people', 'objects', 'fields', 'special', 'undeclared', 'findings'] as const).map((figure) => [
      texts.say(`audit.figure.${figure}`),
      figures[figure],
    ]),
    [texts.say('audit.method.files'), null],
  ];
};

const findingSheet = (book: ExcelJS.Workbook, { report, texts }: AuditView): void => {
  const { say } = texts;
  addSheet(
    book,
    say('audit.findingsTitle'),
    [
      say('audit.object'),
      say('audit.field'),
      say('audit.category'),
      'GDPR',
      say('audit.certain'),
      say('audit.toCheck'),
    ],
    report.findings.map((one) => [
      one.object,
      one.field,
      findingName(texts, one.detector),
      one.special ?? '',
      one.certain,
      one.toCheck,
    ]),
  );
};

const readerSheet = (book: ExcelJS.Workbook, { report, texts }: AuditView): void => {
  const { say } = texts;
  const titles = [
    'audit.object',
    'audit.field',
    'audit.level',
    'audit.users',
    'audit.usersAll',
    'audit.doors',
  ] as const;
  addSheet(
    book,
    say('audit.readersTitle'),
    titles.map((key) => say(key)),
    (report.readers ?? []).map((one) => [
      one.object,
      one.field,
      say(`audit.level.${one.level}`),
      one.users,
      one.usersOfAllRecords,
      one.doors.map((door) => `${say(`audit.door.${door.door}`)} ${door.name} (${door.users})`).join('; '),
    ]),
  );
};

const undeclaredSheet = (book: ExcelJS.Workbook, { report, texts }: AuditView): void => {
  const { say } = texts;
  const titles = ['object', 'field', 'label', 'type', 'because', 'suggestion', 'filled'] as const;
  addSheet(
    book,
    say('audit.undeclaredTitle'),
    titles.map((key) => say(`audit.${key}`)),
    report.undeclared.map((one) => [
      one.object,
      one.field,
      one.label,
      one.type,
      say(`audit.because.${one.because}`),
      (one.suggestion?.categories ?? []).join(', '),
      one.filled,
    ]),
  );
};

const hiddenSheet = (book: ExcelJS.Workbook, { report, texts }: AuditView): void => {
  const { say } = texts;
  addSheet(
    book,
    say('audit.hiddenPlaces'),
    [say('audit.object'), say('audit.field'), say('audit.evidence'), say('audit.rows')],
    report.completeness.hidden.map((one) => [one.object, one.field ?? '', one.evidence, one.unseenRows ?? null]),
  );
};

const inventorySheet = (book: ExcelJS.Workbook, view: AuditView): void => {
  const { say } = view.texts;
  const first = ['object', 'field', 'label', 'type', 'category'] as const;
  addSheet(
    book,
    say('audit.inventoryTitle'),
    [
      ...first.map((key) => say(`audit.${key}`)),
      'fideslang',
      say('audit.level'),
      'GDPR',
      say('audit.filled'),
      say('audit.rows'),
      '%',
    ],
    fieldRows(view),
  );
};

/** The audit as a workbook: summary, fields, free text, readers, undeclared fields, hidden places. */
export const auditXlsx = async (view: AuditView): Promise<Uint8Array> => {
  const { say } = view.texts;
  const book = new ExcelJS.Workbook();
  book.created = new Date(view.report.at);
  addSheet(book, say('audit.figures'), [say('audit.title'), say('table.total')], summaryRows(view));
  for (const add of [inventorySheet, findingSheet, readerSheet, undeclaredSheet, hiddenSheet]) add(book, view);
  return new Uint8Array(await book.xlsx.writeBuffer());
};
