import { LightningElement, wire } from 'lwc';
import { graphql } from 'lightning/graphql';
import type { GraphqlResult } from 'lightning/graphql';
import lang from '@salesforce/i18n/lang';
import { labels } from './labels';
import { retentionQuery } from './retentionQuery';
import type { RetentionData, StandingNode } from './retentionQuery';
import { monthViews, personView, ruleView } from './retentionView';
import type { MonthView, PersonView, RuleView } from './retentionView';

type Standings = { readonly edges: readonly { readonly node: StandingNode }[]; readonly totalCount: number };

const peopleIn = (of: Standings | undefined): readonly PersonView[] =>
  (of?.edges ?? []).map(({ node }) => personView(node));

const moreThan = (shown: readonly PersonView[], of: Standings | undefined): string => {
  const hidden = (of?.totalCount ?? 0) - shown.length;
  return hidden > 0 ? labels.morePeople.replace('{0}', new Intl.NumberFormat(lang).format(hidden)) : '';
};

export default class GardeRetention extends LightningElement {
  readonly labels = labels;

  @wire(graphql, { query: retentionQuery })
  retention?: GraphqlResult<RetentionData>;

  get isLoading(): boolean {
    return this.retention?.data === undefined && !this.hasErrors;
  }

  get hasErrors(): boolean {
    return (this.retention?.errors?.length ?? 0) > 0;
  }

  get hasData(): boolean {
    return this.retention?.data !== undefined && !this.hasErrors;
  }

  get rules(): readonly RuleView[] {
    return (this.retention?.data?.uiapi.query.GardeRetentionRule__c.edges ?? []).map(({ node }) => ruleView(node));
  }

  get hasRules(): boolean {
    return this.rules.length > 0;
  }

  get months(): readonly MonthView[] {
    return monthViews((this.retention?.data?.uiapi.query.GardeFigure__c.edges ?? []).map(({ node }) => node));
  }

  get hasMonths(): boolean {
    return this.months.length > 0;
  }

  get people(): readonly PersonView[] {
    return peopleIn(this.retention?.data?.uiapi.query.GardeStanding__c);
  }

  get hasPeople(): boolean {
    return this.people.length > 0;
  }

  /** The page shows the first only; what it does not show is said, not left out. */
  get moreText(): string {
    return moreThan(this.people, this.retention?.data?.uiapi.query.GardeStanding__c);
  }

  /** Kept today, announced by their rule; the first to fall due first. */
  get soon(): readonly PersonView[] {
    return peopleIn(this.retention?.data?.uiapi.query.soon);
  }

  get hasSoon(): boolean {
    return this.soon.length > 0;
  }

  get moreSoonText(): string {
    return moreThan(this.soon, this.retention?.data?.uiapi.query.soon);
  }
}
