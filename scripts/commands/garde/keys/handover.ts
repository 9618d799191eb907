import { Flags } from '@salesforce/sf-plugins-core';
import { handOver } from '../../../app/keys.ts';
import { GardeCommand, messagesOf } from '../../gardeCommand.ts';
import { orgIdOf, vaultOrgFlags } from '../../vaultFlags.ts';

const messages = messagesOf('garde.keys.handover');

export type KeysHandoverResult = {
  readonly orgId: string;
  readonly path: string;
  /** After it the file is refused, and removed from here by the next command. */
  readonly expiresAt: string;
  /** Shown once and kept nowhere; absent when a recipient or a file got it. */
  readonly passphrase?: string;
};

export default class KeysHandover extends GardeCommand<KeysHandoverResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...vaultOrgFlags,
    out: Flags.file({ required: true, summary: messages.getMessage('flags.out.summary') }),
    to: Flags.string({ exclusive: ['passphrase-file'], summary: messages.getMessage('flags.to.summary') }),
    'passphrase-file': Flags.file({ summary: messages.getMessage('flags.passphrase-file.summary') }),
    days: Flags.integer({ default: 7, min: 1, max: 90, summary: messages.getMessage('flags.days.summary') }),
  };

  public async run(): Promise<KeysHandoverResult> {
    const { flags } = await this.parse(KeysHandover);
    const file = flags['passphrase-file'];
    const made = await handOver(this.gardeDataDir(), {
      orgId: orgIdOf(flags),
      path: flags.out,
      days: flags.days,
      ...(flags.to === undefined ? {} : { to: flags.to }),
      ...(file === undefined ? {} : { passphraseFile: file }),
    });
    this.logSuccess(this.text('keys.handover.done', [made.orgId, made.path, made.expiresAt.slice(0, 10)]));
    if (made.passphrase !== undefined) this.log(this.text('keys.handover.passphrase', [made.passphrase]));
    this.log(this.text('keys.handover.next'));
    return made;
  }
}
