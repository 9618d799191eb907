import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { parse } from 'yaml';
import { parseRunWindow } from '../../scripts/plan/apply/runWindow.ts';
import { hostedRunners, printSchedule, SCHEDULERS, type ScheduleOrder } from '../../scripts/schedule/printSchedule.ts';
import { shellWord, windowsWord } from '../../scripts/schedule/quoting.ts';
import { hoursIn, parseWeekdays } from '../../scripts/schedule/schedule.ts';

const hosted = hostedRunners.parse(parse(readFileSync('config/schedule/hosted-runners.yml', 'utf8')));
const order = (over: Partial<ScheduleOrder> = {}): ScheduleOrder => ({
  ...{ scheduler: 'cron', orgAlias: 'my-org', charterPath: '/etc/garde/garde.yml', plansDir: '/var/lib/garde' },
  ...{ windowText: '22:00-05:00', window: parseRunWindow('22:00-05:00'), timeZone: 'Europe/Paris', planOn: ['mon'] },
  ...{ cli: 'sf', language: 'fr', runner: 'asso-paris' },
  login: {
    username: 'garde@asso.example',
    clientId: '3MVG9.example',
    keyFile: '/etc/garde/jwt.key',
    instanceUrl: 'https://asso.my.salesforce.com',
  },
  ...over,
});
const print = (over: Partial<ScheduleOrder> = {}) => printSchedule(order(over), hosted);
const textOf = (over: Partial<ScheduleOrder>): string => print(over)[0]!.text;

/** Words as a real shell reads them: each given back as JSON by a program that prints its arguments. */
const shellArguments = (command: string): readonly string[] =>
  JSON.parse(
    execFileSync('/bin/sh', ['-c', command], {
      env: { PATH: process.env['PATH'], GARDE_CLIENT_ID: 'from variable', GARDE_JWT_KEY_FILE: '/a key' },
    }).toString(),
  ) as readonly string[];
const ECHO = `${shellWord(process.execPath)} -e 'console.log(JSON.stringify(process.argv.slice(1)))' --`;
const nasty = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((text) => !/[\u0000-\u001f\u007f]/.test(text));
const words = (text: string): string => text.replace(/^.*?\bsf garde retention run/, `${ECHO} garde retention run`);
const lastValue = (command: string): string => shellArguments(command).at(-1)!;

describe('every definition', () => {
  it.each(SCHEDULERS)(
    'for %s names the charter, the org, the window and the login, and nothing secret',
    (scheduler) => {
      const text = print({ scheduler })
        .map((one) => one.text)
        .join('\n');
      for (const part of [
        '/etc/garde/garde.yml',
        'my-org',
        '22:00-05:00',
        'org login jwt',
        'garde@asso.example',
        '69',
      ]) {
        expect(text).toContain(part);
      }
      expect(text).toContain('Europe/Paris');
      expect(text).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|--password|accessToken/);
      expect(print({ scheduler }).every(({ name }) => /^garde-my-org\.[a-z.-]+$/.test(name))).toBe(true);
    },
  );

  it.each(SCHEDULERS)('for %s refuses values with line ends and control characters', (scheduler) => {
    for (const plansDir of ['/a\nb', '/a\rb', '/a\u0000b', '/a\u007fb']) {
      expect(() => print({ scheduler, plansDir })).toThrow(expect.objectContaining({ name: 'ScheduleValueUnfit' }));
    }
    expect(() => print({ scheduler, orgAlias: 'my org; rm' })).toThrow(
      expect.objectContaining({ name: 'ScheduleValueUnfit' }),
    );
  });

  it('starts in the window only', () => {
    expect(hoursIn(parseRunWindow('22:00-05:00'))).toEqual([0, 1, 2, 3, 4, 22, 23]);
    expect(hoursIn(parseRunWindow('09:30-12:00'))).toEqual([10, 11]);
    expect(parseWeekdays('Mon,thu,mon')).toEqual(['mon', 'thu']);
    expect(() => parseWeekdays('monday')).toThrow(expect.objectContaining({ name: 'ScheduleDaysUnreadable' }));
  });
});

describe('runners of somebody else', () => {
  it.each([
    ['github', 'ubuntu-latest'],
    ['github', 'ubuntu-24.04-arm'],
    ['github', 'windows-2025'],
    ['github', 'macOS-15'],
    ['gitlab', 'saas-linux-small-amd64'],
  ] satisfies [ScheduleOrder['scheduler'], string][])('are refused for %s: %s', (scheduler, runner) => {
    expect(() => print({ scheduler, runner })).toThrow(expect.objectContaining({ name: 'ScheduleRunnerHosted' }));
  });

  it('are what a job without a label would get: refused, with every other problem at once', () => {
    const without: ScheduleOrder = JSON.parse(
      JSON.stringify({ ...order({ scheduler: 'github', orgAlias: 'a b' }), runner: undefined }),
    ) as ScheduleOrder;
    let problems: readonly string[] = [];
    try {
      printSchedule(without, hosted);
    } catch (error) {
      problems = (error as { problems: readonly { code: string }[] }).problems.map((one) => one.code);
    }
    expect(problems).toEqual(['ScheduleRunnerMissing', 'ScheduleValueUnfit']);
  });

  it('are no matter for schedulers on a machine of one’s own', () => {
    expect(print({ scheduler: 'cron', runner: 'ubuntu-latest' })).toHaveLength(1);
  });
});

