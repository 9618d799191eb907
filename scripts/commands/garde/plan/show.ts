import type { Org as SalesforceOrg } from '@salesforce/core';
import { Flags } from '@salesforce/sf-plugins-core';
import { openPorts, openVault, systemClock } from '../../../app/ports.ts';
import { showPlan } from '../../../plan/showPlan.ts';
import type { ShowResult } from '../../../plan/showPlan.ts';
import { GardeCommand, messagesOf } from '../../gardeCommand.ts';
import { planFlag } from '../../planFlags.ts';

const messages = messagesOf('garde.plan.show');

export type PlanShowResult = ShowResult;

export default class PlanShow extends GardeCommand<PlanShowResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...planFlag,
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
    const result = await showPlan(
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
    this.show(result);
    return result;
  }

  private show({ header, steps, reasons, people, more, quota, problems }: PlanShowResult): void {
    const { terms, digest } = header;
    this.log(messages.getMessage('bound', [digest.slice(0, 8), terms.orgName, terms.asOf, terms.expiresAt]));
    if (terms.completeness.state === 'incomplete')
      this.warn(messages.getMessage('incomplete', [terms.completeness.hidden.join(', ')]));
    this.table({ title: messages.getMessage('title.steps'), data: steps.map((one) => ({ ...one })) });
    this.table({ title: messages.getMessage('title.reasons'), data: reasons.map((one) => ({ ...one })) });
    this.table({
      title: messages.getMessage('title.people'),
      data: people.map(({ recordId, object, rule, verdict, reason, until }) => ({
        ...{ recordId, object, rule, verdict, reason },
        until: until ?? '',
      })),
    });
    if (more) this.log(messages.getMessage('more'));
    if (quota !== null) this.log(messages.getMessage('quota', [quota.needed, quota.budget, quota.remaining]));
    for (const { message } of problems) this.warn(message);
  }
}
