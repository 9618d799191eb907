import { Flags } from '@salesforce/sf-plugins-core';
import { keysOf, orgOf, passphraseIn } from '../../../app/keys.ts';
import { GardeCommand, messagesOf } from '../../gardeCommand.ts';
import { orgIdOf, vaultOrgFlags } from '../../vaultFlags.ts';

const messages = messagesOf('garde.keys.rotate');

export type KeysRotateResult = {
  readonly orgId: string;
  /** True when an interrupted rotation was brought to its end. */
  readonly resumed: boolean;
  readonly rewrapped: number;
  /** Holdings that did not open before either. */
  readonly closed: readonly string[];
};

export default class KeysRotate extends GardeCommand<KeysRotateResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...vaultOrgFlags,
    drop: Flags.string({
      multiple: true,
      delimiter: ',',
      default: [],
      summary: messages.getMessage('flags.drop.summary'),
    }),
    'new-passphrase-file': Flags.file({
      exists: true,
      summary: messages.getMessage('flags.new-passphrase-file.summary'),
    }),
  };

  public async run(): Promise<KeysRotateResult> {
    const { flags } = await this.parse(KeysRotate);
    const keys = keysOf(this.gardeDataDir());
    const orgId = orgOf(keys, orgIdOf(flags));
    const file = flags['new-passphrase-file'];
    const rotated = await keys.rotate(orgId, {
      drop: flags.drop,
      ...(file === undefined ? {} : { newPassphrase: passphraseIn(file) }),
    });
    if (rotated.resumed) this.log(this.text('keys.rotate.resumed'));
    this.logSuccess(this.text('keys.rotate.done', [orgId, rotated.rewrapped]));
    if (rotated.closed.length > 0) this.warn(this.text('keys.rotate.closed', [rotated.closed.join(', ')]));
    this.log(this.text('keys.rotate.copies'));
    return { orgId, ...rotated };
  }
}
