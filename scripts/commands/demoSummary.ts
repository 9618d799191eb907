import type { Messages } from '@salesforce/core';
import type { DemoDay } from '../app/demo/runDemo.ts';

/** What the summary tells of. */
export type FinishedDemo = DemoDay & { readonly outputDir: string; readonly seconds: number };

type Row = { readonly what: string; readonly value: string };
type Table = { readonly title: string; readonly rows: readonly Row[] };

/** Figures of the commands' results, in the order they are told; each has a text `figure.<path>`. */
const FOUND = [
  ...['doctor.counts.ok', 'doctor.counts.to-do', 'doctor.counts.by-hand'],
  ...['audit.state', 'audit.people', 'audit.personalFields', 'audit.specialFields', 'audit.undeclaredFields'],
  ...['audit.findings', 'access.records', 'access.files.included', 'plan.considered', 'plan.due', 'plan.kept'],
];
const DONE = [
  ...['rehearsal.asPlanned', 'rehearsal.deleted', 'run.state', 'run.peopleDone', 'run.stepsDone', 'run.peopleLeft'],
  ...['run.callsPredicted', 'run.callsUsed', 'run.windowMedian', 'run.windowLongest', 'ledger.state', 'ledger.leaves'],
];
const PLACES = ['audit.html', 'audit.xlsx', 'audit.json', 'plan.path', 'run.certificatePath', 'access.path'];

/** The value at `audit.people`; undefined when the result has none. */
const valueAt = (result: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      result,
    );

const rowsOf = (result: FinishedDemo, paths: readonly string[], messages: Messages<string>): readonly Row[] =>
  paths.flatMap((path) => {
    const value = valueAt(result, path);
    const told = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return told ? [{ what: messages.getMessage(`figure.${path}`), value: String(value) }] : [];
  });

/** The summary of a demo: what was found, what was done, where the artefacts lie. */
export const demoTables = (result: FinishedDemo, messages: Messages<string>): readonly Table[] => {
  const text = (key: string): string => messages.getMessage(key);
  const { loaded } = result;
  return [
    {
      title: text('table.org'),
      rows: [
        { what: text('row.name'), value: result.orgName },
        { what: text('row.rows'), value: `${loaded.rows} (${Object.keys(loaded.objects).length})` },
        { what: text('row.calls'), value: String(loaded.calls) },
        { what: text('row.seconds'), value: String(result.seconds) },
      ],
    },
    { title: text('table.found'), rows: rowsOf(result, FOUND, messages) },
    { title: text('table.done'), rows: rowsOf(result, DONE, messages) },
    { title: text('table.places'), rows: rowsOf(result, PLACES, messages) },
  ];
};

/** What the workbench links to: artefacts without personal data. */
export const demoArtefacts = (
  result: FinishedDemo,
  messages: Messages<string>,
): readonly { readonly title: string; readonly name: string; readonly path: string }[] =>
  (['audit.html', 'run.certificatePath'] as const).flatMap((place) => {
    const path = valueAt(result, place);
    const name = place === 'audit.html' ? 'audit.html' : 'certificate.html';
    return typeof path === 'string' ? [{ title: messages.getMessage(`figure.${place}`), name, path }] : [];
  });
