import { Flags } from '@salesforce/sf-plugins-core';
import { runMatchFile, type MatchedFile } from '../../../app/matching.ts';
import { openVault } from '../../../app/ports.ts';
import { charterFlag, GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';
import { fileFlags, filesOrderOf, sourceOf } from '../../matchFlags.ts';
import { showFigures, showTables, toFigures, toTables } from '../../matchResult.ts';
import type { MatchFigures, MatchTableResult } from '../../matchResult.ts';

const messages = messagesOf('garde.match.file');

export type MatchFileResult = MatchFigures & {
  readonly tables: readonly MatchTableResult[];
  /** Where they were written. */
  readonly pairsFile: string | null;
  readonly clustersFile: string | null;
  /** Fields that the org does not show. */
  readonly missing: readonly string[];
  /** Seconds and counts by stage. */
  readonly work: Readonly<Record<string, number>>;
};

export default class MatchFile extends GardeCommand<MatchFileResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...languageFlag,
    ...charterFlag,
    ...fileFlags,
    input: Flags.file({ char: 'i', required: true, summary: messages.getMessage('flags.input.summary') }),
    'target-org': Flags.optionalOrg({ summary: messages.getMessage('flags.target-org.summary') }),
    'api-version': Flags.orgApiVersion(),
    objects: Flags.string({ multiple: true, delimiter: ',', summary: messages.getMessage('flags.objects.summary') }),
    pairs: Flags.file({ summary: messages.getMessage('flags.pairs.summary') }),
    clusters: Flags.file({ summary: messages.getMessage('flags.clusters.summary') }),
  };

  public async run(): Promise<MatchFileResult> {
    const { flags, metadata } = await this.parse(MatchFile);
    const { org } = sourceOf({ ...flags, input: undefined });
    // a default org of the CLI does not turn a look at a file into a reading of an org
    const isNamed = metadata.flags['target-org']?.setFromDefault !== true;
    if (isNamed && org !== undefined && flags.against !== undefined) throw messages.createError('error.oneOpponent');
    const { pairs, clusters, charter } = flags;
    const order = {
      ...filesOrderOf(flags),
      ...{ input: flags.input, objects: flags.objects ?? [] },
      ...(pairs === undefined ? {} : { pairs }),
      ...(clusters === undefined ? {} : { clusters }),
      ...(charter === undefined ? {} : { charterPath: charter }),
    };
    const ports =
      isNamed && org !== undefined
        ? await this.openPorts({ ...flags, 'target-org': org })
        : { vault: await openVault(this.gardeDataDir()) };
    return this.show(await runMatchFile(order, ports, this.tell), flags);
  }

  private show(
    match: MatchedFile,
    flags: {
      readonly pairs: string | undefined;
      readonly clusters: string | undefined;
      readonly language: 'en' | 'fr';
    },
  ): MatchFileResult {
    this.finishProgress();
    const { missing, inputs, result } = match;
    const figures = toFigures(match);
    showTables(inputs, flags.language, this.tables());
    for (const place of missing) this.warn(this.text('match.missing', [place]));
    showFigures(figures, this.tables());
    if (flags.pairs !== undefined) this.logSuccess(this.text('match.pairs', [result.pairs.count, flags.pairs]));
    if (flags.clusters !== undefined) this.logSuccess(this.text('match.clusters', [result.rows, flags.clusters]));
    return {
      ...{ ...figures, tables: toTables(inputs), missing, work: result.work },
      ...{ pairsFile: flags.pairs ?? null, clustersFile: flags.clusters ?? null },
    };
  }
}
