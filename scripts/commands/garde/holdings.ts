import { isAbsolute, join, relative } from 'node:path';
import { Flags } from '@salesforce/sf-plugins-core';
import { forgetHoldings, listHoldings } from '../../app/keys.ts';
import { HOLDINGS } from '../../model/holdings.ts';
import { GardeCommand, messagesOf } from '../gardeCommand.ts';
import { orgIdOf, vaultOrgFlags } from '../vaultFlags.ts';

const messages = messagesOf('garde.holdings');

export type HoldingsResult = {
  readonly holdings: readonly {
    readonly id: string;
    readonly orgId: string;
    readonly kind: string;
    readonly content: string;
    /** How it is kept, and the path. */
    readonly place: string;
    readonly path: string;
    readonly key: string;
    readonly keyFingerprint: string;
    readonly createdAt: string;
    readonly expiresAt: string;
    /** What decides the expiry of this kind. */
    readonly expiry: string;
    readonly reason: string | null;
    readonly bytes: number;
    readonly state: 'kept' | 'expired' | 'in-use' | 'gone' | 'replaced';
    readonly exposed: boolean;
  }[];
  /** Ids of what was removed. */
  readonly forgotten: readonly string[];
  /** Files in the data folder that nothing lists. */
  readonly strays: readonly string[];
};

export default class Holdings extends GardeCommand<HoldingsResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...vaultOrgFlags,
    forget: Flags.string({
      multiple: true,
      delimiter: ',',
      default: [],
      summary: messages.getMessage('flags.forget.summary'),
    }),
    'no-prompt': Flags.boolean({ default: false, summary: messages.getMessage('flags.no-prompt.summary') }),
  };

  public async run(): Promise<HoldingsResult> {
    const { flags } = await this.parse(Holdings);
    const forgotten = await this.forget(flags.forget, flags['no-prompt']);
    const listed = listHoldings(this.gardeDataDir(), orgIdOf(flags));
    const result: HoldingsResult = {
      forgotten,
      strays: listed.strays,
      holdings: listed.holdings.map(({ kind, reason, ...holding }) => {
        const { content, place, key, expiry } = HOLDINGS[kind];
        const said = { content: content[flags.language], expiry: expiry[flags.language] };
        // sealed to a public key instead of a passphrase
        const opens = holding.keyFingerprint.startsWith('age1') ? 'recipient-key' : key;
        return { ...holding, kind, place, key: opens, ...said, reason: reason ?? null };
      }),
    };
    this.show(result);
    return result;
  }

  private async forget(ids: readonly string[], sure: boolean): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    if (!sure && !this.jsonEnabled()) {
      const message = this.text('holdings.sure', [ids.length]);
      if (!(await this.confirm({ message }))) throw messages.createError('error.notConfirmed');
    }
    const went = forgetHoldings(this.gardeDataDir(), ids);
    this.logSuccess(this.text('holdings.forgotten', [went.length]));
    return went.map(({ id }) => id);
  }

  /** Below the data folder, which is the same for all, or where the user wanted it. */
  private placeOf(path: string): string {
    const inside = relative(join(this.gardeDataDir(), 'orgs'), path);
    return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
  }

  private show({ holdings, strays }: HoldingsResult): void {
    if (holdings.length === 0) this.log(this.text('holdings.none'));
    else {
      this.log(this.text('holdings.folder', [join(this.gardeDataDir(), 'orgs')]));
      this.showTable(
        holdings.map((one) => ({
          id: one.id,
          kind: one.kind,
          content: one.content,
          where: this.placeOf(one.path),
          opens: one.key,
          expires: one.expiresAt.startsWith('9999') ? null : one.expiresAt.slice(0, 10),
          because: one.reason ?? one.expiry,
          kilobytes: Math.ceil(one.bytes / 1024),
          holdingState: one.state,
        })),
      );
    }
    for (const { path, exposed } of holdings) if (exposed) this.warn(this.text('keys.status.exposed', [path]));
    if (process.platform === 'win32') this.log(this.text('keys.status.modesUnknown'));
    for (const path of strays) this.warn(this.text('holdings.stray', [path]));
  }
}
