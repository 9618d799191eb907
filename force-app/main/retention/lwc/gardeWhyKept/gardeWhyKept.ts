import { api, LightningElement, wire } from 'lwc';
import { graphql } from 'lightning/graphql';
import type { GraphqlResult } from 'lightning/graphql';
import { labels } from './labels';
import { whyQuery } from './whyQuery';
import type { WhyData } from './whyQuery';
import { consentView, decisionView, requestView, ruleViews } from './whyView';
import type { DecisionView, LineView, RuleView } from './whyView';

export default class GardeWhyKept extends LightningElement {
  readonly labels = labels;

  /** The record of the person; the platform gives it on a record page. */
  @api recordId = '';
  /** Its object; the platform gives it on a record page. */
  @api objectApiName = '';

  @wire(graphql, { query: whyQuery, variables: '$variables' })
  why?: GraphqlResult<WhyData>;

  /** Nothing is asked before the page has told which record it shows. */
  get variables(): { readonly person: string; readonly key: string } | undefined {
    return this.recordId === '' ? undefined : { person: this.recordId, key: this.recordId };
  }

  get isLoading(): boolean {
    return this.why?.data === undefined && !this.hasErrors;
  }

  get hasErrors(): boolean {
    return (this.why?.errors?.length ?? 0) > 0;
  }

  get hasData(): boolean {
    return this.why?.data !== undefined && !this.hasErrors;
  }

  get decision(): DecisionView | undefined {
    const standing = this.why?.data?.uiapi.query.GardeStanding__c.edges[0]?.node;
    return standing === undefined ? undefined : decisionView(standing);
  }

  get rules(): readonly RuleView[] {
    const standing = this.why?.data?.uiapi.query.GardeStanding__c.edges[0]?.node;
    const object = standing?.SubjectType__c.value ?? this.objectApiName;
    const rules = (this.why?.data?.uiapi.query.GardeRetentionRule__c.edges ?? []).map(({ node }) => node);
    return ruleViews(rules, object, standing?.RuleKey__c.value ?? null);
  }

  get hasRules(): boolean {
    return this.rules.length > 0;
  }

  get requests(): readonly LineView[] {
    return (this.why?.data?.uiapi.query.GardeRequest__c.edges ?? []).map(({ node }) => requestView(node));
  }

  get hasRequests(): boolean {
    return this.requests.length > 0;
  }

  get consents(): readonly LineView[] {
    return (this.why?.data?.uiapi.query.GardeConsentEvent__c.edges ?? []).map(({ node }) => consentView(node));
  }

  get hasConsents(): boolean {
    return this.consents.length > 0;
  }
}
