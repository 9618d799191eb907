import { Flags } from '@salesforce/sf-plugins-core';
import { runLedgerVerify } from '../../../app/ledger.ts';
import type { LedgerVerification } from '../../../app/ledger.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.ledger.verify');

export type LedgerVerifyResult = LedgerVerification;

export default class LedgerVerify extends GardeCommand<LedgerVerifyResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    key: Flags.string({ multiple: true, summary: messages.getMessage('flags.key.summary') }),
    publish: Flags.boolean({ default: false, summary: messages.getMessage('flags.publish.summary') }),
  };

  public async run(): Promise<LedgerVerifyResult> {
    const { flags } = await this.parse(LedgerVerify);
    const { key: keys = [], publish, charter } = flags;
    const order = { keys, publish, ...(charter === undefined ? {} : { charterPath: charter }) };
    const result = await runLedgerVerify(order, await this.openPorts(flags));
    if (result.faults.length > 0) this.showTable(result.faults);
    const told = this.text(`ledger.verify.state.${result.state}`, [result.checkpoints, result.leaves]);
    if (result.state === 'failed') this.warn(told);
    else this.logSuccess(told);
    this.tellTime(result);
    for (const { name, size, at } of result.witnessed) this.log(this.text('ledger.verify.witnessed', [name, size, at]));
    if (result.witnessed.length === 0) this.log(this.text('ledger.verify.notWitnessed'));
    this.log(this.text('ledger.verify.verifierKey', [result.verifierKey]));
    process.exitCode = result.state === 'failed' ? 1 : 0;
    return result;
  }

  private tellTime({ timestamp, timestamped, timestampsUnchecked, stamping }: LedgerVerifyResult): void {
    if (timestamp !== null) this.log(this.text('ledger.verify.timestamped', [timestamp.at, timestamp.size]));
    if (!timestamped) this.log(this.text('ledger.verify.notTimestamped'));
    if (timestampsUnchecked > 0) this.log(this.text('ledger.verify.timestampsUnchecked', [timestampsUnchecked]));
    if (stamping?.state === 'not-stamped') this.warn(this.text('ledger.verify.notStamped', [stamping.why]));
  }
}
