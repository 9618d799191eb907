import { Flags } from '@salesforce/sf-plugins-core';
import { runEraseExport } from '../../../app/suppression.ts';
import { GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.erase.export');

export type EraseExportResult = {
  readonly path: string;
  readonly erasures: number;
  readonly expiresAt: string;
  /** Shown once and kept nowhere; absent when it went to --passphrase-file. */
  readonly passphrase?: string;
};

export default class EraseExport extends GardeCommand<EraseExportResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    'output-file': Flags.file({ required: true, summary: messages.getMessage('flags.output-file.summary') }),
    'passphrase-file': Flags.file({ summary: messages.getMessage('flags.passphrase-file.summary') }),
  };

  public async run(): Promise<EraseExportResult> {
    const { flags } = await this.parse(EraseExport);
    const file = flags['passphrase-file'];
    const order = { path: flags['output-file'], ...(file === undefined ? {} : { passphraseFile: file }) };
    const { holding, erasures, passphrase } = await runEraseExport(order, await this.openPorts(flags));
    const { path, expiresAt } = holding;
    this.logSuccess(this.text('erase.export.done', [erasures, path, expiresAt.slice(0, 10)]));
    if (passphrase !== undefined) this.log(this.text('erase.export.passphrase', [passphrase]));
    return { path, erasures, expiresAt, ...(passphrase === undefined ? {} : { passphrase }) };
  }
}
