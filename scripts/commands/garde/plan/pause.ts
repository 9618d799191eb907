import { runPause } from '../../../app/planning.ts';
import type { PauseAsked } from '../../../plan/apply/runLock.ts';
import { GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.plan.pause');

export type PlanPauseResult = PauseAsked;

export default class PlanPause extends GardeCommand<PlanPauseResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = { ...orgFlags };

  public async run(): Promise<PlanPauseResult> {
    const { flags } = await this.parse(PlanPause);
    const asked = await runPause(await this.openPorts(flags));
    if (asked.run === null) this.log(this.text('plan.pause.none'));
    else this.logSuccess(this.text('plan.pause.asked', [asked.run, asked.machine ?? '?', asked.startedAt ?? '?']));
    return asked;
  }
}
