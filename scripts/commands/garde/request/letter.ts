import { Flags } from '@salesforce/sf-plugins-core';
import { answerErasure, type SealedLetter } from '../../../app/answerErasure.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';
import { planFlag } from '../../planFlags.ts';

const messages = messagesOf('garde.request.letter');

export type RequestLetterResult = {
  /** The sealed letter (age, one-time passphrase). */
  readonly path: string;
  readonly holdingId: string;
  /** ISO instant after which the next Garde command removes it. */
  readonly expiresAt: string;
  /** Shown once and kept nowhere; absent when it went to --passphrase-file. */
  readonly passphrase?: string;
  readonly passphraseFile?: string;
};

export default class RequestLetter extends GardeCommand<RequestLetterResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    ...planFlag,
    language: Flags.option({
      options: ['en', 'fr'] as const,
      summary: messages.getMessage('flags.language.summary'),
    })(),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
    'passphrase-file': Flags.file({ summary: messages.getMessage('flags.passphrase-file.summary') }),
  };

  public async run(): Promise<RequestLetterResult> {
    const { flags } = await this.parse(RequestLetter);
    const order = {
      ...{ planPath: flags.plan, outputDir: flags['output-dir'] },
      ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
      ...(flags.language === undefined ? {} : { language: flags.language }),
      ...(flags['passphrase-file'] === undefined ? {} : { passphraseFile: flags['passphrase-file'] }),
    };
    const sealed = await answerErasure(order, await this.openPorts(flags));
    this.show(sealed);
    return sealed;
  }

  private show({ path, expiresAt, passphrase, passphraseFile }: SealedLetter): void {
    this.logSuccess(this.text('request.letter.sealed', [path]));
    this.log(this.text('request.access.expires', [expiresAt.slice(0, 10)]));
    if (passphrase !== undefined) this.log(this.text('request.access.passphrase', [passphrase]));
    if (passphraseFile !== undefined) this.log(this.text('request.access.passphraseFile', [passphraseFile]));
  }
}
