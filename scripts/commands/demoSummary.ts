import type { DemoDay } from '../app/demo/runDemo.ts';
import type { ResultTexts } from './resultTexts.ts';

/** What the summary tells of. */
export type FinishedDemo = DemoDay & { readonly outputDir: string; readonly seconds: number };

type Row = { readonly what: string; readonly value: string };
type Table = { readonly title: string; readonly rows: readonly Row[] };

/** Figures of the commands' results, in the order they are told; each has a text `figure.<path>`. */
const FOUND = [
  ...['doctor.counts.ok', 'doctor.counts.to-do', 'doctor.counts.by-hand'],
  ...['audit.state', 'audit.people', 'audit.personalFields', 'audit.specialFields', 'audit.undeclaredFields'],
  ...['audit.findings', 'access.records', 'access.files.included', 'match.clusters', 'match.review'],
  ...['match.truth.truePairs', 'match.truth.precision', 'match.truth.recall', 'match.truth.recallWithReview'],
  ...['plan.considered', 'plan.due', 'plan.kept'],
];
const DONE = [
  ...['rehearsal.asPlanned', 'rehearsal.deleted', 'run.state', 'run.peopleDone', 'run.stepsDone', 'run.peopleLeft'],
  ...['run.callsPredicted', 'run.callsUsed', 'run.windowMedian', 'run.windowLongest'],
  ...['later.plan.due', 'later.rehearsal.asPlanned', 'later.run.state', 'later.run.peopleDone', 'later.run.stepsDone'],
  ...['erase.decided.delete', 'erase.decided.archive', 'erase.decided.keep', 'erase.decided.anonymise'],
  ...['erase.decided.unlink', 'erase.decided.leave', 'erase.asPlanned', 'erase.state', 'erase.steps'],
  ...['erase.suppression', 'scan.sure', 'scan.examined', 'scan.notExamined', 'ledger.state', 'ledger.leaves'],
];
const PLACES = [
  'audit.html',
  'audit.xlsx',
  'audit.json',
  'matchReport.html',
  'plan.path',
  'run.certificatePath',
  'later.run.certificatePath',
  'erase.certificatePath',
  'scan.report',
  'letter.path',
  'access.path',
];

/** Shares of 0 to 1, told as percent; cut, not rounded. */
const SHARES = ['match.truth.precision', 'match.truth.recall', 'match.truth.recallWithReview'];
const percentOf = (share: number): string => `${String(Math.floor(share * 1000 + 1e-9) / 10)} %`;

/** The value at `audit.people`; undefined when the result has none. */
const valueAt = (result: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      result,
    );

const wordOf = (path: string, value: string | number | boolean, text: ResultTexts['text']): string => {
  if (path === 'erase.suppression') return text(`word.suppression.${String(value)}`);
  if (path.endsWith('.state')) return text(`word.state.${String(value)}`);
  if (typeof value === 'boolean') return text(value ? 'word.yes' : 'word.no');
  return typeof value === 'number' && SHARES.includes(path) ? percentOf(value) : String(value);
};

const rowsOf = (result: FinishedDemo, paths: readonly string[], text: ResultTexts['text']): readonly Row[] =>
  paths.flatMap((path) => {
    const value = valueAt(result, path);
    const told = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (!told) return [];
    return [{ what: text(`demo.figure.${path}`), value: wordOf(path, value, text) }];
  });

/** The summary of a demo: what was found, what was done, where the artefacts lie. */
export const demoTables = (result: FinishedDemo, text: ResultTexts['text']): readonly Table[] => {
  const { loaded } = result;
  return [
    {
      title: text('demo.table.org'),
      rows: [
        { what: text('demo.row.name'), value: result.orgName },
        { what: text('demo.row.rows'), value: `${loaded.rows} (${Object.keys(loaded.objects).length})` },
        { what: text('demo.row.calls'), value: String(loaded.calls) },
        { what: text('demo.row.seconds'), value: String(result.seconds) },
      ],
    },
    { title: text('demo.table.found'), rows: rowsOf(result, FOUND, text) },
    { title: text('demo.table.done'), rows: rowsOf(result, DONE, text) },
    { title: text('demo.table.places'), rows: rowsOf(result, PLACES, text) },
  ];
};

const ARTEFACTS = {
  'audit.html': 'audit.html',
  'matchReport.html': 'match-report.html',
  'run.certificatePath': 'certificate.html',
  'later.run.certificatePath': 'certificate-of-archive.html',
  'erase.certificatePath': 'certificate-of-erasure.html',
  'scan.report': 'residual-scan.html',
} as const;

/** What the workbench links to: artefacts without personal data. */
export const demoArtefacts = (
  result: FinishedDemo,
  text: ResultTexts['text'],
): readonly { readonly title: string; readonly name: string; readonly path: string }[] =>
  Object.entries(ARTEFACTS).flatMap(([place, name]) => {
    const path = valueAt(result, place);
    return typeof path === 'string' ? [{ title: text(`demo.figure.${place}`), name, path }] : [];
  });
