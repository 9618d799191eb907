import lang from '@salesforce/i18n/lang';
import { periodText } from 'c/gardePeriod';
import { labels } from './labels';
import { MONTH_KEY } from './retentionQuery';
import type { MonthNode, RuleNode, StandingNode } from './retentionQuery';

export type RuleView = {
  readonly id: string;
  readonly name: string;
  readonly ground: string;
  readonly source: string;
  readonly sourceText: string;
  readonly period: string;
  readonly action: string;
  readonly due: string;
  readonly held: string;
  readonly planned: string;
};

export type MonthView = {
  readonly key: string;
  readonly month: string;
  readonly people: string;
  /** Length of the bar, as a style. */
  readonly bar: string;
};

export type PersonView = {
  readonly id: string;
  readonly href: string;
  readonly name: string;
  readonly why: string;
  /** Last day of the period; a dash for people who are due. */
  readonly until: string;
};

const numberText = (value: number | null): string => {
  if (value === null) return '–';
  return new Intl.NumberFormat(lang).format(value);
};

const dateText = (at: string | null): string => {
  if (at === null) return '–';
  return new Intl.DateTimeFormat(lang, { dateStyle: 'medium' }).format(new Date(at));
};

/** A date without a time is the same day everywhere. */
const dayText = (day: string | null): string => {
  if (day === null) return '–';
  return new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
};

/** Only links that lead to a page: what somebody typed into the field is text. */
const linkOf = (url: string | null): string => (url !== null && /^https?:\/\//i.test(url) ? url : '');

export const ruleView = (rule: RuleNode): RuleView => {
  const name = rule.Name.value ?? '';
  return {
    id: rule.Id,
    name,
    ground: rule.LegalGround__c.value ?? '',
    source: linkOf(rule.SourceUrl__c.value),
    sourceText: labels.source.replace('{0}', name),
    period: periodText(rule.Duration__c.value),
    action: rule.Action__c.displayValue ?? rule.Action__c.value ?? '–',
    due: numberText(rule.OverdueCount__c.value),
    held: numberText(rule.HeldCount__c.value),
    planned: dateText(rule.LastPlannedAt__c.value),
  };
};

/** Months of the forecast, each with a bar as long as its share of the longest. */
export const monthViews = (months: readonly MonthNode[]): readonly MonthView[] => {
  const most = Math.max(1, ...months.map(({ Value__c }) => Value__c.value ?? 0));
  return months.map(({ Id, Key__c, Value__c }) => {
    const month = (Key__c.value ?? '').slice(MONTH_KEY.length);
    const people = Value__c.value ?? 0;
    const day = new Date(`${month}-01T00:00:00Z`);
    const style = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
    return {
      key: Id,
      month: Number.isNaN(day.getTime()) ? month : new Intl.DateTimeFormat(lang, style).format(day),
      people: numberText(people),
      bar: `width: ${((100 * people) / most).toFixed(1)}%`,
    };
  });
};

/** A person whom the plan found due; without the right to read the name the record's number stands for it. */
export const personView = (standing: StandingNode): PersonView => {
  const key = standing.SubjectKey__c.value ?? '';
  const related = standing.Contact__r ?? standing.Lead__r ?? standing.Account__r;
  const why = lang.startsWith('fr') ? standing.ExplanationFr__c.value : standing.Explanation__c.value;
  return {
    id: standing.Id,
    href: `/${encodeURIComponent(key)}`,
    name: related?.Name.value ?? labels.openRecord.replace('{0}', key),
    why: why ?? '',
    until: dayText(standing.UntilDate__c.value),
  };
};
