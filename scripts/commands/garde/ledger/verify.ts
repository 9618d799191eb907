import { Flags } from '@salesforce/sf-plugins-core';
import { checkLedger } from '../../../plan/checkLedger.ts';
import type { LedgerCheckResult } from '../../../plan/checkLedger.ts';
import { GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.ledger.verify');

export type LedgerVerifyResult = LedgerCheckResult;

export default class LedgerVerify extends GardeCommand<LedgerVerifyResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    key: Flags.string({ multiple: true, summary: messages.getMessage('flags.key.summary') }),
    publish: Flags.boolean({ default: false, summary: messages.getMessage('flags.publish.summary') }),
  };

  public async run(): Promise<LedgerVerifyResult> {
    const { flags } = await this.parse(LedgerVerify);
    const result = await checkLedger(
      { record: flags.publish, ...(flags.key === undefined ? {} : { keys: flags.key }) },
      await this.openPorts(flags),
    );
    if (result.faults.length > 0) this.showTable(result.faults);
    const told = this.text(`ledger.verify.state.${result.state}`, [result.checkpoints, result.leaves]);
    if (result.state === 'failed') this.warn(told);
    else this.logSuccess(told);
    this.log(this.text('ledger.verify.notTimestamped'));
    this.log(this.text('ledger.verify.verifierKey', [result.verifierKey]));
    process.exitCode = result.state === 'failed' ? 1 : 0;
    return result;
  }
}
