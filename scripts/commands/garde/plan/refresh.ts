import { Flags } from '@salesforce/sf-plugins-core';
import { writeDiff } from '../../../app/planReports.ts';
import { runRefresh } from '../../../app/refresh.ts';
import type { Refresh } from '../../../plan/file/refreshPlan.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';
import { showDiff, toDiffResult } from '../../planDiffResult.ts';
import type { DiffResult } from '../../planDiffResult.ts';
import { planFlag } from '../../planFlags.ts';

const messages = messagesOf('garde.plan.refresh');

export type PlanRefreshResult = DiffResult & {
  /** Path of the new plan; null when nothing was written. */
  readonly path: string | null;
  /** True when the old plan's record in the org was marked as superseded. */
  readonly superseded: boolean;
  /** Pages written. */
  readonly files: readonly string[];
};

export default class PlanRefresh extends GardeCommand<PlanRefreshResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    ...planFlag,
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
    'dry-run': Flags.boolean({ default: false, summary: messages.getMessage('flags.dry-run.summary') }),
    'no-prompt': Flags.boolean({ default: false, summary: messages.getMessage('flags.no-prompt.summary') }),
    html: Flags.boolean({ default: false, summary: messages.getMessage('flags.html.summary') }),
    limit: Flags.integer({ default: 20, min: 0, max: 2000, summary: messages.getMessage('flags.limit.summary') }),
  };

  public async run(): Promise<PlanRefreshResult> {
    const { flags } = await this.parse(PlanRefresh);
    const { language, html, limit, plan: planPath, charter } = flags;
    const outputDir = flags['output-dir'];
    const order = { planPath, outputDir, limit, ...(charter === undefined ? {} : { charterPath: charter }) };
    const refresh = await runRefresh(order, await this.openPorts(flags), this.tell);
    this.finishProgress();
    let isKept = false;
    try {
      const files = await writeDiff({ language, html, outputDir }, refresh.diff);
      const diff = toDiffResult(refresh.diff);
      showDiff(diff, this.tables());
      if (files.length > 0) this.log(this.text('plan.show.written', [files.join(', ')]));
      isKept = !flags['dry-run'] && (await this.isWanted(flags['no-prompt']));
      return { ...diff, files, ...(isKept ? await this.keep(refresh) : this.leave()) };
    } finally {
      if (!isKept) refresh.discard();
    }
  }

  private async isWanted(noPrompt: boolean): Promise<boolean> {
    return noPrompt || this.jsonEnabled() || this.confirm({ message: this.text('plan.refresh.sure') });
  }

  private async keep(refresh: Refresh): Promise<Pick<PlanRefreshResult, 'path' | 'superseded'>> {
    const { path, wasPublished } = await refresh.keep();
    this.logSuccess(this.text('plan.refresh.done', [path]));
    if (wasPublished) this.log(this.text('plan.refresh.superseded'));
    return { path, superseded: wasPublished };
  }

  private leave(): Pick<PlanRefreshResult, 'path' | 'superseded'> {
    this.log(this.text('plan.refresh.left'));
    return { path: null, superseded: false };
  }
}
