import { Flags } from '@salesforce/sf-plugins-core';
import { systemClock } from '../../../app/ports.ts';
import { runScheduled } from '../../../app/schedule.ts';
import type { ScheduledResult } from '../../../app/schedule.ts';
import { parseWeekdays } from '../../../schedule/schedule.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';
import { scheduleFlags } from '../../scheduleFlags.ts';

const messages = messagesOf('garde.retention.run');

export type RetentionRunResult = ScheduledResult;

export default class RetentionRun extends GardeCommand<RetentionRunResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...languageFlag,
    'target-org': Flags.requiredOrg(),
    'api-version': Flags.orgApiVersion(),
    ...scheduleFlags,
    window: Flags.string({ summary: messages.getMessage('flags.window.summary') }),
    'plan-on': Flags.string({ summary: messages.getMessage('flags.plan-on.summary') }),
  };

  public async run(): Promise<RetentionRunResult> {
    const { flags } = await this.parse(RetentionRun);
    const { window, 'org-name': orgName, 'plan-on': planOn } = flags;
    const connection = flags['target-org'].getConnection(flags['api-version']);
    const result = await runScheduled(
      {
        ...{ charterPath: flags.charter, plansDir: flags['plans-dir'], language: flags.language },
        ...(window === undefined ? {} : { windowText: window }),
        ...(planOn === undefined ? {} : { planOn: parseWeekdays(planOn) }),
        ...(orgName === undefined ? {} : { orgName }),
      },
      async () => ({ ...(await this.openPorts(flags)), connection }),
      systemClock,
      this.tell,
    );
    this.finishProgress();
    this.log(this.text(`retention.run.act.${result.act}`));
    this.log(this.text('retention.run.outcome', [result.outcome]));
    if (result.planPath !== null) this.log(this.text('retention.run.plan', [result.planPath]));
    process.exitCode = result.exitCode;
    return result;
  }
}
