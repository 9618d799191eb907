import type { RunWindow } from '../../plan/apply/runWindow.ts';
import { fit, windowsWord, xmlText } from '../quoting.ts';
import { MINUTE, slugOf, type Job, type ScheduleFormat } from '../schedule.ts';

/** cmd.exe, which starts the CLI, expands these even between quotes; a quotation mark cannot be carried through it. */
const FORBIDDEN = ['"', '%', '!', '^'];

const two = (number: number): string => String(number).padStart(2, '0');

const minutesOpen = ({ from, to }: RunWindow): number => (to > from ? to - from : to - from + 1440);

const word = (value: string): string => windowsWord(fit('the Windows Task Scheduler', value, FORBIDDEN));

const descriptionOf = (job: Job): string => {
  return [
    `Retention of the org ${fit('the Windows Task Scheduler', job.orgAlias, FORBIDDEN)}. Times are those of this`,
    `machine, which must be set to ${job.timeZone}; outside the window the command ends at once.`,
    `Once, as the user of the task: ${[job.cli, ...job.login].map(word).join(' ')}`,
    ...(job.passphraseFile === undefined ? [] : [`and: setx GARDE_PASSPHRASE_FILE ${word(job.passphraseFile)}`]),
    'Last result 69: goes on later. 68: partly done, somebody must look. 1: stopped.',
  ].join(' ');
};

/** Never twice at once, for as long as it takes, and only with a network. */
const SETTINGS = `  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>true</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>false</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <Enabled>true</Enabled>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
  </Settings>
`;

const taskXml = (job: Job, description: string): string => {
  const start = job.window.from + MINUTE;
  const at = `${two(Math.floor(start / 60) % 24)}:${two(start % 60)}:00`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>${xmlText(description)}</Description>
    <URI>\\Garde\\${slugOf(job.orgAlias)}</URI>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <Repetition>
        <Interval>PT1H</Interval>
        <Duration>PT${minutesOpen(job.window)}M</Duration>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
      <StartBoundary>2026-01-01T${at}</StartBoundary>
      <Enabled>true</Enabled>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>Password</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
${SETTINGS}  <Actions Context="Author">
    <Exec>
      <Command>${xmlText(word(job.cli))}</Command>
      <Arguments>${xmlText(job.run.map(word).join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
};

/**
 * A task of the Windows Task Scheduler, version 1.2
 * (https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema): import it with `schtasks /create /xml`.
 */
export const windowsTask: ScheduleFormat = (job) => [
  { name: `${slugOf(job.orgAlias)}.xml`, text: taskXml(job, descriptionOf(job)) },
];
