import { Flags } from '@salesforce/sf-plugins-core';
import { auditOrg } from '../../app/auditOrg.ts';
import type { AuditOutcome } from '../../app/auditOrg.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../gardeCommand.ts';

const messages = messagesOf('garde.audit');

export type AuditResult = {
  /** `complete` only when nothing relevant was hidden from the running user. */
  readonly state: 'complete' | 'incomplete';
  readonly hiddenPlaces: number;
  readonly people: number;
  readonly objects: number;
  readonly personalFields: number;
  readonly specialFields: number;
  readonly undeclaredFields: number;
  /** Records whose free text holds an identifier or a telling word; a record counts once per kind. */
  readonly findings: number;
  readonly apiCalls: number;
  readonly html: string;
  readonly json: string;
  readonly xlsx: string;
  /** The sealed file with names, and the passphrase that opens it: shown once, kept nowhere. */
  readonly names?: { readonly path: string; readonly passphrase: string; readonly expiresAt: string };
};

const toResult = ({ report, figures, paths, names }: AuditOutcome): AuditResult => ({
  state: report.completeness.state,
  hiddenPlaces: report.completeness.hidden.length,
  people: figures.people,
  objects: figures.objects,
  personalFields: figures.fields,
  specialFields: figures.special,
  undeclaredFields: figures.undeclared,
  findings: figures.findings,
  apiCalls: report.cost.apiCalls,
  ...paths,
  ...(names === undefined ? {} : { names }),
});

export default class Audit extends GardeCommand<AuditResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
    scan: Flags.option({
      options: ['full', 'sample', 'none'] as const,
      default: 'full',
      summary: messages.getMessage('flags.scan.summary'),
      description: messages.getMessage('flags.scan.description'),
    })(),
    'sample-rows': Flags.integer({
      default: 2000,
      min: 1,
      max: 50_000,
      summary: messages.getMessage('flags.sample-rows.summary'),
    }),
    'with-names': Flags.boolean({ default: false, summary: messages.getMessage('flags.with-names.summary') }),
    publish: Flags.boolean({ default: false, summary: messages.getMessage('flags.publish.summary') }),
  };

  public async run(): Promise<AuditResult> {
    const { flags } = await this.parse(Audit);
    const order = {
      language: flags.language,
      outputDir: flags['output-dir'],
      scan: flags.scan,
      sampleRows: flags['sample-rows'],
      withNames: flags['with-names'],
      publish: flags.publish,
      ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
    };
    return this.show(toResult(await auditOrg(order, await this.openPorts(flags), this.tell)));
  }

  private show(result: AuditResult): AuditResult {
    if (result.state === 'incomplete') this.warn(this.text('audit.incomplete', [result.hiddenPlaces]));
    const figures = ['people', 'objects', 'personalFields', 'specialFields', 'undeclaredFields', 'findings'] as const;
    this.table({
      data: figures.map((figure) => ({ what: this.text(`audit.figure.${figure}`), count: result[figure] })),
      columns: [
        { key: 'what', name: this.text('audit.column.what') },
        { key: 'count', name: this.text('audit.column.count') },
      ],
    });
    this.log(this.text('audit.written', [result.html, result.json, result.xlsx]));
    if (result.names !== undefined) {
      const { path, passphrase, expiresAt } = result.names;
      this.log(this.text('audit.names', [path, expiresAt, passphrase]));
    }
    return result;
  }
}
