import type { LocalDate } from '../kernel/legalPeriod.ts';
import { GardeError } from '../kernel/result.ts';
import type { Charter } from '../model/charter.ts';
import type { PlanHeader } from '../model/plan.ts';
import type { RuleSet } from '../model/ruleSet.ts';
import type { Org, OrgRow } from '../org/port.ts';
import { plannedLawOf } from './lawChange.ts';
import { datedLawField } from './lawMemory.ts';
import { rulesInForce } from './rules.ts';

const dueOf = ({ terms }: PlanHeader, rule: string): number =>
  terms.reasons.reduce((sum, one) => sum + (one.rule === rule && one.verdict === 'due' ? one.count : 0), 0);

const rowsOf = (
  header: PlanHeader,
  { charter, ruleSets }: { readonly charter: Charter; readonly ruleSets: readonly RuleSet[] },
): readonly OrgRow[] => {
  const inForce = rulesInForce(charter, ruleSets, header.terms.asOf as LocalDate);
  const dated = new Map((inForce.ok ? inForce.value : []).map((one) => [one.rule.key, plannedLawOf(one)]));
  return header.terms.rules.map((rule) => ({
    RuleKey__c: rule.key,
    Name: rule.title.en.slice(0, 80),
    PeopleObject__c: rule.people,
    PurposeKey__c: charter.retention.find((one) => one.key === rule.key)?.purpose ?? null,
    Duration__c: rule.duration,
    RuleSet__c: rule.from,
    LegalGround__c: rule.legalGround.en.slice(0, 255),
    Action__c: rule.action ?? 'purge',
    Clock__c: rule.clock,
    CharterVersion__c: header.terms.charterDigest,
    IsActive__c: true,
    OverdueCount__c: dueOf(header, rule.key),
    LastPlannedAt__c: header.createdAt,
    ...datedLawField(dated.get(rule.key)),
  }));
};

/** Mirrors the planned rules and how many people are overdue to `GardeRetentionRule__c`: counts only, one upsert. */
export const publishRules = async (
  org: Org,
  header: PlanHeader,
  law: { readonly charter: Charter; readonly ruleSets: readonly RuleSet[] },
): Promise<void> => {
  const outcomes = await org.upsert('GardeRetentionRule__c', 'RuleKey__c', rowsOf(header, law));
  const refused = outcomes.flatMap((outcome) => outcome.errors);
  if (refused.length === 0) return;
  throw new GardeError([
    {
      code: 'RulesNotPublished',
      subject: 'GardeRetentionRule__c',
      message: `The org refused to record the rules: ${[...new Set(refused.map(({ code }) => code))].join(', ')}.`,
      actions: ['Deploy the package and assign the permission set GardeAdmin, or plan without --publish.'],
    },
  ]);
};
