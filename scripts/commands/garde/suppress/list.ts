import { runSuppressList } from '../../../app/suppression.ts';
import { GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.suppress.list');

export type SuppressListResult = {
  readonly purpose: string;
  readonly basis: string;
  readonly counts: readonly { readonly cause: string; readonly count: number; readonly expiresAt: string }[];
};

export default class SuppressList extends GardeCommand<SuppressListResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = { ...orgFlags };

  public async run(): Promise<SuppressListResult> {
    const { flags } = await this.parse(SuppressList);
    const { terms, counts } = await runSuppressList(await this.openPorts(flags));
    const [purpose, basis] = [terms.purpose[flags.language], terms.basis[flags.language]];
    this.log(this.text('suppress.list.purpose', [purpose, basis]));
    if (counts.length === 0) this.log(this.text('suppress.list.empty'));
    else {
      this.showTable(
        counts.map(({ cause, count, expiresAt }) => ({
          listedFor: cause,
          people: count,
          expires: expiresAt.slice(0, 10),
        })),
        this.text('suppress.list.title'),
      );
    }
    return { purpose, basis, counts };
  }
}