describe('cron', () => {
  const tableLine = (text: string): string => text.trimEnd().split('\n').at(-1)!;

  it('has five fields of time, the zone, and a command in which no percent sign ends it', () => {
    const text = textOf({ plansDir: '/var/100%/garde' });
    expect(text).toContain('CRON_TZ=Europe/Paris\n');
    expect(tableLine(text)).toMatch(/^15 0,1,2,3,4,22,23 \* \* \* umask 077; sf garde retention run/);
    expect(tableLine(text).replaceAll('\\%', '')).not.toContain('%');
  });

  it('carries any printable value to the program unharmed', () => {
    fc.assert(
      fc.property(nasty, (orgName) => {
        const line = tableLine(textOf({ orgName })).replaceAll('\\%', '%');
        const command = line.replace(/^.*?umask 077; /, '').replace(/ >> .*$/, '');
        expect(lastValue(words(command))).toBe(orgName);
      }),
      { numRuns: 40 },
    );
  });

  it('takes 69 for success and nothing else', () => {
    const command = tableLine(textOf({ plansDir: '.' })).replace(/^.*?umask 077; /, '');
    const statusOf = (code: number): number => {
      const replaced = command.replace(/^.*? >> \S+/, `(exit ${String(code)}) >> /dev/null`);
      try {
        execFileSync('/bin/sh', ['-c', replaced]);
        return 0;
      } catch (error) {
        return (error as { status: number }).status;
      }
    };
    expect([0, 1, 68, 69].map(statusOf).map((status) => status === 0)).toEqual([true, false, false, true]);
  });
});

