import { stringify } from 'yaml';
import { fit, shellWord } from '../quoting.ts';
import { hoursIn, MINUTE, slugOf, type Job, type ScheduleFormat } from '../schedule.ts';
import { loginWithVariables } from './variables.ts';

/** Hours between a zone and UTC at an instant. */
const offsetAt = (timeZone: string, instant: string): number => {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' });
  return Number(format.format(new Date(instant))) - 12;
};

/** GitHub's cron knows UTC only: the window's hours in winter and in summer; the command itself keeps to the window. */
const utcHours = ({ window, timeZone }: Job): readonly number[] => {
  const offsets = ['2026-01-15T12:00:00Z', '2026-07-15T12:00:00Z'].map((at) => offsetAt(timeZone, at));
  const hours = hoursIn(window).flatMap((hour) => offsets.map((offset) => (hour - offset + 48) % 24));
  return [...new Set(hours)].sort((a, b) => a - b);
};

/** A workflow for a self-hosted runner (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax). */
export const github: ScheduleFormat = (job) => {
  const word = (value: string): string => shellWord(fit('GitHub', value, ['${{']));
  const name = slugOf(job.orgAlias);
  const run = [job.cli, ...job.run].map(word).join(' ');
  const environment = {
    GARDE_CLIENT_ID: '${{ secrets.GARDE_CLIENT_ID }}',
    GARDE_JWT_KEY_FILE: '${{ vars.GARDE_JWT_KEY_FILE }}',
    ...(job.passphraseFile === undefined ? {} : { GARDE_PASSPHRASE_FILE: fit('GitHub', job.passphraseFile, ['${{']) }),
  };
  const document = {
    name,
    on: { schedule: [{ cron: `${MINUTE} ${utcHours(job).join(',')} * * *` }] },
    permissions: {},
    concurrency: { group: name, 'cancel-in-progress': false },
    jobs: {
      retention: {
        'runs-on': ['self-hosted', fit('GitHub', job.runner ?? '', ['${{'])],
        'timeout-minutes': 720,
        env: environment,
        steps: [
          { name: 'Log in', shell: 'bash', run: loginWithVariables(job, word) },
          { name: 'Work', shell: 'bash', run: `${run} || [ $? -eq 69 ]` },
        ],
      },
    },
  };
  const comment = [
    `# Hours are UTC and wider than the window: outside it (${fit('GitHub', job.timeZone)}) the command ends at once.`,
    '# Secret: GARDE_CLIENT_ID. Variable: GARDE_JWT_KEY_FILE, the path of the key on the runner.',
    '# The runner with this label stands where the controller says: in the European Economic Area.',
  ].join('\n');
  return [{ name: `${name}.yml`, text: `${comment}\n${stringify(document, { lineWidth: 0 })}` }];
};
