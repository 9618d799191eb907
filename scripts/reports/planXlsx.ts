import ExcelJS from 'exceljs';
import { dueSoonOf } from '../model/plan.ts';
import type { Amount } from '../model/anonymisation.ts';
import type { ShownPerson } from '../plan/file/showPlan.ts';
import { cellName, findingText } from './anonymisationSections.ts';
import { boundRows, durationText } from './planSections.ts';
import type { PlanView } from './planView.ts';
import { addSheet, type Cell } from './sheets.ts';

/** Somebody in a plan with the name that their record has in the org; null when it is no longer there. */
export type NamedPerson = ShownPerson & { readonly name: string | null };

const summaryRows = ({ shown, texts }: PlanView): readonly (readonly Cell[])[] => {
  const { header, figures, quota } = shown;
  const { completeness, steps, irreversible, calls } = header.terms;
  const seen =
    completeness.state === 'complete'
      ? texts.say('plan.allSeen')
      : texts.say('plan.incomplete', { count: completeness.hidden.length });
  return [
    [seen, completeness.hidden.join(', ')],
    [texts.say('plan.figure.due'), figures.due],
    [texts.say('plan.figure.kept'), figures.kept],
    ...dueSoonOf(header.terms).map(({ rule, count }) => [`${texts.say('plan.figure.soon')}: ${rule}`, count] as const),
    [texts.say('plan.figure.steps'), steps],
    [texts.say('plan.figure.irreversible'), irreversible],
    [texts.say('plan.figure.calls'), calls],
    [texts.say('plan.figure.duration'), durationText(texts, figures.duration)],
    ...(quota === null ? [] : [[texts.say('plan.quota', quota), null] as const]),
    ...shown.problems.map(({ message, code }) => [message, code] as const),
  ];
};

const stepSheets = (book: ExcelJS.Workbook, { shown, texts, words }: PlanView): void => {
  const { say } = texts;
  addSheet(
    book,
    say('plan.sheet.steps'),
    [say('plan.object'), say('plan.operation'), say('plan.rule'), say('plan.count'), say('plan.irreversible')],
    shown.figures.kinds.map((one) => [
      one.object,
      words.operation(one.operation),
      one.rule,
      one.steps,
      one.irreversible,
    ]),
  );
  addSheet(
    book,
    say('plan.effectsTitle'),
    [say('plan.object'), say('plan.effect'), say('plan.count')],
    shown.header.terms.effects.map((one) => [one.object, words.effect(one.effect), one.count]),
  );
};

/** People whom their rule announces; no sheet when there are none. */
const soonSheet = (book: ExcelJS.Workbook, { shown, texts: { say } }: Pick<PlanView, 'shown' | 'texts'>): void => {
  const soon = dueSoonOf(shown.header.terms);
  if (soon.length === 0) return;
  addSheet(
    book,
    say('plan.sheet.soon'),
    (['rule', 'people', 'from', 'until'] as const).map((key) => say(`plan.${key}`)),
    soon.map(({ rule, count, until }) => [rule, count, until?.first ?? null, until?.last ?? null]),
  );
};

const reasonSheets = (book: ExcelJS.Workbook, { shown, texts, words }: PlanView): void => {
  const { say } = texts;
  addSheet(
    book,
    say('plan.sheet.reasons'),
    (['rule', 'verdict', 'reason', 'people', 'from', 'until'] as const).map((key) => say(`plan.${key}`)),
    shown.header.terms.reasons.map(({ rule, verdict, code, count, until }) => [
      rule,
      words.verdict(verdict),
      words.reason(code),
      count,
      until?.first ?? null,
      until?.last ?? null,
    ]),
  );
  soonSheet(book, { shown, texts });
  addSheet(
    book,
    say('plan.sheet.kept'),
    (['month', 'rule', 'reason', 'people'] as const).map((key) => say(`plan.${key}`)),
    shown.figures.keptUntil.map((one) => [
      one.month ?? say('plan.noEnd'),
      one.rule,
      words.reason(one.code),
      one.people,
    ]),
  );
};