const hasSystemd = (): boolean => {
  try {
    execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Sections, keys and values of an INI file as systemd.syntax(7) has them; anything else is no such file. */
const readIni = (text: string): Readonly<Record<string, Readonly<Record<string, string>>>> => {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> | undefined;
  for (const line of text
    .trimEnd()
    .split('\n')
    .filter((one) => one !== '' && !one.startsWith('#'))) {
    const [, name] = /^\[([A-Z][A-Za-z]+)\]$/.exec(line) ?? [];
    const [, key, value] = /^([A-Z][A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) sections[name] = section = {};
    else if (section !== undefined && key !== undefined && value !== undefined) section[key] = value;
    else throw new Error(`no line of a unit: ${line}`);
  }
  return sections;
};

describe('systemd', () => {
  it('is a service for which 69 is a success, and a timer in the charter’s zone', () => {
    const [service, timer] = print({ scheduler: 'systemd', passphraseFile: '/etc/garde/pass phrase' });
    expect(readIni(service!.text)).toMatchObject({
      Service: {
        Type: 'oneshot',
        SuccessExitStatus: '69',
        UMask: '0077',
        Environment: '"GARDE_PASSPHRASE_FILE=/etc/garde/pass phrase"',
        ExecStart: expect.stringMatching(/^sf garde retention run --target-org my-org /),
      },
    });
    expect(readIni(timer!.text)).toMatchObject({
      Timer: { OnCalendar: '*-*-* 00,01,02,03,04,22,23:15:00 Europe/Paris' },
      Install: { WantedBy: 'timers.target' },
    });
  });

  it('escapes what systemd would expand', () => {
    const [service] = print({ scheduler: 'systemd', orgName: 'A "B" 100% $HOME \\ é' });
    expect(readIni(service!.text)['Service']!['ExecStart']).toMatch(/--org-name "A \\"B\\" 100%% \$\$HOME \\\\ é"$/);
  });

  (hasSystemd() ? it : it.skip)('is accepted by systemd itself, whatever the values', () => {
    const folder = mkdtempSync(join(tmpdir(), 'garde-units-'));
    try {
      for (const orgName of ['plain', 'A "B" 100% $HOME \\ é ; # \' {}', '%h${X}']) {
        const files = print({ scheduler: 'systemd', orgName, cli: '/bin/true', passphraseFile: '/a b' });
        for (const { name, text } of files) writeFileSync(join(folder, name), text);
        const paths = files.map(({ name }) => join(folder, name));
        const said = execFileSync('systemd-analyze', ['verify', '--man=no', ...paths], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        expect(said.toString()).toBe('');
        const calendar = readIni(files[1]!.text)['Timer']!['OnCalendar']!;
        expect(execFileSync('systemd-analyze', ['calendar', calendar]).toString()).toContain('Next elapse');
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Arguments of a Windows command line by the documented rules of CommandLineToArgvW. */
const windowsArguments = (line: string): readonly string[] =>
  [...line.matchAll(/"((?:[^"\\]|\\(?!")|\\\\(?="))*)"|(\S+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? bare! : quoted.replace(/(\\+)$/, (all) => all.slice(all.length / 2)),
  );

describe('Windows Task Scheduler', () => {
  const taskOf = (over: Partial<ScheduleOrder> = {}) => {
    const text = textOf({ scheduler: 'windows-task', ...over });
    return new XMLParser({ ignoreAttributes: false, parseTagValue: false }).parse(text) as {
      readonly Task: {
        readonly '@_xmlns': string;
        readonly Actions: { readonly Exec: { readonly Command: string; readonly Arguments: string } };
        readonly Triggers: {
          readonly CalendarTrigger: {
            readonly StartBoundary: string;
            readonly Repetition: { readonly Duration: string };
          };
        };
        readonly Settings: { readonly MultipleInstancesPolicy: string };
      };
    };
  };

  it('is a task that repeats each hour of the window and never twice at once', () => {
    const { Task } = taskOf();
    expect(Task['@_xmlns']).toBe('http://schemas.microsoft.com/windows/2004/02/mit/task');
    expect(Task.Triggers.CalendarTrigger).toMatchObject({
      StartBoundary: '2026-01-01T22:15:00',
      Repetition: { Interval: 'PT1H', Duration: 'PT420M' },
    });
    expect(Task.Settings.MultipleInstancesPolicy).toBe('IgnoreNew');
    expect(Task.Actions.Exec.Command).toBe('sf');
  });

  it('carries values unharmed through XML and the command line, and refuses what cmd.exe would expand', () => {
    for (const orgName of ['Les <Amis> & Cie', 'a b\\', "l'été", 'x\\y z\\\\']) {
      const { Arguments } = taskOf({ orgName }).Task.Actions.Exec;
      expect(windowsArguments(Arguments).at(-1)).toBe(orgName);
    }
    expect(windowsWord('C:\\Program Files\\')).toBe('"C:\\Program Files\\\\"');
    for (const orgName of ['100%', 'a "b"', 'x!y', 'a^b']) {
      expect(() => print({ scheduler: 'windows-task', orgName })).toThrow(
        expect.objectContaining({ name: 'ScheduleValueUnfit' }),
      );
    }
  });
});

describe('GitLab', () => {
  type Job = {
    readonly script: readonly string[];
    readonly tags: readonly string[];
    readonly rules: readonly { readonly if: string }[];
    readonly allow_failure: { readonly exit_codes: readonly number[] };
  };
  const jobOf = (over: Partial<ScheduleOrder> = {}): Job =>
    Object.values(parse(textOf({ scheduler: 'gitlab', ...over })) as Readonly<Record<string, Job>>)[0]!;

  it('is a job for schedules on the controller’s runner, for which 69 is no failure', () => {
    expect(jobOf()).toMatchObject({
      tags: ['asso-paris'],
      rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }],
      allow_failure: { exit_codes: [69] },
    });
    const [login] = jobOf().script;
    const given = shellArguments(login!.replace(/^sf/, ECHO));
    expect(given).toEqual(expect.arrayContaining(['--client-id', 'from variable', '--jwt-key-file', '/a key']));
    expect(login).not.toContain('3MVG9');
  });

  it('carries any printable value through YAML and the shell unharmed', () => {
    fc.assert(
      fc.property(nasty, (orgName) => {
        expect(lastValue(words(jobOf({ orgName }).script.at(-1)!))).toBe(orgName);
      }),
      { numRuns: 40 },
    );
  });
});

describe('GitHub', () => {
  type Workflow = {
    readonly on: { readonly schedule: readonly { readonly cron: string }[] };
    readonly permissions: object;
    readonly jobs: {
      readonly retention: {
        readonly 'runs-on': readonly string[];
        readonly env: Readonly<Record<string, string>>;
        readonly steps: readonly { readonly run: string; readonly shell: string }[];
      };
    };
  };
  const workflowOf = (over: Partial<ScheduleOrder> = {}): Workflow =>
    parse(textOf({ scheduler: 'github', ...over })) as Workflow;

  it('is a workflow without permissions on a self-hosted runner, at the window’s hours in UTC of both seasons', () => {
    const { on, permissions, jobs } = workflowOf();
    expect(on.schedule).toEqual([{ cron: '15 0,1,2,3,20,21,22,23 * * *' }]);
    expect(permissions).toEqual({});
    expect(jobs.retention['runs-on']).toEqual(['self-hosted', 'asso-paris']);
    expect(jobs.retention.env['GARDE_CLIENT_ID']).toBe('${{ secrets.GARDE_CLIENT_ID }}');
    expect(jobs.retention.steps.at(-1)!.run).toMatch(/ \|\| \[ \$\? -eq 69 \]$/);
  });

  it('carries any printable value through YAML and the shell unharmed, and refuses expressions', () => {
    fc.assert(
      fc.property(nasty, (orgName) => {
        fc.pre(!orgName.includes('${{'));
        const { run } = workflowOf({ orgName }).jobs.retention.steps.at(-1)!;
        expect(lastValue(words(run.replace(/ \|\| \[ \$\? -eq 69 \]$/, '')))).toBe(orgName);
      }),
      { numRuns: 40 },
    );
    expect(() => print({ scheduler: 'github', orgName: '${{ secrets.X }}' })).toThrow(
      expect.objectContaining({ name: 'ScheduleValueUnfit' }),
    );
  });
});
