import { Flags } from '@salesforce/sf-plugins-core';
import { restoreKeyring } from '../../../app/keys.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';

const messages = messagesOf('garde.keys.restore');

export type KeysRestoreResult = {
  readonly orgId: string;
  /** Holdings that open again. */
  readonly opened: number;
  readonly closed: readonly string[];
};

export default class KeysRestore extends GardeCommand<KeysRestoreResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...languageFlag,
    copy: Flags.file({ required: true, exists: true, summary: messages.getMessage('flags.copy.summary') }),
    identity: Flags.file({
      exists: true,
      exactlyOne: ['identity', 'passphrase-file'],
      summary: messages.getMessage('flags.identity.summary'),
    }),
    'passphrase-file': Flags.file({ exists: true, summary: messages.getMessage('flags.passphrase-file.summary') }),
  };

  public async run(): Promise<KeysRestoreResult> {
    const { flags } = await this.parse(KeysRestore);
    const { copy, identity, 'passphrase-file': passphraseFile } = flags;
    const restored = await restoreKeyring(this.gardeDataDir(), copy, {
      ...(identity === undefined ? {} : { identityFile: identity }),
      ...(passphraseFile === undefined ? {} : { passphraseFile }),
    });
    const { orgId, opened, closed } = restored;
    this.logSuccess(this.text('keys.restore.done', [orgId, opened]));
    if (closed.length > 0) this.warn(this.text('keys.restore.closed', [closed.join(', ')]));
    return restored;
  }
}
