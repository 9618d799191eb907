import { Flags } from '@salesforce/sf-plugins-core';
import { approvePlan } from '../../../plan/approve/approvePlan.ts';
import type { ApproveResult } from '../../../plan/approve/approvePlan.ts';
import { readPlanHeader } from '../../../plan/file/openPlan.ts';
import { GardeCommand, messagesOf, orgFlags } from '../../gardeCommand.ts';
import { planFlag } from '../../planFlags.ts';

const messages = messagesOf('garde.plan.approve');

export type PlanApproveResult = ApproveResult;

export default class PlanApprove extends GardeCommand<PlanApproveResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...orgFlags,
    ...planFlag,
    decision: Flags.option({
      options: ['approved', 'refused', 'revoked'] as const,
      default: 'approved',
      summary: messages.getMessage('flags.decision.summary'),
    })(),
    comment: Flags.string({ summary: messages.getMessage('flags.comment.summary') }),
    'no-prompt': Flags.boolean({ default: false, summary: messages.getMessage('flags.no-prompt.summary') }),
  };

  public async run(): Promise<PlanApproveResult> {
    const { flags } = await this.parse(PlanApprove);
    const { terms, digest } = readPlanHeader(flags.plan);
    if (!flags['no-prompt'] && !this.jsonEnabled()) {
      this.log(this.text('plan.approve.about', [terms.steps, terms.orgName, digest.slice(0, 8)]));
      const sure = await this.confirm({ message: this.text('plan.approve.sure', [flags.decision]) });
      if (!sure) throw messages.createError('error.notConfirmed');
    }
    const result = await approvePlan(
      {
        planPath: flags.plan,
        decision: flags.decision,
        ...(flags.comment === undefined ? {} : { comment: flags.comment }),
      },
      await this.openPorts(flags),
    );
    this.logSuccess(this.text('plan.approve.done', [result.decision, result.approver, result.expiresAt]));
    return result;
  }
}
