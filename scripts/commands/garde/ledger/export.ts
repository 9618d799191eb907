import { Flags } from '@salesforce/sf-plugins-core';
import { runLedgerExport } from '../../../app/ledger.ts';
import type { LedgerExported } from '../../../app/ledger.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.ledger.export');

export type LedgerExportResult = LedgerExported;

export default class LedgerExport extends GardeCommand<LedgerExportResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    key: Flags.string({ multiple: true, summary: messages.getMessage('flags.key.summary') }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
  };

  public async run(): Promise<LedgerExportResult> {
    const { flags } = await this.parse(LedgerExport);
    const { key: keys = [], charter } = flags;
    const order = { keys, outputDir: flags['output-dir'], ...(charter === undefined ? {} : { charterPath: charter }) };
    const result = await runLedgerExport(order, await this.openPorts(flags));
    this.logSuccess(this.text('ledger.export.done', [result.checkpoints, result.leaves, result.path]));
    this.log(this.text('ledger.export.verify', [result.verifierPath, result.path]));
    this.log(this.text('ledger.verify.verifierKey', [result.verifierKey]));
    if (!result.timestamped) this.log(this.text('ledger.verify.notTimestamped'));
    if (result.witnesses === 0) this.log(this.text('ledger.verify.notWitnessed'));
    return result;
  }
}
