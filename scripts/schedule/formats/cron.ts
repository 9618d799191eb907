import { cronCommand, fit, shellWord } from '../quoting.ts';
import { hoursIn, MINUTE, slugOf, type ScheduleFormat } from '../schedule.ts';

/** A table for `crontab`. Code 69 (goes on later) is no failure that cron should mail. */
export const cron: ScheduleFormat = (job) => {
  const word = (value: string): string => shellWord(fit('cron', value));
  const environment = job.passphraseFile === undefined ? '' : `GARDE_PASSPHRASE_FILE=${word(job.passphraseFile)} `;
  const run = [job.cli, ...job.run].map(word).join(' ');
  const command = `umask 077; ${environment}${run} >> ${word(job.logFile)} 2>&1 || [ $? -eq 69 ]`;
  const lines = [
    `# Garde: retention of the org ${fit('cron', job.orgAlias)}. Once, as the user whose crontab this is:`,
    `#   ${[job.cli, ...job.login].map(word).join(' ')}`,
    `# Times are of ${job.timeZone}. A cron without CRON_TZ reads them in the machine's zone: outside the window the`,
    '# command ends at once and does nothing, so set the machine to that zone.',
    'SHELL=/bin/sh',
    `CRON_TZ=${fit('cron', job.timeZone)}`,
    `${MINUTE} ${hoursIn(job.window).join(',')} * * * ${cronCommand(command)}`,
  ];
  return [{ name: `${slugOf(job.orgAlias)}.crontab`, text: `${lines.join('\n')}\n` }];
};
