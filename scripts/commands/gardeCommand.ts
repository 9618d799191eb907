import { fileURLToPath } from 'node:url';
import { Messages, SfError } from '@salesforce/core';
import type { Org as SalesforceOrg } from '@salesforce/core';
import type { Interfaces } from '@oclif/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { sweepHoldings } from '../app/keys.ts';
import { openPorts } from '../app/ports.ts';
import type { Ports } from '../app/ports.ts';
import { GardeError } from '../kernel/result.ts';
import type { Progress } from '../model/progress.ts';
import type { Language } from '../model/text.ts';
import { resultTexts } from './resultTexts.ts';
import type { ResultTexts } from './resultTexts.ts';

Messages.importMessagesDirectory(fileURLToPath(new URL('.', import.meta.url)));

/** The messages of one command: `messages/<bundle>.md`. */
export const messagesOf = (bundle: string): Messages<string> => Messages.loadMessages('garde', bundle);

/** Results are told in English or French. */
export const languageFlag = {
  language: Flags.option({
    options: ['en', 'fr'] as const,
    default: 'en',
    env: 'GARDE_LANGUAGE',
    summary: 'Language of the result.',
  })(),
};

/** Flags of every command that works on an org. */
export const orgFlags = {
  ...languageFlag,
  'target-org': Flags.requiredOrg(),
  'api-version': Flags.orgApiVersion(),
};

/** The charter; without it the folder's `garde.yml`. */
export const charterFlag = {
  charter: Flags.file({ char: 'c', summary: 'Path of the charter; ./garde.yml when it is there.' }),
};

/** `, ≈ 12 min`: the same in both languages. */
const timeLeft = (seconds: number | undefined): string => {
  if (seconds === undefined) return '';
  return seconds < 90 ? `, ≈ ${seconds} s` : `, ≈ ${Math.ceil(seconds / 60)} min`;
};

type OrgFlags = { readonly 'target-org': SalesforceOrg; readonly 'api-version': string | undefined };

/** Front door of every Garde command: opens the ports, tells progress, turns problems into errors with remedies. */
export abstract class GardeCommand<T> extends SfCommand<T> {
  private stage = '';
  private texts: ResultTexts = resultTexts('en');

  /** Says everything from here on in this language. */
  protected speak(language: Language): void {
    this.texts = resultTexts(language);
  }

  protected override async parse<
    F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    B extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(options?: Interfaces.Input<F, B, A>, argv?: string[]): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv);
    const language: unknown = (parsed.flags as Readonly<Record<string, unknown>>)['language'];
    if (language === 'en' || language === 'fr') this.speak(language);
    for (const { path } of sweepHoldings(this.gardeDataDir())) this.warn(this.text('holdings.left', [path]));
    return parsed;
  }

  /** A text of the result (`messages/<language>/commands.json`), each `%s` replaced in order. */
  protected text(key: string, values: readonly (string | number)[] = []): string {
    return this.texts.text(key, values);
  }

  /** Rows as a table with headings and words of the result's language; `--json` has the codes. */
  protected showTable(rows: readonly Readonly<Record<string, unknown>>[], title?: string): void {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    this.table({
      ...(title === undefined ? {} : { title }),
      data: rows.map((row) => Object.fromEntries(columns.map((key) => [key, this.texts.cell(key, row[key])]))),
      columns: columns.map((key) => ({ key, name: this.text(`column.${key}`) })),
      overflow: 'wrap',
    });
  }

  /** What functions that show more than one table need of the command. */
  protected tables() {
    return {
      table: (rows: readonly Readonly<Record<string, unknown>>[], title: string): void => {
        this.showTable(rows, title);
      },
      log: (text: string): void => {
        this.log(text);
      },
      text: (key: string, values?: readonly (string | number)[]): string => this.text(key, values),
      word: (column: string, value: unknown): string => this.texts.cell(column, value),
    };
  }

  /** Ports to the flagged org and to this user's vault; what expired in the vault is swept first. */
  protected async openPorts(flags: OrgFlags): Promise<Ports> {
    return openPorts({
      connection: flags['target-org'].getConnection(flags['api-version']),
      dataDir: this.gardeDataDir(),
    });
  }

  /** Where keyrings, sealed files and the twin's state lie: `GARDE_DATA_DIR`, else below the CLI's own data folder. */
  protected gardeDataDir(): string {
    return process.env['GARDE_DATA_DIR'] ?? `${this.config.dataDir}/garde`;
  }

  /** Progress on stderr, so that stdout holds results only; to the parent process too when it asked (`garde demo`). */
  protected readonly tell = (progress: Progress): void => {
    if (process.env['GARDE_PROGRESS'] === 'ipc') process.send?.({ progress });
    if (this.jsonEnabled()) return;
    // a log file gets a line a stage, not one a step
    if (progress.stage === this.stage && !process.stderr.isTTY) return;
    const counted =
      progress.done === undefined
        ? ''
        : ` ${progress.done}${progress.total === undefined ? '' : ` / ${progress.total}`}`;
    const status = `${progress.subject ?? ''}${counted}${timeLeft(progress.secondsLeft)}`.trim();
    if (progress.stage !== this.stage) {
      if (this.stage !== '') this.spinner.stop();
      this.stage = progress.stage;
      this.spinner.start(this.texts.stage(progress.stage), status);
    } else this.spinner.status = status;
  };

  /** Closes the running stage, before something else is printed. */
  protected finishProgress(): void {
    if (this.stage !== '') this.spinner.stop();
    this.stage = '';
  }

  protected override async finally(error: Error | undefined): Promise<unknown> {
    if (error === undefined) this.finishProgress();
    return super.finally(error);
  }

  public override warn(input: SfCommand.Warning): SfCommand.Warning {
    // the twin is plain http on the loopback: the SDK's warning is for orgs across a network
    const text = typeof input === 'string' ? input : input.message;
    return /^Using insecure protocol: http: on url: http:\/\/127\.0\.0\.1[:/]/.test(text) ? input : super.warn(input);
  }

  protected override async catch(error: Error): Promise<never> {
    if (!(error instanceof GardeError)) return super.catch(error);
    return super.catch(
      SfError.create({
        name: error.name,
        message: error.message,
        actions: [...new Set(error.problems.flatMap((problem) => problem.actions))],
        exitCode: 1,
        data: error.problems.map(({ code, subject }) => ({ code, subject: subject ?? null })),
        cause: error,
      }),
    );
  }
}
