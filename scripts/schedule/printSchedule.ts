import { z } from 'zod';
import { GardeError, type Problem } from '../kernel/result.ts';
import type { RunWindow } from '../plan/apply/runWindow.ts';
import { cron } from './formats/cron.ts';
import { github } from './formats/github.ts';
import { gitlab } from './formats/gitlab.ts';
import { systemd } from './formats/systemd.ts';
import { windowsTask } from './formats/windowsTask.ts';
import type { Job, ScheduleFile, ScheduleFormat, Timetable, UnattendedLogin } from './schedule.ts';

export const SCHEDULERS = ['cron', 'systemd', 'windows-task', 'gitlab', 'github'] as const;
export type Scheduler = (typeof SCHEDULERS)[number];

const FORMATS: Readonly<Record<Scheduler, ScheduleFormat>> = {
  ...{ cron, systemd, gitlab, github },
  'windows-task': windowsTask,
};

/** Runners that somebody else hosts, by scheduler: config/schedule/hosted-runners.yml. */
export const hostedRunners = z.strictObject({
  asOf: z.string(),
  github: z.strictObject({ source: z.url(), labels: z.array(z.string()) }),
  gitlab: z.strictObject({ source: z.url(), labels: z.array(z.string()) }),
});
export type HostedRunners = z.infer<typeof hostedRunners>;

export type ScheduleOrder = Timetable & {
  readonly window: RunWindow;
  readonly scheduler: Scheduler;
  readonly orgAlias: string;
  readonly login: UnattendedLogin;
  readonly charterPath: string;
  readonly plansDir: string;
  readonly windowText: string;
  /** Typed out, as production asks for it. */
  readonly orgName?: string;
  readonly passphraseFile?: string;
  readonly runner?: string;
  readonly cli: string;
  readonly language: 'en' | 'fr';
};

const runnerProblems = ({ scheduler, runner }: ScheduleOrder, hosted: HostedRunners): readonly Problem[] => {
  if (scheduler !== 'github' && scheduler !== 'gitlab') return [];
  if (runner === undefined) {
    return [
      {
        code: 'ScheduleRunnerMissing',
        subject: '--runner',
        message: 'A CI job with personal data runs on the controller’s own runner only.',
        actions: ['Give its label with --runner; it stands in the European Economic Area.'],
      },
    ];
  }
  if (!hosted[scheduler].labels.some((pattern) => new RegExp(pattern, 'i').test(runner))) return [];
  return [
    {
      code: 'ScheduleRunnerHosted',
      subject: runner,
      message: 'This runner is hosted by somebody else, outside the European Economic Area or nobody can say where.',
      actions: ['Register a runner of your own and give its label: personal data do not leave your machines.'],
    },
  ];
};

const aliasProblems = ({ orgAlias }: ScheduleOrder): readonly Problem[] =>
  /^[A-Za-z0-9][A-Za-z0-9._@+-]*$/.test(orgAlias)
    ? []
    : [
        {
          code: 'ScheduleValueUnfit',
          subject: orgAlias.slice(0, 80),
          message: 'This alias cannot name a job.',
          actions: ['Give the org an alias of letters, digits, dots and dashes: `sf alias set`.'],
        },
      ];

const toJob = (order: ScheduleOrder): Job => {
  const { orgAlias, login, charterPath, plansDir, windowText, orgName, planOn } = order;
  return {
    ...{ window: order.window, timeZone: order.timeZone, planOn, orgAlias, cli: order.cli },
    clientId: login.clientId,
    passphraseFile: order.passphraseFile,
    runner: order.runner,
    logFile: `${plansDir}/garde.log`,
    login: [
      ...['org', 'login', 'jwt', '--username', login.username, '--client-id', login.clientId],
      ...['--jwt-key-file', login.keyFile, '--instance-url', login.instanceUrl, '--alias', orgAlias],
    ],
    run: [
      ...['garde', 'retention', 'run', '--target-org', orgAlias, '--charter', charterPath, '--plans-dir', plansDir],
      ...['--window', windowText, '--plan-on', planOn.join(','), '--language', order.language],
      ...(orgName === undefined ? [] : ['--org-name', orgName]),
    ],
  };
};

/**
 * The files that make a scheduler run `garde retention run` in its window. Nothing is installed. Errors, all at once:
 * ScheduleRunnerMissing, ScheduleRunnerHosted, ScheduleValueUnfit.
 */
export const printSchedule = (order: ScheduleOrder, hosted: HostedRunners): readonly ScheduleFile[] => {
  const problems = [...runnerProblems(order, hosted), ...aliasProblems(order)];
  if (problems.length > 0) throw new GardeError(problems);
  return FORMATS[order.scheduler](toJob(order));
};
