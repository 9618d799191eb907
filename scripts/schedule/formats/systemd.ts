import { fit, systemdWord } from '../quoting.ts';
import { hoursIn, MINUTE, slugOf, type ScheduleFormat } from '../schedule.ts';

const two = (number: number): string => String(number).padStart(2, '0');

/** A service and its timer. The journal of systemd is the log; code 69 (goes on later) counts as success. */
export const systemd: ScheduleFormat = (job) => {
  const word = (value: string): string => systemdWord(fit('systemd', value));
  const name = slugOf(job.orgAlias);
  const environment =
    job.passphraseFile === undefined
      ? []
      : [`Environment=${word(`GARDE_PASSPHRASE_FILE=${job.passphraseFile}`).replaceAll('$$', () => '$')}`];
  const service = [
    `# Once, as the user who runs this: ${[job.cli, ...job.login].map((one) => fit('systemd', one)).join(' ')}`,
    '[Unit]',
    `Description=Garde: retention of the org ${word(job.orgAlias).replaceAll('$$', () => '$')}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=oneshot',
    ...environment,
    `ExecStart=${[job.cli, ...job.run].map(word).join(' ')}`,
    'SuccessExitStatus=69',
    'TimeoutStartSec=infinity',
    'UMask=0077',
    'NoNewPrivileges=true',
    'PrivateTmp=true',
  ];
  const hours = hoursIn(job.window).map(two).join(',');
  const timer = [
    '[Unit]',
    `Description=Garde: when the org ${word(job.orgAlias).replaceAll('$$', () => '$')} is worked on`,
    '',
    '[Timer]',
    `OnCalendar=*-*-* ${hours}:${two(MINUTE)}:00 ${fit('systemd', job.timeZone)}`,
    'Persistent=false',
    '',
    '[Install]',
    'WantedBy=timers.target',
  ];
  return [
    { name: `${name}.service`, text: `${service.join('\n')}\n` },
    { name: `${name}.timer`, text: `${timer.join('\n')}\n` },
  ];
};
