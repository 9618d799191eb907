import { failed, ok, type Problem, type Result } from '../kernel/result.ts';
import type { LegalPeriod, LocalDate } from '../kernel/legalPeriod.ts';
import type { Charter, RetentionRule } from '../model/charter.ts';
import type { DatedRule, RuleSet } from '../model/ruleSet.ts';

/** A charter's rule with the dated law it stands on. */
export type RuleInForce = {
  readonly rule: RetentionRule;
  readonly law: DatedRule;
  readonly duration: LegalPeriod;
  /** Categories of data the rule's purpose needs; undefined = everything. */
  readonly needs?: readonly string[];
};

const problem = (rule: RetentionRule, code: string, message: string, action: string): Problem => ({
  code,
  subject: `retention.${rule.key}`,
  message,
  actions: [action],
});

type Stated = { readonly charter: Pick<Charter, 'purposes'>; readonly ruleSets: readonly RuleSet[] };

/** The rule's intermediate archive: its own, else that of the law it stands on. */
export const phaseOf = ({ rule, law }: Pick<RuleInForce, 'rule' | 'law'>): DatedRule['archive'] =>
  rule.archive ?? law.archive;

const withoutEnd = (rule: RetentionRule): Problem =>
  problem(
    rule,
    'PseudonymWithoutEnd',
    'It does not say how long it can be told whose a pseudonym is.',
    'Give the rule `archive: { for: P5Y }`, or another period.',
  );

const inForce = (rule: RetentionRule, { charter, ruleSets }: Stated, asOf: LocalDate): Result<RuleInForce> => {
  const [setKey, lawKey] = rule.from.split('/');
  const laws = ruleSets.find((set) => set.ruleSet === setKey)?.rules.filter((law) => law.key === lawKey) ?? [];
  const law = laws.find(
    ({ effectiveFrom, effectiveTo }) => effectiveFrom <= asOf && (effectiveTo === undefined || asOf <= effectiveTo),
  );
  const needs = charter.purposes.find(({ key }) => key === rule.purpose)?.needs;
  if (law !== undefined && rule.action === 'pseudonymise' && phaseOf({ rule, law })?.for === undefined)
    return failed(withoutEnd(rule));
  if (law !== undefined)
    return ok({ rule, law, duration: rule.duration ?? law.duration, ...(needs === undefined ? {} : { needs }) });
  return failed(
    laws.length === 0
      ? problem(rule, 'RuleUnknown', `No rule set has ${rule.from}.`, 'Name a rule of config/rules in `from`.')
      : problem(rule, 'RuleNotInForce', `${rule.from} is not in force on ${asOf}.`, 'Name the rule that follows it.'),
  );
};

/**
 * The rules to apply on a day; all problems at once: RuleUnknown, RuleNotInForce, RuleNotInCharter,
 * PseudonymWithoutEnd, NoRetentionRule.
 */
export const rulesInForce = (
  charter: Charter,
  ruleSets: readonly RuleSet[],
  asOf: LocalDate,
  only: readonly string[] = [],
): Result<readonly RuleInForce[]> => {
  const known = new Set(charter.retention.map((rule) => rule.key));
  const unknown = only.filter((key) => !known.has(key));
  const found = charter.retention
    .filter((rule) => only.length === 0 || only.includes(rule.key))
    .map((rule) => inForce(rule, { charter, ruleSets }, asOf));
  const problems: Problem[] = [
    ...unknown.map((key) => ({
      code: 'RuleNotInCharter',
      subject: key,
      message: 'The charter has no retention rule of this name.',
      actions: [`Rules of the charter: ${[...known].join(', ') || 'none'}.`],
    })),
    ...found.flatMap((one) => (one.ok ? [] : one.problems)),
  ];
  if (problems.length > 0) return failed(...problems);
  if (found.length > 0) return ok(found.flatMap((one) => (one.ok ? [one.value] : [])));
  return failed({
    code: 'NoRetentionRule',
    subject: 'retention',
    message: 'The charter declares no retention rule.',
    actions: ['Add one under `retention` in garde.yml.'],
  });
};

/** `P3Y`, `P18M`, `P0D`: how charters write a period. */
export const periodText = ({ years = 0, months = 0, days = 0 }: LegalPeriod): string => {
  const parts = [
    [years, 'Y'],
    [months, 'M'],
    [days, 'D'],
  ] as const;
  const text = parts.map(([n, unit]) => (n === 0 ? '' : `${n}${unit}`)).join('');
  return `P${text === '' ? '0D' : text}`;
};
