import { Flags } from '@salesforce/sf-plugins-core';
import { runMatchOrg, type MatchedOrg } from '../../../app/matching.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';
import { showFigures, toFigures, toTables } from '../../matchResult.ts';
import type { MatchFigures, MatchTableResult } from '../../matchResult.ts';

const messages = messagesOf('garde.match.run');

export type MatchRunResult = MatchFigures & {
  readonly runKey: string;
  readonly tables: readonly MatchTableResult[];
  /** Fields that the org does not show. */
  readonly missing: readonly string[];
  /** Rows that were new or changed; all of them in a whole run. */
  readonly touched: number;
  /** API calls that reading cost. */
  readonly calls: number;
  /** What publishing did, or would do; null when the org has no place for it. */
  readonly published: {
    readonly written: boolean;
    readonly groups: number;
    readonly members: number;
    readonly made: number;
    readonly changed: number;
    readonly unchanged: number;
    readonly stale: number;
    readonly kept: number;
    readonly storageKb: number;
    readonly calls: number;
    readonly overLimit: number;
    readonly refused: Readonly<Record<string, number>>;
    /** What came of native duplicate record sets, when they were asked for. */
    readonly nativeSets?: {
      readonly made: number;
      readonly present: number;
      readonly mixed: number;
      readonly unsupported: Readonly<Record<string, number>>;
      readonly refused: Readonly<Record<string, number>>;
      readonly storageKb: number;
      readonly calls: number;
    };
  } | null;
  readonly work: Readonly<Record<string, number>>;
};

const publishedOf = ({ published }: MatchedOrg, written: boolean): MatchRunResult['published'] => {
  if (published === undefined) return null;
  const { groups, members, made, changed, unchanged, stale, kept, storageKb, calls, overLimit, refused } = published;
  return {
    ...{ written, groups, members, made, changed, unchanged, stale, kept },
    ...{ storageKb, calls, overLimit, refused },
  };
};

export default class MatchRun extends GardeCommand<MatchRunResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    objects: Flags.string({ multiple: true, delimiter: ',', summary: messages.getMessage('flags.objects.summary') }),
    since: Flags.option({ options: ['last'] as const, summary: messages.getMessage('flags.since.summary') })(),
    publish: Flags.boolean({
      default: true,
      allowNo: true,
      summary: messages.getMessage('flags.publish.summary'),
    }),
    index: Flags.boolean({ default: false, summary: messages.getMessage('flags.index.summary') }),
    'native-sets': Flags.boolean({ default: false, summary: messages.getMessage('flags.native-sets.summary') }),
  };

  public async run(): Promise<MatchRunResult> {
    const { flags } = await this.parse(MatchRun);
    const order = {
      ...{ objects: flags.objects ?? [], sinceLast: flags.since === 'last', publish: flags.publish },
      ...{ nativeSets: flags['native-sets'], index: flags.index },
      ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
    };
    const match = await runMatchOrg(order, await this.openPorts(flags), this.tell);
    return this.show(match, { written: flags.publish, indexed: flags.index });
  }

  private show(
    match: MatchedOrg,
    { written, indexed }: { readonly written: boolean; readonly indexed: boolean },
  ): MatchRunResult {
    this.finishProgress();
    const { inputs, missing, touched, calls, run, result } = match;
    const figures = toFigures(match);
    const published = publishedOf(match, written);
    this.showTable(inputs.map(({ table, rows }) => ({ object: table.name, rowsKind: table.entity, rows })));
    for (const place of missing) this.log(this.text('match.missing', [place]));
    showFigures(figures, this.tables());
    if (!run.isWhole) this.log(this.text('match.run.touched', [touched, figures.rows]));
    this.showPublished(published);
    if (indexed) this.log(this.text('match.run.indexed'));
    this.logSuccess(this.text('match.run.done', [figures.clusters, figures.review, calls]));
    return {
      ...{ ...figures, runKey: run.key, tables: toTables(inputs), missing, touched, calls },
      ...{ published, work: result.work },
    };
  }

  private showPublished(published: MatchRunResult['published']): void {
    if (published === null) {
      this.warn(this.text('match.run.notPublished'));
      return;
    }
    const { groups, members, storageKb, kept, overLimit, written } = published;
    const values = [groups, members, storageKb];
    if (written) this.log(this.text('match.run.published', values));
    else this.log(this.text('match.run.wouldPublish', values));
    if (kept > 0) this.log(this.text('match.run.keptGroups', [kept]));
    const { nativeSets } = published;
    if (nativeSets !== undefined)
      this.log(this.text('match.run.nativeSets', [nativeSets.made, nativeSets.present, nativeSets.mixed]));
    if (overLimit > 0) this.warn(this.text('match.run.overLimit', [overLimit]));
    for (const [code, count] of Object.entries(published.refused))
      this.warn(this.text('match.run.refused', [count, code]));
  }
}
