import { Flags } from '@salesforce/sf-plugins-core';
import { runRetentionPlan } from '../../../app/planning.ts';
import { DUE_SOON, dueSoonOf } from '../../../model/plan.ts';
import type { RetentionPlanResult as Planned } from '../../../retention/plan.ts';
import { charterFlag, GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';
import { pseudonymTokens, shownPseudonyms, type ShownPseudonyms } from '../../shownPseudonyms.ts';

const messages = messagesOf('garde.retention.plan');

export type RetentionPlanResult = {
  readonly path: string;
  readonly digest: string;
  readonly considered: number;
  readonly due: number;
  readonly kept: number;
  readonly steps: number;
  /** Share of steps that cannot be undone, 0 to 1. */
  readonly irreversible: number;
  readonly state: 'complete' | 'incomplete';
  /** API calls that planning cost, and that carrying it out will cost. */
  readonly callsUsed: number;
  readonly callsToApply: number;
  readonly reasons: readonly {
    readonly rule: string;
    readonly verdict: string;
    readonly code: string;
    readonly count: number;
  }[];
  /** People kept today who fall due within the time that their rule warns before, by rule. */
  readonly dueSoon: readonly {
    readonly rule: string;
    readonly count: number;
    /** First and last day of their periods. */
    readonly from: string | null;
    readonly until: string | null;
  }[];
  /** Which word may be said of how many, and the page that says why; null when the plan anonymises nobody. */
  readonly anonymisation: {
    readonly anonymised: number;
    readonly pseudonymised: number;
    readonly path: string | null;
  } | null;
  /** Whom the plan gives a pseudonym, by object. */
  readonly pseudonymised: readonly ShownPseudonyms[];
  readonly expiresAt: string;
};

const wordsOf = ({
  header: { terms },
  anonymisationPath = null,
}: Planned & { readonly anonymisationPath?: string | null }): RetentionPlanResult['anonymisation'] => {
  if (terms.anonymisation === undefined) return null;
  const sum = (word: 'anonymised' | 'pseudonymised'): number =>
    terms.anonymisation?.people.reduce((total, one) => total + one[word], 0) ?? 0;
  return { anonymised: sum('anonymised'), pseudonymised: sum('pseudonymised'), path: anonymisationPath };
};

const toResult = (planned: Planned & { readonly anonymisationPath?: string }): RetentionPlanResult => {
  const { path, header, calls } = planned;
  const { terms, digest } = header;
  const sum = (verdict: 'due' | 'kept'): number =>
    terms.reasons.reduce((total, one) => total + (one.verdict === verdict ? one.count : 0), 0);
  return {
    path,
    digest,
    considered: terms.considered,
    due: sum('due'),
    kept: sum('kept'),
    steps: terms.steps,
    irreversible: terms.irreversible,
    state: terms.completeness.state,
    callsUsed: calls,
    callsToApply: terms.calls,
    reasons: terms.reasons,
    dueSoon: dueSoonOf(terms).map(({ rule, count, until }) => ({
      ...{ rule, count, from: until?.first ?? null, until: until?.last ?? null },
    })),
    anonymisation: wordsOf(planned),
    pseudonymised: shownPseudonyms(terms),
    expiresAt: terms.expiresAt,
  };
};

export default class RetentionPlan extends GardeCommand<RetentionPlanResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...charterFlag,
    rule: Flags.string({ multiple: true, summary: messages.getMessage('flags.rule.summary') }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
    publish: Flags.boolean({ default: false, summary: messages.getMessage('flags.publish.summary') }),
    'publish-people': Flags.boolean({ default: false, summary: messages.getMessage('flags.publish-people.summary') }),
  };

  public async run(): Promise<RetentionPlanResult> {
    const { flags } = await this.parse(RetentionPlan);
    const planned = await runRetentionPlan(
      {
        only: flags.rule ?? [],
        outputDir: flags['output-dir'],
        publish: flags.publish,
        publishPeople: flags['publish-people'],
        language: flags.language,
        ...(flags.charter === undefined ? {} : { charterPath: flags.charter }),
      },
      await this.openPorts(flags),
      this.tell,
    );
    const result = toResult(planned);
    if (result.state === 'incomplete') this.warn(this.text('retention.plan.incomplete'));
    const others = result.reasons.filter(({ code }) => code !== DUE_SOON);
    if (others.length > 0 || result.dueSoon.length === 0) this.showTable(others);
    if (result.dueSoon.length > 0) this.showTable(result.dueSoon, this.text('retention.plan.dueSoon'));
    this.logSuccess(this.text('retention.plan.done', [result.due, result.considered, result.path]));
    const { anonymisation } = result;
    if (anonymisation !== null) {
      const { anonymised, pseudonymised, path } = anonymisation;
      this.log(this.text('retention.plan.anonymised', [anonymised, pseudonymised, path ?? '']));
    }
    for (const one of result.pseudonymised) this.log(this.text('plan.pseudonymised', pseudonymTokens(one)));
    this.log(this.text('retention.plan.next', [result.path]));
    return result;
  }
}
