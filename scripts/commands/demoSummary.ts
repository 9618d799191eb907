import type { Messages } from '@salesforce/core';
import type { DemoDay } from '../app/demo/runDemo.ts';

/** What the summary tells of. */
export type FinishedDemo = DemoDay & { readonly outputDir: string; readonly seconds: number };

type Row = { readonly what: string; readonly value: string };
type Table = { readonly title: string; readonly rows: readonly Row[] };

const isFigure = (value: unknown): value is number | string => typeof value === 'number' || typeof value === 'string';

/** The plain figures of a command's result, as the command names them. */
const figures = (prefix: string, result: Readonly<Record<string, unknown>>): readonly Row[] =>
  Object.entries(result)
    .filter(([name, value]) => isFigure(value) && !/passphrase|path|digest/i.test(name))
    .map(([name, value]) => ({ what: `${prefix}: ${name}`, value: String(value) }));

const pathsIn = (result: Readonly<Record<string, unknown>>): readonly Row[] =>
  Object.entries(result).flatMap(([name, value]) =>
    typeof value === 'string' && /path$|^html$|^xlsx$|^json$/i.test(name) ? [{ what: name, value }] : [],
  );

/** The summary of a demo: what was found, what was done, where the artefacts lie. */
export const demoTables = (result: FinishedDemo, messages: Messages<string>): readonly Table[] => {
  const text = (key: string): string => messages.getMessage(key);
  return [
    {
      title: text('table.org'),
      rows: [
        { what: result.orgName, value: `${Object.keys(result.loaded.objects).length} objects` },
        { what: text('row.rows'), value: String(result.loaded.rows) },
        { what: text('row.calls'), value: String(result.loaded.calls) },
        { what: text('row.seconds'), value: String(result.seconds) },
      ],
    },
    {
      title: text('table.found'),
      rows: [...figures('doctor', result.doctor.counts), ...figures('audit', result.audit)],
    },
    {
      title: text('table.done'),
      rows: [
        ...figures('plan', result.plan),
        ...figures('rehearsal', result.rehearsal),
        ...figures('run', result.run),
        ...figures('ledger', result.ledger),
      ],
    },
    { title: text('table.artefacts'), rows: [result.audit, result.access, result.plan, result.run].flatMap(pathsIn) },
  ];
};

/** What the workbench links to: artefacts without personal data. */
export const demoArtefacts = (
  result: FinishedDemo,
  messages: Messages<string>,
): readonly { readonly title: string; readonly name: string; readonly path: string }[] => {
  const pick = (from: Readonly<Record<string, unknown>>, field: string, title: string, name: string) => {
    const path = from[field];
    return typeof path === 'string' ? [{ title, name, path }] : [];
  };
  return [
    ...pick(result.audit, 'html', messages.getMessage('artefact.audit'), 'audit.html'),
    ...pick(result.run, 'certificatePath', messages.getMessage('artefact.certificate'), 'certificate.html'),
  ];
};
