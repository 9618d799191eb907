import { Args } from '@oclif/core';
import { Flags } from '@salesforce/sf-plugins-core';
import { runDiff } from '../../../app/planReports.ts';
import { openVault } from '../../../app/ports.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';
import { showDiff, toDiffResult } from '../../planDiffResult.ts';
import type { DiffResult } from '../../planDiffResult.ts';

const messages = messagesOf('garde.plan.diff');

export type PlanDiffResult = DiffResult & {
  /** Pages written. */
  readonly files: readonly string[];
};

export default class PlanDiff extends GardeCommand<PlanDiffResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly args = {
    before: Args.file({ required: true, exists: true, description: messages.getMessage('args.before.description') }),
    after: Args.file({ required: true, exists: true, description: messages.getMessage('args.after.description') }),
  };

  public static override readonly flags = {
    ...languageFlag,
    limit: Flags.integer({ default: 20, min: 0, max: 2000, summary: messages.getMessage('flags.limit.summary') }),
    html: Flags.boolean({ default: false, summary: messages.getMessage('flags.html.summary') }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
  };

  public async run(): Promise<PlanDiffResult> {
    const { args, flags } = await this.parse(PlanDiff);
    const { language, html, limit } = flags;
    const input = { beforePath: args.before, afterPath: args.after, limit };
    const vault = await openVault(this.gardeDataDir());
    const { diff, files } = await runDiff({ input, language, html, outputDir: flags['output-dir'] }, { vault });
    const result = { ...toDiffResult(diff), files };
    showDiff(result, this.tables());
    if (files.length > 0) this.log(this.text('plan.show.written', [files.join(', ')]));
    return result;
  }
}
