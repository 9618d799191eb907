import { Flags } from '@salesforce/sf-plugins-core';
import { runForecast } from '../../../app/retentionForecast.ts';
import type { AcceptedLaw, ForecastAnswer } from '../../../app/retentionForecast.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';

const messages = messagesOf('garde.retention.forecast');

type Counted = {
  readonly people: number;
  readonly dueNow: number;
  /** In the order of `months`. */
  readonly byMonth: readonly number[];
  readonly later: number;
  readonly noEnd: number;
  readonly notConcerned: number;
};

export type RetentionForecastResult = {
  readonly asOf: string;
  readonly state: 'complete' | 'incomplete';
  /** `2026-11` */
  readonly months: readonly string[];
  readonly policy: Counted;
  readonly variant: Counted | null;
  readonly delta: {
    readonly dueNowInBoth: number;
    readonly noLongerDue: number;
    readonly newlyDue: number;
    readonly sooner: number;
    readonly later: number;
    readonly unchanged: number;
  } | null;
  readonly callsUsed: number;
  readonly report: string | null;
  /** Of a changed rule set: what changed, and who was shown it when. */
  readonly accepted: AcceptedLaw | null;
};

const CHANGES = ['newlyDue', 'noLongerDue', 'dueNowInBoth', 'sooner', 'later', 'unchanged'] as const;

const toResult = ({ forecast, report, accepted }: ForecastAnswer): RetentionForecastResult => ({
  asOf: forecast.asOf,
  state: forecast.complete ? 'complete' : 'incomplete',
  months: forecast.months,
  policy: forecast.policy,
  variant: forecast.variant ?? null,
  delta: forecast.delta ?? null,
  callsUsed: forecast.calls,
  report: report ?? null,
  accepted: accepted ?? null,
});

export default class RetentionForecast extends GardeCommand<RetentionForecastResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    variant: Flags.file({ summary: messages.getMessage('flags.variant.summary') }),
    'rule-set': Flags.file({ summary: messages.getMessage('flags.rule-set.summary') }),
    months: Flags.integer({ default: 36, min: 1, max: 240, summary: messages.getMessage('flags.months.summary') }),
    publish: Flags.boolean({ default: false, summary: messages.getMessage('flags.publish.summary') }),
    'accept-rule-set': Flags.boolean({
      default: false,
      exclusive: ['variant', 'rule-set', 'publish'],
      summary: messages.getMessage('flags.accept-rule-set.summary'),
    }),
    html: Flags.boolean({ default: false, summary: messages.getMessage('flags.html.summary') }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
  };

  public async run(): Promise<RetentionForecastResult> {
    const { flags } = await this.parse(RetentionForecast);
    const answer = await runForecast(
      {
        ...{
          months: flags.months,
          language: flags.language,
          html: flags.html,
          publish: flags.publish,
          outputDir: flags['output-dir'],
          acceptRuleSet: flags['accept-rule-set'],
        },
        ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
        ...(flags.variant === undefined ? {} : { variantPath: flags.variant }),
        ...(flags['rule-set'] === undefined ? {} : { ruleSetPath: flags['rule-set'] }),
      },
      await this.openPorts(flags),
      this.tell,
    );
    const result = toResult(answer);
    this.showForecast(result);
    if (flags['accept-rule-set']) this.showAccepted(result);
    return result;
  }

  private showAccepted({ accepted }: RetentionForecastResult): void {
    if (accepted === null) {
      this.log(this.text('retention.forecast.accepted.nothing'));
      return;
    }
    this.showTable(
      accepted.changes.map(({ rule, change }) => ({ rule, change })),
      this.text('retention.forecast.accepted.changes'),
    );
    this.logSuccess(this.text('retention.forecast.accepted', [accepted.at.slice(0, 10)]));
  }

  private showForecast({ state, months, policy, variant, delta, report }: RetentionForecastResult): void {
    const say = (key: string): string => this.text(`retention.forecast.${key}`);
    if (state === 'incomplete') this.warn(say('incomplete'));
    const row = (month: string, of: (counted: Counted) => number) => ({
      ...{ month, policy: of(policy) },
      ...(variant === null ? {} : { variant: of(variant) }),
    });
    const rows = [
      row(say('today'), (one) => one.dueNow),
      ...months.map((month, i) => row(month, (one) => one.byMonth[i] ?? 0)),
      row(say('later'), (one) => one.later),
      row(say('no-end'), (one) => one.noEnd),
      row(say('not-concerned'), (one) => one.notConcerned),
    ];
    const isEmpty = (one: { readonly policy: number; readonly variant?: number }): boolean =>
      one.policy === 0 && (one.variant ?? 0) === 0;
    this.showTable(
      rows.filter((one) => !isEmpty(one)),
      say('months'),
    );
    if (delta !== null) {
      const changes = CHANGES.map((name) => ({ change: say(`delta.${name}`), people: delta[name] }));
      this.showTable(changes, say('delta'));
    }
    this.log(this.text('retention.forecast.now', [policy.dueNow, policy.people]));
    this.log(say('limits'));
    if (report !== null) this.log(this.text('retention.forecast.report', [report]));
  }
}
