import { LightningElement, wire } from 'lwc';
import { graphql } from 'lightning/graphql';
import type { GraphqlResult } from 'lightning/graphql';
import lang from '@salesforce/i18n/lang';
import asOf from '@salesforce/label/c.GardeHome_AsOf';
import daysLate from '@salesforce/label/c.GardeHome_DaysLate';
import daysLeft from '@salesforce/label/c.GardeHome_DaysLeft';
import dueColumn from '@salesforce/label/c.GardeHome_DueColumn';
import incomplete from '@salesforce/label/c.GardeHome_Incomplete';
import ledger from '@salesforce/label/c.GardeHome_Ledger';
import loadError from '@salesforce/label/c.GardeHome_LoadError';
import loading from '@salesforce/label/c.GardeHome_Loading';
import moreRequests from '@salesforce/label/c.GardeHome_MoreRequests';
import noRequests from '@salesforce/label/c.GardeHome_NoRequests';
import notMeasured from '@salesforce/label/c.GardeHome_NotMeasured';
import overdue from '@salesforce/label/c.GardeHome_Overdue';
import peopleHeld from '@salesforce/label/c.GardeHome_PeopleHeld';
import requestColumn from '@salesforce/label/c.GardeHome_RequestColumn';
import requests from '@salesforce/label/c.GardeHome_Requests';
import specialFields from '@salesforce/label/c.GardeHome_SpecialFields';
import statusColumn from '@salesforce/label/c.GardeHome_StatusColumn';
import timeLeftColumn from '@salesforce/label/c.GardeHome_TimeLeftColumn';
import title from '@salesforce/label/c.GardeHome_Title';
import { homeQuery } from './gardeHomeQuery';
import type { HomeData, RequestNode } from './gardeHomeQuery';

const DAY = 86_400_000;

type Tile = {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly isIncomplete: boolean;
};

type RequestRow = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly due: string;
  readonly left: string;
  readonly isLate: boolean;
};

/** `{0}` is the only place in our labels. */
const fill = (label: string, value: string): string => label.replace('{0}', value);

export default class GardeHome extends LightningElement {
  readonly labels = {
    dueColumn,
    incomplete,
    loadError,
    loading,
    noRequests,
    requestColumn,
    requests,
    statusColumn,
    timeLeftColumn,
    title,
  };

  @wire(graphql, { query: homeQuery })
  home?: GraphqlResult<HomeData>;

  get isLoading(): boolean {
    return this.home?.data === undefined && !this.hasErrors;
  }

  get hasErrors(): boolean {
    return (this.home?.errors?.length ?? 0) > 0;
  }

  get hasData(): boolean {
    return this.home?.data !== undefined && !this.hasErrors;
  }

  get tiles(): readonly Tile[] {
    return [
      this.figureTile('people-held', peopleHeld),
      this.figureTile('special-category-fields', specialFields),
      this.overdueTile(),
      this.ledgerTile(),
    ];
  }

  get requestRows(): readonly RequestRow[] {
    return (this.home?.data?.uiapi.query.GardeRequest__c.edges ?? []).map(({ node }) => this.requestRow(node));
  }

  get hasRequests(): boolean {
    return this.requestRows.length > 0;
  }

  /** The page shows the most urgent only; what it does not show is said, not left out. */
  get moreText(): string {
    const hidden = (this.home?.data?.uiapi.query.GardeRequest__c.totalCount ?? 0) - this.requestRows.length;
    return hidden > 0 ? fill(moreRequests, this.number(hidden)) : '';
  }

  private figureTile(key: string, label: string): Tile {
    const figure = this.home?.data?.uiapi.query.GardeFigure__c.edges.find(
      ({ node }) => node.Key__c.value === key,
    )?.node;
    return {
      key,
      label,
      value: this.numberOrDash(figure?.Value__c.value),
      note: this.note(figure?.AsOf__c.value),
      isIncomplete: figure?.IsIncomplete__c.value === true,
    };
  }

  /** Sum over the active rules; as old as the rule that was planned longest ago, and unknown if one never was. */
  private overdueTile(): Tile {
    const rules = (this.home?.data?.uiapi.query.GardeRetentionRule__c.edges ?? []).map(({ node }) => node);
    const planned = rules.map((rule) => rule.LastPlannedAt__c.value);
    const measured = rules.length > 0 && planned.every((at) => at !== null);
    return {
      key: 'overdue-retention',
      label: overdue,
      value: this.numberOrDash(
        measured ? rules.reduce((sum, rule) => sum + (rule.OverdueCount__c.value ?? 0), 0) : undefined,
      ),
      note: this.note(measured ? [...planned].sort()[0] : undefined),
      isIncomplete: false,
    };
  }

  private ledgerTile(): Tile {
    const checkpoint = this.home?.data?.uiapi.query.GardeCheckpoint__c.edges[0]?.node;
    const result = checkpoint?.CheckResult__c;
    return {
      key: 'ledger-verified',
      label: ledger,
      value: result?.displayValue ?? result?.value ?? '–',
      note: this.note(checkpoint?.CheckedAt__c.value),
      isIncomplete: false,
    };
  }

  private numberOrDash(value: number | null | undefined): string {
    return value === null || value === undefined ? '–' : this.number(value);
  }

  private note(at: string | null | undefined): string {
    return at ? fill(asOf, new Intl.DateTimeFormat(lang, { dateStyle: 'medium' }).format(new Date(at))) : notMeasured;
  }

  private requestRow(node: RequestNode): RequestRow {
    const due = node.DueDate__c.value;
    const days = due === null ? undefined : Math.round((Date.parse(due) - Date.parse(this.today())) / DAY);
    return {
      id: node.Id,
      name: node.Name.value ?? '',
      status: node.Status__c.displayValue ?? node.Status__c.value ?? '',
      due:
        due === null
          ? ''
          : new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeZone: 'UTC' }).format(Date.parse(due)),
      left: this.leftText(days),
      isLate: days !== undefined && days < 0,
    };
  }

  private leftText(days: number | undefined): string {
    if (days === undefined) return '';
    return days < 0 ? fill(daysLate, this.number(-days)) : fill(daysLeft, this.number(days));
  }

  /** The reader's own calendar date: a deadline is a day, not an instant. */
  private today(): string {
    const now = new Date();
    const two = (value: number): string => String(value).padStart(2, '0');
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  private number(value: number): string {
    return new Intl.NumberFormat(lang).format(value);
  }
}
