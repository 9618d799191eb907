import { Flags } from '@salesforce/sf-plugins-core';
import { answerAccess } from '../../../app/answerAccess.ts';
import type { AccessAnswer } from '../../../app/answerAccess.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.request.access');

/** Places and ids a line of the table shows; --json has them all. */
const MOST_SHOWN = 5;

export type RequestAccessResult = {
  readonly requestKey: string;
  readonly holdingId: string;
  /** The sealed archive (age, one-time passphrase). */
  readonly path: string;
  /** ISO instant after which the next Garde command removes it. */
  readonly expiresAt: string;
  /** Shown once and kept nowhere; absent when it went to --passphrase-file. */
  readonly passphrase?: string;
  readonly passphraseFile?: string;
  /** The person's own records. */
  readonly subject: readonly { readonly object: string; readonly id: string }[];
  readonly completeness: 'complete' | 'incomplete';
  readonly hidden: readonly { readonly object: string; readonly field?: string; readonly evidence: string }[];
  readonly records: number;
  readonly files: { readonly included: number; readonly heldBack: number };
  readonly redactions: readonly { readonly kind: string; readonly reason: string; readonly count: number }[];
  /** What a person must look at before the dossier goes out. */
  readonly review: readonly {
    readonly kind: string;
    readonly object?: string;
    readonly fields?: readonly string[];
    readonly ids?: readonly string[];
    readonly count: number;
  }[];
  /** API calls made. */
  readonly calls: number;
};

export default class RequestAccess extends GardeCommand<RequestAccessResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    person: Flags.string({ char: 'p', required: true, summary: messages.getMessage('flags.person.summary') }),
    'include-matching-email': Flags.boolean({
      default: false,
      summary: messages.getMessage('flags.include-matching-email.summary'),
    }),
    language: Flags.option({
      options: ['en', 'fr'] as const,
      summary: messages.getMessage('flags.language.summary'),
    })(),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
    'passphrase-file': Flags.file({ summary: messages.getMessage('flags.passphrase-file.summary') }),
  };

  public async run(): Promise<RequestAccessResult> {
    const { flags } = await this.parse(RequestAccess);
    const order = {
      person: flags.person,
      includeMatchingEmail: flags['include-matching-email'],
      outputDir: flags['output-dir'],
      ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
      ...(flags.language === undefined ? {} : { language: flags.language }),
      ...(flags['passphrase-file'] === undefined ? {} : { passphraseFile: flags['passphrase-file'] }),
    };
    const ports = await this.openPorts(flags);
    const answer = await answerAccess(order, ports, this.tell);
    this.finishProgress();
    this.show(answer);
    return { ...answer, calls: ports.org.calls() };
  }

  private show(answer: AccessAnswer): void {
    const { files, hidden, review } = answer;
    this.logSuccess(this.text('request.access.compiled', [answer.path]));
    this.log(this.text('request.access.counts', [answer.records, files.included, files.heldBack]));
    if (hidden.length > 0) this.warn(this.text('request.access.incomplete', [hidden.length]));
    this.log(this.text('request.access.expires', [answer.expiresAt.slice(0, 10)]));
    if (answer.passphrase !== undefined) this.log(this.text('request.access.passphrase', [answer.passphrase]));
    if (answer.passphraseFile !== undefined)
      this.log(this.text('request.access.passphraseFile', [answer.passphraseFile]));
    if (review.length === 0) return;
    this.log();
    this.table({
      title: this.text('request.access.review'),
      data: review.map(({ kind, object, fields = [], ids = [], count }) => ({
        what: this.text(`request.access.review.${kind}`),
        place: [object ?? '', [...fields, ...ids].slice(0, MOST_SHOWN).join(', ')].join(' ').trim(),
        count,
      })),
      columns: [
        { key: 'what', name: this.text('request.access.column.what') },
        { key: 'place', name: this.text('request.access.column.place') },
        { key: 'count', name: this.text('request.access.column.count') },
      ],
      overflow: 'wrap',
    });
  }
}
