import { LightningElement, wire } from 'lwc';
import { graphql } from 'lightning/graphql';
import type { GraphqlResult } from 'lightning/graphql';
import lang from '@salesforce/i18n/lang';
import { labels } from './labels';
import { retentionQuery } from './retentionQuery';
import type { RetentionData } from './retentionQuery';
import { monthViews, personView, ruleView } from './retentionView';
import type { MonthView, PersonView, RuleView } from './retentionView';

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
    return (this.retention?.data?.uiapi.query.GardeStanding__c.edges ?? []).map(({ node }) => personView(node));
  }

  get hasPeople(): boolean {
    return this.people.length > 0;
  }

  /** The page shows the first only; what it does not show is said, not left out. */
  get moreText(): string {
    const hidden = (this.retention?.data?.uiapi.query.GardeStanding__c.totalCount ?? 0) - this.people.length;
    return hidden > 0 ? labels.morePeople.replace('{0}', new Intl.NumberFormat(lang).format(hidden)) : '';
  }
}
