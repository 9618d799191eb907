import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Flags } from '@salesforce/sf-plugins-core';
import { runSchedulePrint } from '../../../app/schedule.ts';
import { SCHEDULERS } from '../../../schedule/printSchedule.ts';
import { parseWeekdays } from '../../../schedule/schedule.ts';
import type { ScheduleFile } from '../../../schedule/schedule.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';
import { scheduleFlags } from '../../scheduleFlags.ts';

const messages = messagesOf('garde.schedule.print');

export type SchedulePrintResult = {
  readonly files: readonly ScheduleFile[];
  /** Where they were written; empty when they were only shown. */
  readonly written: readonly string[];
};

export default class SchedulePrint extends GardeCommand<SchedulePrintResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...languageFlag,
    as: Flags.option({ options: SCHEDULERS, required: true, summary: messages.getMessage('flags.as.summary') })(),
    // the org is not asked: its alias may exist on the other machine only
    'target-org': Flags.string({ char: 'o', required: true, summary: messages.getMessage('flags.target-org.summary') }),
    username: Flags.string({ required: true, summary: messages.getMessage('flags.username.summary') }),
    'client-id': Flags.string({ required: true, summary: messages.getMessage('flags.client-id.summary') }),
    'jwt-key-file': Flags.string({ required: true, summary: messages.getMessage('flags.jwt-key-file.summary') }),
    'instance-url': Flags.url({ required: true, summary: messages.getMessage('flags.instance-url.summary') }),
    ...scheduleFlags,
    'passphrase-file': Flags.string({ summary: messages.getMessage('flags.passphrase-file.summary') }),
    runner: Flags.string({ summary: messages.getMessage('flags.runner.summary') }),
    cli: Flags.string({ default: 'sf', summary: messages.getMessage('flags.cli.summary') }),
    'output-dir': Flags.directory({ char: 'd', summary: messages.getMessage('flags.output-dir.summary') }),
  };

  public async run(): Promise<SchedulePrintResult> {
    const { flags } = await this.parse(SchedulePrint);
    const files = await runSchedulePrint({
      ...{ scheduler: flags.as, orgAlias: flags['target-org'], charterPath: flags.charter, cli: flags.cli },
      ...{ plansDir: flags['plans-dir'], windowText: flags.window, planOn: parseWeekdays(flags['plan-on']) },
      language: flags.language,
      login: {
        ...{ username: flags.username, clientId: flags['client-id'], keyFile: flags['jwt-key-file'] },
        instanceUrl: flags['instance-url'].origin,
      },
      ...(flags['org-name'] === undefined ? {} : { orgName: flags['org-name'] }),
      ...(flags['passphrase-file'] === undefined ? {} : { passphraseFile: flags['passphrase-file'] }),
      ...(flags.runner === undefined ? {} : { runner: flags.runner }),
    });
    const folder = flags['output-dir'];
    const written = folder === undefined ? [] : await this.write(folder, files);
    if (folder === undefined) for (const { name, text } of files) this.log(`# ${name}\n${text}`);
    this.log(this.text('schedule.print.notInstalled'));
    return { files, written };
  }

  private async write(folder: string, files: readonly ScheduleFile[]): Promise<readonly string[]> {
    await mkdir(folder, { recursive: true });
    const paths = files.map(({ name }) => join(folder, name));
    for (const [i, { text }] of files.entries()) await writeFile(paths[i] ?? folder, text);
    for (const path of paths) this.logSuccess(path);
    return paths;
  }
}
