import { LightningElement, wire } from 'lwc';
import { executeMutation, graphql } from 'lightning/graphql';
import type { GraphqlResult } from 'lightning/graphql';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import type { ObjectInfoResult } from 'lightning/uiObjectInfoApi';
import userId from '@salesforce/user/Id';
import { approvalsQuery, decideMutation } from './approvalsQuery';
import type { ApprovalNode, ApprovalsData, PlanNode } from './approvalsQuery';
import { labels } from './labels';
import { planView } from './planView';
import type { PlanView } from './planView';
import { shownSummary } from './shownSummary';

type Decision = 'approved' | 'refused' | 'revoked';

const DONE: Readonly<Record<Decision, string>> = {
  approved: labels.approvedDone,
  refused: labels.refusedDone,
  revoked: labels.revokedDone,
};

const SAME_USER = 15;

export default class GardeApprovals extends LightningElement {
  readonly labels = labels;

  @wire(graphql, { query: approvalsQuery })
  waiting?: GraphqlResult<ApprovalsData>;

  @wire(getObjectInfo, { objectApiName: 'GardeApproval__c' })
  approvalInfo?: ObjectInfoResult;

  /** Comments being written, by plan. */
  comments: Readonly<Record<string, string>> = {};
  /** Said after a decision. */
  told = '';
  problem = '';
  isSaving = false;

  get isLoading(): boolean {
    return this.waiting?.data === undefined && !this.hasErrors;
  }

  get hasErrors(): boolean {
    return (this.waiting?.errors?.length ?? 0) > 0;
  }

  get plans(): readonly PlanView[] {
    const reader = { userId: this.reader(), mayCreate: this.mayCreate, now: Date.now() };
    return this.planNodes.map((plan) => planView(plan, this.approvalsOf(plan), reader));
  }

  get hasPlans(): boolean {
    return this.waiting?.data !== undefined && !this.hasErrors && this.plans.length > 0;
  }

  get hasNone(): boolean {
    return this.waiting?.data !== undefined && !this.hasErrors && this.plans.length === 0;
  }

  /** The page shows the first to expire only; what it does not show is said, not left out. */
  get moreText(): string {
    const hidden = (this.waiting?.data?.uiapi.query.GardePlan__c.totalCount ?? 0) - this.planNodes.length;
    return hidden > 0 ? labels.morePlans.replace('{0}', String(hidden)) : '';
  }

  private get planNodes(): readonly PlanNode[] {
    return (this.waiting?.data?.uiapi.query.GardePlan__c.edges ?? []).map(({ node }) => node);
  }

  /** Until the org has told, nobody may: a button that is refused helps nobody. */
  private get mayCreate(): boolean {
    return this.approvalInfo?.data?.createable === true;
  }

  /** The platform gives 18 characters here, and an older page may give 15: compared as the data have it. */
  private reader(): string {
    const planners = this.planNodes.map((plan) => plan.PlannedBy__c.value ?? '');
    return planners.find((id) => id.slice(0, SAME_USER) === userId.slice(0, SAME_USER)) ?? userId;
  }

  private approvalsOf(plan: PlanNode): readonly ApprovalNode[] {
    return (this.waiting?.data?.uiapi.query.GardeApproval__c.edges ?? [])
      .map(({ node }) => node)
      .filter((node) => node.PlanDigest__c.value === plan.PlanDigest__c.value);
  }

  handleComment(event: CustomEvent<{ value: string }>): void {
    const plan = (event.target as HTMLElement).dataset.plan ?? '';
    this.comments = { ...this.comments, [plan]: event.detail.value };
  }

  async handleDecision(event: Event): Promise<void> {
    const { plan: planId, decision } = (event.target as HTMLElement).dataset;
    const plan = this.planNodes.find(({ Id }) => Id === planId);
    if (plan === undefined || decision === undefined || this.isSaving) return;
    this.isSaving = true;
    this.told = '';
    this.problem = '';
    try {
      await this.decide(plan, decision as Decision);
    } catch {
      this.problem = labels.saveError;
    } finally {
      this.isSaving = false;
    }
  }

  private async decide(plan: PlanNode, decision: Decision): Promise<void> {
    const comment = (this.comments[plan.Id] ?? '').trim();
    if (decision === 'refused' && comment === '') {
      this.problem = labels.sayWhy;
      return;
    }
    const fields = {
      Plan__c: plan.Id,
      PlanDigest__c: plan.PlanDigest__c.value,
      Decision__c: decision,
      ExpiresAt__c: plan.ExpiresAt__c.value,
      SummaryHash__c: await shownSummary(plan),
      ...(comment === '' ? {} : { Comment__c: comment }),
    };
    const answer = await executeMutation({
      query: decideMutation,
      variables: { input: { GardeApproval__c: fields } },
    });
    if ((answer.errors?.length ?? 0) > 0) {
      this.problem = labels.saveError;
      return;
    }
    this.comments = { ...this.comments, [plan.Id]: '' };
    this.told = DONE[decision].replace('{0}', plan.Name.value ?? '');
    await this.waiting?.refresh?.();
  }
}
