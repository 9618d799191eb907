import { Flags } from '@salesforce/sf-plugins-core';
import { systemClock } from '../../../app/ports.ts';
import { runScheduled } from '../../../app/schedule.ts';
import type { ScheduledResult } from '../../../app/schedule.ts';
import { parseWeekdays } from '../../../schedule/schedule.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';
import { scheduleFlags } from '../../scheduleFlags.ts';

const messages = messagesOf('garde.schedule.run');

export type ScheduleRunResult = ScheduledResult;

export default class ScheduleRun extends GardeCommand<ScheduleRunResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...languageFlag,
    'target-org': Flags.requiredOrg(),
    'api-version': Flags.orgApiVersion(),
    ...scheduleFlags,
  };

  public async run(): Promise<ScheduleRunResult> {
    const { flags } = await this.parse(ScheduleRun);
    const orgName = flags['org-name'];
    const connection = flags['target-org'].getConnection(flags['api-version']);
    const result = await runScheduled(
      {
        ...{ charterPath: flags.charter, plansDir: flags['plans-dir'], windowText: flags.window },
        ...{ planOn: parseWeekdays(flags['plan-on']), language: flags.language },
        ...(orgName === undefined ? {} : { orgName }),
      },
      async () => ({ ...(await this.openPorts(flags)), connection }),
      systemClock,
      this.tell,
    );
    this.finishProgress();
    this.log(this.text(`schedule.act.${result.act}`));
    this.log(this.text('schedule.outcome', [result.outcome]));
    process.exitCode = result.exitCode;
    return result;
  }
}
