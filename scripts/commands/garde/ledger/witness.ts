import { Flags } from '@salesforce/sf-plugins-core';
import { systemClock, systemRandom } from '../../../app/ports.ts';
import { runWitness } from '../../../app/witness.ts';
import type { WitnessResult } from '../../../app/witness.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';

const messages = messagesOf('garde.ledger.witness');

export type LedgerWitnessResult = WitnessResult;

export default class LedgerWitness extends GardeCommand<LedgerWitnessResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...languageFlag,
    export: Flags.file({ required: true, exists: true, summary: messages.getMessage('flags.export.summary') }),
    key: Flags.string({ required: true, summary: messages.getMessage('flags.key.summary') }),
    name: Flags.string({ required: true, summary: messages.getMessage('flags.name.summary') }),
    'state-dir': Flags.directory({ required: true, summary: messages.getMessage('flags.state-dir.summary') }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
  };

  public async run(): Promise<LedgerWitnessResult> {
    const { flags } = await this.parse(LedgerWitness);
    const result = await runWitness(
      {
        ...{ exportPath: flags.export, stateDir: flags['state-dir'], outputDir: flags['output-dir'] },
        ...{ name: flags.name, ledgerKey: flags.key },
      },
      { clock: systemClock, random: systemRandom },
    );
    this.logSuccess(this.text('ledger.witness.done', [result.size, result.notePath]));
    this.log(this.text('ledger.witness.verifierKey', [result.verifierKey]));
    return result;
  }
}
