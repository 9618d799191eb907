import { Flags } from '@salesforce/sf-plugins-core';
import { runFindArchives } from '../../../app/findArchives.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.archive.find');

export type ArchiveFindResult = {
  readonly found: readonly {
    /** Record id of the archive. */
    readonly archive: string;
    readonly key: string;
    readonly rule: string;
    readonly until: string;
    /** What led to it: `email`, `phone`, `name-birth`, … */
    readonly by: readonly string[];
  }[];
  readonly looked: number;
  /** Archives that have no fingerprints and cannot be found so. */
  readonly without: number;
};

const given = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);

export default class ArchiveFind extends GardeCommand<ArchiveFindResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    email: Flags.string({ multiple: true, summary: messages.getMessage('flags.email.summary') }),
    phone: Flags.string({ multiple: true, summary: messages.getMessage('flags.phone.summary') }),
    'first-name': Flags.string({ summary: messages.getMessage('flags.first-name.summary') }),
    'last-name': Flags.string({ summary: messages.getMessage('flags.last-name.summary') }),
    'birth-date': Flags.string({ summary: messages.getMessage('flags.birth-date.summary') }),
    'postal-code': Flags.string({ summary: messages.getMessage('flags.postal-code.summary') }),
    street: Flags.string({ dependsOn: ['postal-code'], summary: messages.getMessage('flags.street.summary') }),
  };

  public async run(): Promise<ArchiveFindResult> {
    const { flags } = await this.parse(ArchiveFind);
    const [first, last] = [given(flags['first-name']), given(flags['last-name'])];
    const postcode = flags['postal-code'] ?? '';
    const marks = {
      names:
        first.length === 0 || last.length === 0
          ? []
          : [{ full: [...first, ...last].join(' '), given: first, family: last }],
      ...{ emails: flags.email ?? [], phones: flags.phone ?? [], birthDates: given(flags['birth-date']) },
      addresses: postcode === '' ? [] : [{ street: flags.street ?? '', postcode }],
    };
    const order = { marks, ...(flags.charter === undefined ? {} : { charterPath: flags.charter }) };
    const result = await runFindArchives(order, await this.openPorts(flags));
    if (result.found.length > 0) this.showTable(result.found.map(({ by, ...one }) => ({ ...one, by: by.join(', ') })));
    this.log(this.text('archive.find.done', [result.found.length, result.looked]));
    if (result.without > 0) this.warn(this.text('archive.find.without', [result.without]));
    return result;
  }
}
