import { runRehearsal } from '../../../app/planning.ts';
import type { RehearsalDifference, RehearsalResult } from '../../../plan/rehearsePlan.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';
import { planFlag } from '../../planFlags.ts';

const messages = messagesOf('garde.plan.rehearse');

export type PlanRehearseResult = {
  readonly planDigest: string;
  /** What a real org does and the rehearsal could not. */
  readonly notCovered: readonly string[];
  readonly asPlanned: boolean;
  readonly stepsDone: number;
  readonly deleted: number;
  readonly differences: readonly RehearsalDifference[];
};

const toResult = (rehearsal: RehearsalResult): PlanRehearseResult => ({
  planDigest: rehearsal.planDigest,
  notCovered: rehearsal.notCovered,
  asPlanned: rehearsal.differences.length === 0,
  stepsDone: rehearsal.summary.counts.done + rehearsal.summary.counts['already-done'],
  deleted: rehearsal.actual.reduce((sum, one) => sum + (one.change === 'delete' ? one.count : 0), 0),
  differences: rehearsal.differences,
});

export default class PlanRehearse extends GardeCommand<PlanRehearseResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = { ...orgFlags, ...charterFlag, ...planFlag };

  public async run(): Promise<PlanRehearseResult> {
    const { flags } = await this.parse(PlanRehearse);
    const rehearsal = await runRehearsal(
      { planPath: flags.plan, ...(flags.charter === undefined ? {} : { charterPath: flags.charter }) },
      await this.openPorts(flags),
      this.tell,
    );
    const result = toResult(rehearsal);
    this.warn(this.text('plan.rehearse.notCovered', [result.notCovered.join('; ')]));
    this.showTable(rehearsal.actual, this.text('plan.rehearse.actual'));
    if (result.asPlanned) this.logSuccess(this.text('plan.rehearse.asPlanned'));
    else this.showTable(result.differences, this.text('plan.rehearse.differences'));
    process.exitCode = result.asPlanned ? 0 : 68;
    return result;
  }
}
