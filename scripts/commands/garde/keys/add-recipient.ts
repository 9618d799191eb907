import { Args } from '@oclif/core';
import { keysOf, orgOf } from '../../../app/keys.ts';
import { GardeCommand, messagesOf } from '../../gardeCommand.ts';
import { orgIdOf, vaultOrgFlags } from '../../vaultFlags.ts';

const messages = messagesOf('garde.keys.add-recipient');

export type KeysAddRecipientResult = {
  readonly orgId: string;
  readonly recipient: string;
  /** The sealed copy of the org key. */
  readonly path: string;
  readonly recipients: number;
};

export default class KeysAddRecipient extends GardeCommand<KeysAddRecipientResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly args = {
    recipient: Args.string({ required: true, description: messages.getMessage('args.recipient.summary') }),
  };

  public static override readonly flags = vaultOrgFlags;

  public async run(): Promise<KeysAddRecipientResult> {
    const { flags, args } = await this.parse(KeysAddRecipient);
    const keys = keysOf(this.gardeDataDir());
    const orgId = orgOf(keys, orgIdOf(flags));
    const added = await keys.addRecipient(orgId, args.recipient);
    this.logSuccess(this.text('keys.add-recipient.done', [orgId, added.recipients, added.path]));
    this.log(this.text('keys.add-recipient.next'));
    return { orgId, recipient: args.recipient.trim(), ...added };
  }
}
