import { Flags } from '@salesforce/sf-plugins-core';
import { passphraseIn } from '../../../app/keys.ts';
import { runEraseReplay, type Replayed } from '../../../app/suppression.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.erase.replay');

/** Erased people are there again. */
const FOUND = 68;

export type EraseReplayResult = {
  /** The org whose erasures these are. */
  readonly sourceOrg: string;
  readonly erasures: number;
  readonly people: readonly {
    readonly erasedAt: string;
    readonly roots: readonly { readonly object: string; readonly id: string }[];
    readonly others: readonly { readonly object: string; readonly id: string }[];
  }[];
  /** Objects that the running user cannot see: not examined. */
  readonly hidden: readonly string[];
  /** Paths of the plans that erase again, one a person. */
  readonly plans: readonly string[];
};

const toResult = ({ sourceOrg, erasures, people, hidden, plans }: Replayed): EraseReplayResult => ({
  ...{ sourceOrg, erasures, hidden, plans },
  people: people.map(({ at, roots, others }) => ({ erasedAt: at, roots, others })),
});

export default class EraseReplay extends GardeCommand<EraseReplayResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    'input-file': Flags.file({ required: true, summary: messages.getMessage('flags.input-file.summary') }),
    'passphrase-file': Flags.file({
      required: true,
      exists: true,
      summary: messages.getMessage('flags.passphrase-file.summary'),
    }),
    'dry-run': Flags.boolean({ default: false, summary: messages.getMessage('flags.dry-run.summary') }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
  };

  public async run(): Promise<EraseReplayResult> {
    const { flags } = await this.parse(EraseReplay);
    const replayed = await runEraseReplay(
      {
        ...{ input: flags['input-file'], plan: !flags['dry-run'], outputDir: flags['output-dir'] },
        passphrase: passphraseIn(flags['passphrase-file']),
        ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
      },
      await this.openPorts(flags),
      this.tell,
    );
    this.finishProgress();
    const result = toResult(replayed);
    this.show(result);
    process.exitCode = result.people.length > 0 ? FOUND : 0;
    return result;
  }

  private show({ erasures, people, hidden, plans }: EraseReplayResult): void {
    for (const object of hidden) this.warn(this.text('erase.replay.hidden', [object]));
    if (people.length > 0) {
      this.showTable(
        people.map(({ erasedAt, roots, others }) => ({
          recordId: roots[0]?.id ?? others[0]?.id ?? '',
          since: erasedAt.slice(0, 10),
          rows: roots.length + others.length,
        })),
        this.text('erase.replay.found'),
      );
    }
    this.log(this.text('erase.replay.counts', [erasures, people.length]));
    for (const path of plans) this.log(this.text('suppress.sweep.planned', [path]));
    const left = people.filter(({ roots }) => roots.length === 0).length;
    if (left > 0) this.warn(this.text('erase.replay.left', [left]));
  }
}
