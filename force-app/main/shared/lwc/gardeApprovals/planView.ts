import lang from '@salesforce/i18n/lang';
import { labels } from './labels';
import type { ApprovalNode, PlanNode } from './approvalsQuery';

export type DecisionView = {
  readonly id: string;
  readonly who: string;
  readonly what: string;
  readonly when: string;
  readonly comment: string;
};

type Figure = { readonly key: string; readonly label: string; readonly value: string; readonly isWarning: boolean };

/** One plan as the page shows it. */
export type PlanView = {
  readonly id: string;
  readonly headingId: string;
  readonly title: string;
  readonly rules: string;
  readonly expires: string;
  readonly figures: readonly Figure[];
  readonly rehearsal: string;
  readonly isRehearsalBad: boolean;
  readonly notes: string;
  readonly hasNotes: boolean;
  readonly approvals: string;
  readonly decisions: readonly DecisionView[];
  readonly hasDecisions: boolean;
  /** Why the reader cannot decide at all; empty when they can. */
  readonly barred: string;
  /** Why nobody can approve yet; empty when they can. */
  readonly notYet: string;
  readonly mayDecide: boolean;
  readonly cannotApprove: boolean;
  readonly canWithdraw: boolean;
};

/** Who reads, what they may do, and when. */
export type Reader = { readonly userId: string; readonly mayCreate: boolean; readonly now: number };

const fill = (label: string, ...values: readonly string[]): string =>
  values.reduce((text, value, place) => text.replace(`{${place}}`, value), label);

const numberText = (value: number | null): string => {
  if (value === null) return '–';
  return new Intl.NumberFormat(lang).format(value);
};

const dateText = (value: string | null, timeStyle?: 'short'): string => {
  if (value === null) return '–';
  const style = { dateStyle: 'medium', ...(timeStyle === undefined ? {} : { timeStyle }) } as const;
  return new Intl.DateTimeFormat(lang, style).format(new Date(value));
};

const shown = (field: { readonly value: string | null; readonly displayValue: string | null }): string =>
  field.displayValue ?? field.value ?? '–';

const figuresOf = (plan: PlanNode): readonly Figure[] => {
  const irreversible = plan.IrreversibleCount__c.value ?? 0;
  const hidden = plan.HiddenCount__c.value ?? 0;
  const isIncomplete = plan.Completeness__c.value !== 'complete';
  const figure = (key: string, label: string, value: string, isWarning = false): Figure => ({
    ...{ key, label, value, isWarning },
  });
  return [
    figure('people', labels.people, numberText(plan.PeopleCount__c.value)),
    figure('kept', labels.kept, numberText(plan.HeldCount__c.value)),
    figure('records', labels.records, numberText(plan.RecordCount__c.value)),
    figure('steps', labels.steps, numberText(plan.StepCount__c.value)),
    figure('irreversible', labels.irreversible, numberText(plan.IrreversibleCount__c.value), irreversible > 0),
    figure(
      'completeness',
      labels.completeness,
      isIncomplete ? fill(labels.hiddenPlaces, numberText(hidden)) : shown(plan.Completeness__c),
      isIncomplete,
    ),
  ];
};

const rehearsalOf = (plan: PlanNode): { readonly text: string; readonly isBad: boolean } => {
  if (plan.RehearsedAt__c.value === null) return { text: labels.notRehearsed, isBad: true };
  const open = plan.OpenDifferenceCount__c.value ?? 0;
  const accepted = plan.AcceptedDifferenceCount__c.value ?? 0;
  const where = fill(labels.rehearsed, shown(plan.RehearsalTier__c), dateText(plan.RehearsedAt__c.value, 'short'));
  const parts = [
    where,
    open > 0 ? fill(labels.openDifferences, numberText(open)) : labels.noDifferences,
    ...(accepted > 0 ? [fill(labels.acceptedDifferences, numberText(accepted))] : []),
  ];
  return { text: parts.join(' '), isBad: open > 0 };
};

/** The last decision of each person, newest first as the query gives them. */
const lastDecisions = (approvals: readonly ApprovalNode[]): readonly ApprovalNode[] => {
  const seen = new Set<string | null>();
  return approvals.filter(({ CreatedById: { value } }) => !seen.has(value) && seen.add(value) !== undefined);
};

const decisionView = (approval: ApprovalNode): DecisionView => ({
  id: approval.Id,
  who: approval.CreatedBy?.Name.value ?? approval.CreatedById.value ?? '–',
  what: shown(approval.Decision__c),
  when: dateText(approval.CreatedDate.value, 'short'),
  comment: approval.Comment__c.value ?? '',
});

const barredOf = (plan: PlanNode, reader: Reader): string => {
  const { value: expiresAt } = plan.ExpiresAt__c;
  if (plan.PlannedBy__c.value === reader.userId) return labels.youPlanned;
  if (!reader.mayCreate) return labels.noRight;
  return expiresAt !== null && Date.parse(expiresAt) <= reader.now ? labels.expired : '';
};

const notYetOf = (plan: PlanNode): string => {
  if (plan.IsRehearsalRequired__c.value !== true) return '';
  if (plan.RehearsedAt__c.value === null) return labels.rehearseFirst;
  return (plan.OpenDifferenceCount__c.value ?? 0) > 0 ? labels.acceptFirst : '';
};

/** What the page says about one plan; `approvals` are those of its digest, newest first. */
export const planView = (plan: PlanNode, approvals: readonly ApprovalNode[], reader: Reader): PlanView => {
  const last = lastDecisions(approvals);
  const agreed = last.filter((one) => one.Decision__c.value === 'approved');
  const own = last.find((one) => one.CreatedById.value === reader.userId)?.Decision__c.value;
  const rehearsal = rehearsalOf(plan);
  const barred = barredOf(plan, reader);
  const notYet = notYetOf(plan);
  const notes = plan.RehearsalNotes__c.value ?? '';
  return {
    id: plan.Id,
    headingId: `plan-${plan.Id}`,
    title: fill(labels.planTitle, plan.Name.value ?? '', shown(plan.Kind__c)),
    rules: plan.RuleKeys__c.value ?? '',
    expires: fill(labels.expires, dateText(plan.ExpiresAt__c.value, 'short')),
    figures: figuresOf(plan),
    rehearsal: rehearsal.text,
    isRehearsalBad: rehearsal.isBad,
    notes,
    hasNotes: notes !== '',
    approvals: fill(
      labels.approvalsSoFar,
      numberText(agreed.length),
      numberText(plan.ApprovalsNeededCount__c.value ?? 1),
    ),
    decisions: approvals.map(decisionView),
    hasDecisions: approvals.length > 0,
    barred,
    notYet,
    mayDecide: barred === '',
    cannotApprove: notYet !== '',
    canWithdraw: own === 'approved' || own === 'refused',
  };
};
