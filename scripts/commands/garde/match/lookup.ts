import { Flags } from '@salesforce/sf-plugins-core';
import { runMatchLookup } from '../../../app/matchLookup.ts';
import type { FileLookup } from '../../../matching/lookUpFile.ts';
import { GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.match.lookup');

export type MatchLookupResult = {
  /** ISO instant at which the org was read for the index. */
  readonly readAt: string;
  /** Records of the org in the index. */
  readonly rows: number;
  readonly records: readonly {
    readonly id: string;
    /** Likeliest first. */
    readonly found: readonly {
      readonly id: string;
      readonly object: string;
      readonly probability: number;
      readonly link: 'person' | 'household' | 'organisation';
      readonly zone: 'auto' | 'review';
    }[];
    readonly compared: number;
    /** By rule, records that share too common a value and were not compared by it. */
    readonly leftOut: readonly { readonly rule: string; readonly records: number }[];
  }[];
  /** Roles of columns that the index has nothing to compare with. */
  readonly unused: readonly string[];
  readonly pairsFile: string | null;
};

const toResult = ({ readAt, rows, records }: FileLookup, pairs: string | undefined): MatchLookupResult => ({
  ...{ readAt, rows },
  records: records.map(({ id, answer: { hits, compared, leftOut } }) => ({
    ...{ id, compared, leftOut },
    found: hits.map(({ id: other, table, probability, link, zone }) => ({
      ...{ id: other, object: table, probability, link, zone },
    })),
  })),
  unused: [...new Set(records.flatMap(({ answer }) => answer.unused))],
  pairsFile: pairs ?? null,
});

export default class MatchLookup extends GardeCommand<MatchLookupResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    input: Flags.file({ char: 'i', required: true, summary: messages.getMessage('flags.input.summary') }),
    columns: Flags.file({ summary: messages.getMessage('flags.columns.summary') }),
    pairs: Flags.file({ summary: messages.getMessage('flags.pairs.summary') }),
  };

  public async run(): Promise<MatchLookupResult> {
    const { flags } = await this.parse(MatchLookup);
    const order = {
      input: flags.input,
      ...(flags.columns === undefined ? {} : { columns: flags.columns }),
      ...(flags.pairs === undefined ? {} : { pairs: flags.pairs }),
    };
    const result = toResult(await runMatchLookup(order, await this.openPorts(flags), this.tell), flags.pairs);
    this.show(result);
    return result;
  }

  private show({ records, readAt, unused, pairsFile }: MatchLookupResult): void {
    this.finishProgress();
    const lines = records.flatMap(({ id, found }) =>
      found.map((one) => ({
        record: id,
        object: one.object,
        found: one.id,
        link: this.text(`word.link.${one.link}`),
        zone: this.text(`word.zone.${one.zone}`),
        sure: `${Math.floor(one.probability * 1000) / 10} %`,
      })),
    );
    if (lines.length > 0) this.showTable(lines, this.text('match.lookup.title'));
    for (const { id, leftOut } of records)
      for (const { rule, records: left } of leftOut) this.warn(this.text('match.lookup.leftOut', [id, left, rule]));
    if (unused.length > 0) this.warn(this.text('match.lookup.unused', [unused.join(', ')]));
    const some = records.filter(({ found }) => found.length > 0).length;
    this.logSuccess(this.text('match.lookup.found', [some, records.length, readAt]));
    if (pairsFile !== null) this.logSuccess(this.text('match.pairs', [lines.length, pairsFile]));
  }
}
