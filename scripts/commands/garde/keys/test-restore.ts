import { Flags } from '@salesforce/sf-plugins-core';
import { keysOf, orgOf } from '../../../app/keys.ts';
import { GardeCommand, messagesOf } from '../../gardeCommand.ts';
import { orgIdOf, vaultOrgFlags } from '../../vaultFlags.ts';

const messages = messagesOf('garde.keys.test-restore');

export type KeysTestRestoreResult = {
  readonly orgId: string;
  readonly recipient: string;
  /** Holdings whose key the recovered org key opens. */
  readonly opened: number;
  readonly closed: readonly string[];
};

export default class KeysTestRestore extends GardeCommand<KeysTestRestoreResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...vaultOrgFlags,
    identity: Flags.file({
      required: true,
      exists: true,
      summary: messages.getMessage('flags.identity.summary'),
    }),
    copy: Flags.file({ exists: true, summary: messages.getMessage('flags.copy.summary') }),
  };

  public async run(): Promise<KeysTestRestoreResult> {
    const { flags } = await this.parse(KeysTestRestore);
    const keys = keysOf(this.gardeDataDir());
    const tested = await keys.testRestore(orgOf(keys, orgIdOf(flags)), {
      identityFile: flags.identity,
      ...(flags.copy === undefined ? {} : { copy: flags.copy }),
    });
    const { recipient, opened, closed } = tested;
    if (closed.length === 0) this.logSuccess(this.text('keys.test-restore.done', [recipient, opened]));
    else this.warn(this.text('keys.test-restore.closed', [opened, closed.length, closed.join(', ')]));
    process.exitCode = closed.length === 0 ? 0 : 68;
    return tested;
  }
}
