import { stringify } from 'yaml';
import { fit, shellWord } from '../quoting.ts';
import { hoursIn, MINUTE, slugOf, type ScheduleFormat } from '../schedule.ts';
import { loginWithVariables } from './variables.ts';

/** A job for a pipeline schedule of GitLab, on a runner of the controller's own (https://docs.gitlab.com/ci/yaml/). */
export const gitlab: ScheduleFormat = (job) => {
  const word = (value: string): string => shellWord(fit('GitLab', value));
  const name = slugOf(job.orgAlias);
  const document = {
    [name]: {
      rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }],
      tags: [fit('GitLab', job.runner ?? '')],
      resource_group: name,
      timeout: '12 hours',
      interruptible: false,
      script: [
        loginWithVariables(job, word),
        ...(job.passphraseFile === undefined ? [] : [`export GARDE_PASSPHRASE_FILE=${word(job.passphraseFile)}`]),
        [job.cli, ...job.run].map(word).join(' '),
      ],
      allow_failure: { exit_codes: [69] },
    },
  };
  const comment = [
    `# Build > Pipeline schedules: ${MINUTE} ${hoursIn(job.window).join(',')} * * *, time zone ${fit('GitLab', job.timeZone)}.`,
    '# Variables, masked and protected: GARDE_CLIENT_ID; GARDE_JWT_KEY_FILE of type File.',
    '# The runner with this tag stands where the controller says: in the European Economic Area.',
    '# No artifacts: plans and certificates stay on the runner.',
  ].join('\n');
  return [{ name: `${name}.gitlab-ci.yml`, text: `${comment}\n${stringify(document, { lineWidth: 0 })}` }];
};
