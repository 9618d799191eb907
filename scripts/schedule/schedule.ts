import { GardeError } from '../kernel/result.ts';
import type { RunWindow } from '../plan/apply/runWindow.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const isWeekday = (text: string): text is Weekday => WEEKDAYS.some((day) => day === text);

/** Reads `mon,thu`. Error: ScheduleDaysUnreadable. */
export const parseWeekdays = (text: string): readonly Weekday[] => {
  const days = text.toLowerCase().split(',');
  if (days.every(isWeekday)) return [...new Set(days)];
  throw new GardeError([
    {
      code: 'ScheduleDaysUnreadable',
      subject: text.slice(0, 40),
      message: 'These are no weekdays.',
      actions: [`Give ${WEEKDAYS.join(', ')}, separated by commas.`],
    },
  ]);
};

/** When the org is worked on. */
export type Timetable = {
  /** Undefined: at any hour. */
  readonly window: RunWindow | undefined;
  /** Time zone of the charter: window and weekdays are meant in it. */
  readonly timeZone: string;
  /** Days on which a new plan is made, when none is under way. */
  readonly planOn: readonly Weekday[];
};

/** How the machine logs in unattended: JWT with an External Client App; the key is a file, never an argument. */
export type UnattendedLogin = {
  readonly username: string;
  readonly clientId: string;
  readonly keyFile: string;
  readonly instanceUrl: string;
};

/** What is to be run, as arguments; each format quotes them its own way. */
export type Job = Timetable & {
  readonly window: RunWindow;
  readonly orgAlias: string;
  /** The official CLI on that machine. */
  readonly cli: string;
  readonly run: readonly string[];
  readonly login: readonly string[];
  readonly clientId: string;
  readonly passphraseFile: string | undefined;
  readonly logFile: string;
  /** Label of the controller's own runner. */
  readonly runner: string | undefined;
};

export type ScheduleFile = { readonly name: string; readonly text: string };

/** Prints the job for one scheduler; GardeError ScheduleValueUnfit for a value that it cannot carry unharmed. */
export type ScheduleFormat = (job: Job) => readonly ScheduleFile[];

/** Minute of the hour at which schedulers start the job: full hours are crowded. */
export const MINUTE = 15;

/** Hours of the day, in the window's own zone, at which a start at `MINUTE` falls into the window. */
export const hoursIn = ({ from, to }: RunWindow): readonly number[] =>
  Array.from({ length: 24 }, (_none, hour) => hour).filter((hour) => {
    const at = hour * 60 + MINUTE;
    return from < to ? at >= from && at < to : at >= from || at < to;
  });

/** A name that any scheduler and file system takes, from an alias. */
export const slugOf = (alias: string): string =>
  `garde-${alias.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')}`;
