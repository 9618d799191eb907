import { Flags } from '@salesforce/sf-plugins-core';
import { runSuppressAdd } from '../../../app/objection.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.suppress.add');

export type SuppressAddResult = {
  readonly object: string;
  readonly id: string;
  /** ISO instant after which the entry goes. */
  readonly expiresAt: string;
};

export default class SuppressAdd extends GardeCommand<SuppressAddResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    person: Flags.string({ required: true, summary: messages.getMessage('flags.person.summary') }),
  };

  public async run(): Promise<SuppressAddResult> {
    const { flags } = await this.parse(SuppressAdd);
    const { person, charter } = flags;
    const order = { person, ...(charter === undefined ? {} : { charterPath: charter }) };
    const { object, id, expiresAt } = await runSuppressAdd(order, await this.openPorts(flags), this.tell);
    this.finishProgress();
    this.logSuccess(this.text('suppress.add.done', [object, id, expiresAt.slice(0, 10)]));
    this.log(this.text('suppress.add.org'));
    return { object, id, expiresAt };
  }
}
