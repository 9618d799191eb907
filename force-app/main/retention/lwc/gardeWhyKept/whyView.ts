import lang from '@salesforce/i18n/lang';
import { periodText } from 'c/gardePeriod';
import { labels } from './labels';
import type { ConsentNode, RequestNode, RuleNode, StandingNode } from './whyQuery';

export type DecisionView = {
  readonly verdict: string;
  readonly isDue: boolean;
  readonly why: string;
  readonly decidedFor: string;
};
export type RuleView = {
  readonly id: string;
  readonly line: string;
  readonly ground: string;
  readonly source: string;
  readonly sourceText: string;
};
export type LineView = { readonly id: string; readonly line: string };

const fill = (label: string, ...values: readonly string[]): string =>
  values.reduce((text, value, place) => text.replace(`{${place}}`, value), label);

/** A day without a time of day is the same day everywhere. */
const dayText = (day: string): string =>
  new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));

const verdictText = ({ Verdict__c, UntilDate__c }: StandingNode): string => {
  if (Verdict__c.value === 'due') return labels.due;
  return UntilDate__c.value === null ? labels.keptOpen : fill(labels.kept, dayText(UntilDate__c.value));
};

export const decisionView = (standing: StandingNode): DecisionView => ({
  verdict: verdictText(standing),
  isDue: standing.Verdict__c.value === 'due',
  why: (lang.startsWith('fr') ? standing.ExplanationFr__c.value : standing.Explanation__c.value) ?? '',
  decidedFor:
    standing.DecidedDate__c.value === null ? '' : fill(labels.decidedFor, dayText(standing.DecidedDate__c.value)),
});

/** Only links that lead to a page: what somebody typed into the field is text. */
const linkOf = (url: string | null): string => (url !== null && /^https?:\/\//i.test(url) ? url : '');

/** Rules for records of this object; the one that decided comes first. */
export const ruleViews = (rules: readonly RuleNode[], object: string, decisive: string | null): readonly RuleView[] =>
  rules
    .filter(({ PeopleObject__c }) => PeopleObject__c.value === object)
    .toSorted((a, b) => Number(b.RuleKey__c.value === decisive) - Number(a.RuleKey__c.value === decisive))
    .map((rule) => {
      const name = rule.Name.value ?? '';
      const action = rule.Action__c.displayValue ?? rule.Action__c.value ?? '–';
      return {
        id: rule.Id,
        line: fill(labels.ruleLine, name, periodText(rule.Duration__c.value), action.toLocaleLowerCase(lang)),
        ground: rule.LegalGround__c.value ?? '',
        source: linkOf(rule.SourceUrl__c.value),
        sourceText: fill(labels.source, name),
      };
    });

const shown = (field: { readonly value: string | null; readonly displayValue: string | null }): string =>
  field.displayValue ?? field.value ?? '–';

export const requestView = ({ Id, Name, Status__c }: RequestNode): LineView => ({
  id: Id,
  line: `${Name.value ?? ''} · ${shown(Status__c)}`,
});

export const consentView = ({ Id, PurposeKey__c, Status__c, OccurredAt__c }: ConsentNode): LineView => {
  const at = OccurredAt__c.value;
  const when = at === null ? '–' : new Intl.DateTimeFormat(lang, { dateStyle: 'medium' }).format(new Date(at));
  return { id: Id, line: `${PurposeKey__c.value ?? '–'} · ${shown(Status__c)} · ${when}` };
};
