import { Flags } from '@salesforce/sf-plugins-core';
import { runSuppressCheck, type CheckedFile } from '../../../app/suppression.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.suppress.check');

/** Some rows must not be imported, or be looked at. */
const FOUND = 68;
const MOST_SHOWN = 40;

export type SuppressCheckResult = {
  readonly file: string;
  readonly rows: number;
  /** Rows without a name, address or number. */
  readonly empty: number;
  /** People on the list. */
  readonly listed: number;
  /** Row numbers, the first below the header being 1; never what stands in them. */
  readonly found: readonly {
    readonly row: number;
    readonly verdict: string;
    /** `erasure` or `objection`. */
    readonly cause: string;
    readonly by: readonly string[];
  }[];
  readonly columns: readonly { readonly name: string; readonly role: string; readonly by: string }[];
};

const toResult = ({ file, candidates, empty, listed, found, columns }: CheckedFile): SuppressCheckResult => ({
  ...{ file, rows: candidates, empty, listed },
  found: found.map(({ place, verdict, cause, by }) => ({ row: place, verdict, cause, by })),
  columns: columns.map(({ name, role, by }) => ({ name, role, by })),
});

export default class SuppressCheck extends GardeCommand<SuppressCheckResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    input: Flags.file({ required: true, summary: messages.getMessage('flags.input.summary') }),
    columns: Flags.file({ summary: messages.getMessage('flags.columns.summary') }),
  };

  public async run(): Promise<SuppressCheckResult> {
    const { flags } = await this.parse(SuppressCheck);
    const { input, columns, charter } = flags;
    const order = {
      input,
      ...(columns === undefined ? {} : { columns }),
      ...(charter === undefined ? {} : { charterPath: charter }),
    };
    const result = toResult(await runSuppressCheck(order, await this.openPorts(flags)));
    this.show(result);
    process.exitCode = result.found.length > 0 ? FOUND : 0;
    return result;
  }

  private show({ file, rows, empty, listed, found, columns }: SuppressCheckResult): void {
    this.showTable(
      columns.map(({ name, role }) => ({ column: name, holds: role })),
      this.text('suppress.check.columns'),
    );
    if (found.length > 0) {
      this.showTable(
        found.slice(0, MOST_SHOWN).map(({ row, verdict, cause, by }) => ({
          row,
          suppressed: verdict,
          listedFor: cause,
          by: by.map((one) => this.text(`word.fingerprint.${one}`)).join(', '),
        })),
        this.text('suppress.check.found'),
      );
      if (found.length > MOST_SHOWN) this.log(this.text('suppress.check.more', [found.length - MOST_SHOWN]));
    }
    const of = (verdict: string): number => found.filter((one) => one.verdict === verdict).length;
    this.log(this.text('suppress.check.counts', [file, rows, listed, of('caught'), of('look'), empty]));
    for (const cause of new Set(found.map((one) => one.cause))) this.log(this.text(`suppress.advice.${cause}`));
    this.log(this.text('suppress.limits'));
  }
}
