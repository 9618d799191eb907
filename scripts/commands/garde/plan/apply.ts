import { Flags } from '@salesforce/sf-plugins-core';
import { runApply } from '../../../app/planning.ts';
import { exitCodeOf, runRows, toApplyOrder, toRunResult } from '../../carryOut.ts';
import type { RunResult } from '../../carryOut.ts';
import { GardeCommand, messagesOf } from '../../gardeCommand.ts';
import { runFlags } from '../../planFlags.ts';

const messages = messagesOf('garde.plan.apply');

export type PlanApplyResult = RunResult;

export default class PlanApply extends GardeCommand<PlanApplyResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...runFlags,
    approval: Flags.file({ multiple: true, summary: messages.getMessage('flags.approval.summary') }),
  };

  public async run(): Promise<PlanApplyResult> {
    const { flags } = await this.parse(PlanApply);
    const ports = await this.openPorts(flags);
    const result = toRunResult(await runApply('apply', toApplyOrder(flags), ports, this.tell));
    process.exitCode = exitCodeOf(result.state);
    this.showTable(runRows(result, (key) => this.text(key)));
    for (const { code, count } of result.notDone) this.log(this.text('plan.run.notDone', [count, code]));
    if (result.state === 'paused') this.log(this.text('plan.run.goesOn', [flags.plan]));
    return result;
  }
}
