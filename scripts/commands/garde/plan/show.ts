import type { Org as SalesforceOrg } from '@salesforce/core';
import { Flags } from '@salesforce/sf-plugins-core';
import { openPorts, openVault, systemClock } from '../../../app/ports.ts';
import { showPlan } from '../../../plan/showPlan.ts';
import type { ShowResult } from '../../../plan/showPlan.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';
import { planFlag } from '../../planFlags.ts';

const messages = messagesOf('garde.plan.show');

/** Plain types: the result's JSON Schema is generated from them. */
export type PlanShowResult = {
  readonly digest: string;
  readonly orgName: string;
  readonly orgId: string;
  readonly asOf: string;
  readonly expiresAt: string;
  readonly state: 'complete' | 'incomplete';
  readonly hidden: readonly string[];
  readonly considered: number;
  /** API calls the run will make. */
  readonly calls: number;
  /** Share of steps that cannot be undone, 0 to 1. */
  readonly irreversible: number;
  readonly steps: readonly {
    readonly object: string;
    readonly operation: string;
    readonly rule: string;
    readonly count: number;
  }[];
  readonly reasons: readonly {
    readonly rule: string;
    readonly verdict: string;
    readonly code: string;
    readonly count: number;
  }[];
  readonly people: readonly {
    readonly recordId: string;
    readonly object: string;
    readonly rule: string;
    readonly verdict: string;
    readonly reason: string;
    readonly until: string | null;
    readonly operations: readonly string[];
  }[];
  /** True when the filter meets more people than are shown. */
  readonly more: boolean;
  readonly quota: { readonly remaining: number; readonly budget: number; readonly needed: number } | null;
  readonly problems: readonly { readonly code: string; readonly message: string }[];
};

const toResult = ({ header, steps, reasons, people, more, quota, problems }: ShowResult): PlanShowResult => {
  const { terms, digest } = header;
  const { orgName, orgId, asOf, expiresAt, completeness, considered, calls, irreversible } = terms;
  return {
    ...{ digest, orgName, orgId, asOf, expiresAt, considered, calls, irreversible },
    state: completeness.state,
    hidden: completeness.hidden,
    steps,
    reasons: reasons.map(({ rule, verdict, code, count }) => ({ rule, verdict, code, count })),
    people: people.map(({ recordId, object, rule, verdict, reason, until, operations }) => ({
      ...{ recordId, object, rule, verdict, reason, until },
      operations: operations.map((one) => `${one.operation} ${one.object} ${one.recordId}`),
    })),
    ...{ more, quota, problems },
  };
};

export default class PlanShow extends GardeCommand<PlanShowResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...planFlag,
    ...languageFlag,
    'target-org': Flags.optionalOrg(),
    rule: Flags.string({ summary: messages.getMessage('flags.rule.summary') }),
    verdict: Flags.option({
      options: ['due', 'kept'] as const,
      summary: messages.getMessage('flags.verdict.summary'),
    })(),
    reason: Flags.string({ summary: messages.getMessage('flags.reason.summary') }),
    person: Flags.salesforceId({ summary: messages.getMessage('flags.person.summary') }),
    limit: Flags.integer({ default: 20, min: 0, max: 2000, summary: messages.getMessage('flags.limit.summary') }),
  };

  public async run(): Promise<PlanShowResult> {
    const { flags } = await this.parse(PlanShow);
    const dataDir = this.gardeDataDir();
    // the flag is optional, whatever its type says
    const org = flags['target-org'] as SalesforceOrg | undefined;
    const connection = org?.getConnection();
    const ports =
      connection === undefined ? { vault: await openVault(dataDir) } : await openPorts({ connection, dataDir });
    const { rule, verdict, reason, person } = flags;
    const shown = await showPlan(
      {
        planPath: flags.plan,
        limit: flags.limit,
        ...(rule === undefined ? {} : { rule }),
        ...(verdict === undefined ? {} : { verdict }),
        ...(reason === undefined ? {} : { reason }),
        ...(person === undefined ? {} : { person }),
      },
      { ...ports, now: systemClock.now() },
    );
    const result = toResult(shown);
    this.show(result);
    return result;
  }

  private show(result: PlanShowResult): void {
    const { digest, orgName, asOf, expiresAt, quota } = result;
    this.log(this.text('plan.show.bound', [digest.slice(0, 8), orgName, asOf, expiresAt]));
    if (result.state === 'incomplete') this.warn(this.text('plan.show.incomplete', [result.hidden.join(', ')]));
    this.showTable(result.steps, this.text('plan.show.title.steps'));
    this.showTable(result.reasons, this.text('plan.show.title.reasons'));
    this.showTable(
      result.people.map(({ recordId, object, rule, verdict, reason, until }) => ({
        ...{ recordId, object, rule, verdict, reason, until },
      })),
      this.text('plan.show.title.people'),
    );
    if (result.more) this.log(this.text('plan.show.more'));
    if (quota !== null) this.log(this.text('plan.show.quota', [quota.needed, quota.budget, quota.remaining]));
    for (const { message } of result.problems) this.warn(message);
  }
}