const termSheets = (book: ExcelJS.Workbook, { shown, texts }: PlanView): void => {
  const { say, language } = texts;
  addSheet(
    book,
    say('plan.sheet.rules'),
    (['rule', 'name', 'people', 'duration.rule', 'ground', 'source'] as const).map((key) => say(`plan.${key}`)),
    shown.header.terms.rules.map((one) => [
      one.key,
      one.title[language],
      one.people,
      one.duration,
      one.legalGround[language],
      one.source,
    ]),
  );
  addSheet(
    book,
    say('plan.sheet.bound'),
    [say('plan.what'), say('plan.value')],
    boundRows(shown.header).map(([key, value]) => [say(key), value]),
  );
};

const anonymisationSheets = (book: ExcelJS.Workbook, { shown, texts }: PlanView): void => {
  const { anonymisation } = shown.header.terms;
  if (anonymisation === undefined) return;
  const { say } = texts;
  addSheet(
    book,
    say('anonymisation.sheet'),
    (['finding', 'place', 'people', 'until'] as const).map((key) => say(`anonymisation.${key}`)),
    anonymisation.findings.map((one) => [
      findingText(one, texts),
      one.place,
      one.count,
      one.until ?? say('anonymisation.noEnd'),
    ]),
  );
  addSheet(
    book,
    say('anonymisation.totalsTitle'),
    [
      ...[say('anonymisation.statistic'), say('anonymisation.cell')],
      ...[say('anonymisation.rowsBefore'), say('anonymisation.before')],
      ...[say('anonymisation.rowsAfter'), say('anonymisation.after')],
    ],
    anonymisation.statistics.flatMap((one) =>
      one.cells.map((cell) => [
        one.key,
        cellName(cell, one, texts),
        ...[cell.before, cell.after].flatMap((amount) => [amount?.rows ?? null, numberOf(amount)]),
      ]),
    ),
  );
};

const numberOf = (amount: Amount | null): number | null => {
  const sum = amount?.sum ?? null;
  return sum === null ? null : Number(sum);
};

const bytesOf = async (book: ExcelJS.Workbook): Promise<Uint8Array> => new Uint8Array(await book.xlsx.writeBuffer());

const countSheets = (view: PlanView): ExcelJS.Workbook => {
  const book = new ExcelJS.Workbook();
  book.created = new Date(view.shown.header.createdAt);
  addSheet(
    book,
    view.texts.say('plan.figures'),
    [view.texts.say('plan.what'), view.texts.say('plan.value')],
    summaryRows(view),
  );
  for (const add of [stepSheets, reasonSheets, anonymisationSheets, termSheets]) add(book, view);
  return book;
};

/** A plan as a workbook: counts, reasons, rules; without names or record ids. */
export const planXlsx = (view: PlanView): Promise<Uint8Array> => bytesOf(countSheets(view));

const NAMED = ['name', 'object', 'record', 'rule', 'verdict', 'reason', 'why', 'until', 'steps'] as const;

/** The same with a sheet of people by name: personal data, to be sealed before it is written. */
export const namedPlanXlsx = (view: PlanView, people: readonly NamedPerson[]): Promise<Uint8Array> => {
  const { texts, words } = view;
  const book = countSheets(view);
  addSheet(
    book,
    texts.say('plan.peopleTitle'),
    NAMED.map((key) => texts.say(`plan.${key}`)),
    people.map((one) => [
      one.name,
      one.object,
      one.recordId,
      one.rule,
      words.verdict(one.verdict),
      words.reason(one.reason),
      words.facts(one.facts),
      one.until,
      one.operations.map((step) => `${words.operation(step.operation)} ${step.object} ${step.recordId}`).join('; '),
    ]),
  );
  return bytesOf(book);
};
