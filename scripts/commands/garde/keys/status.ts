import { keyStatuses } from '../../../app/keys.ts';
import { GardeCommand, messagesOf } from '../../gardeCommand.ts';
import { orgIdOf, vaultOrgFlags } from '../../vaultFlags.ts';

const messages = messagesOf('garde.keys.status');

export type KeysStatusResult = {
  readonly keys: readonly {
    readonly orgId: string;
    readonly state: 'open' | 'locked' | 'missing' | 'unfinished-rotation';
    readonly fingerprint: string | null;
    readonly madeAt: string | null;
    readonly sealedByPassphrase: boolean | null;
    readonly recipients: readonly {
      readonly recipient: string;
      readonly addedAt: string;
      readonly testedAt: string | null;
      readonly copy: boolean;
    }[];
    readonly lastRestoreTest: string | null;
    readonly holdings: readonly { readonly kind: string; readonly count: number }[];
    /** Paths that others may read; null on Windows, where it is not checked. */
    readonly exposed: readonly string[] | null;
  }[];
};
type Status = KeysStatusResult['keys'][number];

const RECIPIENTS_NEEDED = 2;
const dayOf = (instant: string | null): string | null => instant?.slice(0, 10) ?? null;

export default class KeysStatus extends GardeCommand<KeysStatusResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = vaultOrgFlags;

  public async run(): Promise<KeysStatusResult> {
    const { flags } = await this.parse(KeysStatus);
    const keys = keyStatuses(this.gardeDataDir(), orgIdOf(flags));
    if (keys.length === 0) this.log(this.text('keys.status.none'));
    else {
      this.showTable(keys.map((status) => this.rowOf(status)));
      for (const status of keys) this.advise(status);
    }
    return { keys };
  }

  private rowOf(status: Status): Readonly<Record<string, unknown>> {
    const { orgId, state, fingerprint, madeAt, recipients, lastRestoreTest, holdings, sealedByPassphrase } = status;
    return {
      org: orgId,
      keyState: state,
      fingerprint,
      made: dayOf(madeAt),
      passphrase: sealedByPassphrase,
      recipients: recipients.length,
      restoreTest: dayOf(lastRestoreTest),
      depends: holdings.map(({ kind, count }) => `${this.text(`word.kind.${kind}`)} ${String(count)}`).join(', '),
    };
  }

  private advise({ orgId, state, recipients, exposed, lastRestoreTest }: Status): void {
    if (state !== 'open') this.warn(this.text(`keys.status.${state}`, [orgId]));
    const copies = recipients.filter(({ copy }) => copy).length;
    if (state === 'open' && copies < RECIPIENTS_NEEDED)
      this.warn(this.text('keys.status.fewRecipients', [orgId, copies]));
    if (copies > 0 && lastRestoreTest === null) this.warn(this.text('keys.status.neverTested', [orgId]));
    if (exposed === null) this.log(this.text('keys.status.modesUnknown'));
    for (const path of exposed ?? []) this.warn(this.text('keys.status.exposed', [path]));
    if (recipients.length === 0) return;
    this.showTable(
      recipients.map(({ recipient, addedAt, testedAt, copy }) => ({
        recipient,
        addedOn: dayOf(addedAt),
        restoreTest: dayOf(testedAt),
        copy,
      })),
      this.text('keys.status.recipients', [orgId]),
    );
  }
}
