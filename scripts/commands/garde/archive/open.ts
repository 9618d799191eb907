import { Flags } from '@salesforce/sf-plugins-core';
import { runOpenArchive } from '../../../app/openArchive.ts';
import { GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.archive.open');

export type ArchiveOpenResult = {
  /** Record ids of the archive and of the log of this access. */
  readonly archive: string;
  readonly access: string;
  readonly key: string;
  readonly rows: number;
  readonly until: string;
  readonly path?: string;
  /** Shown once and kept nowhere. */
  readonly passphrase?: string;
  readonly expiresAt?: string;
  /** Records in the clear, the person's own first; only with --in-clear. */
  readonly records?: readonly {
    readonly object: string;
    readonly id: string;
    readonly values: Readonly<Record<string, string | number | boolean | null>>;
  }[];
};

export default class ArchiveOpen extends GardeCommand<ArchiveOpenResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    archive: Flags.string({ required: true, summary: messages.getMessage('flags.archive.summary') }),
    reason: Flags.string({ required: true, summary: messages.getMessage('flags.reason.summary') }),
    out: Flags.file({ exactlyOne: ['out', 'in-clear'], summary: messages.getMessage('flags.out.summary') }),
    'in-clear': Flags.boolean({ summary: messages.getMessage('flags.in-clear.summary') }),
    days: Flags.integer({ default: 7, min: 1, max: 30, summary: messages.getMessage('flags.days.summary') }),
  };

  public async run(): Promise<ArchiveOpenResult> {
    const { flags } = await this.parse(ArchiveOpen);
    const { archive, reason, out, days } = flags;
    const order = { archive, reason, days, ...(out === undefined ? {} : { out }) };
    const { content, file, ...opened } = await runOpenArchive(order, await this.openPorts(flags));
    this.logSuccess(this.text('archive.open.done', [opened.rows, opened.key, opened.until, opened.access]));
    if (file !== undefined) {
      this.log(this.text('archive.open.file', [file.path, file.expiresAt.slice(0, 10)]));
      this.log(this.text('archive.open.passphrase', [file.passphrase]));
    }
    if (content !== undefined) this.log(JSON.stringify(content.rows, null, 2));
    return { ...opened, ...file, ...(content === undefined ? {} : { records: content.rows }) };
  }
}
