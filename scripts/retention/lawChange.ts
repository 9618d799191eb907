import { z } from 'zod';
import { canonicalJson } from '../kernel/canonicalJson.ts';
import { GardeError, type Problem } from '../kernel/result.ts';
import type { LawSeen, PlannedLaw, RememberedLaw } from '../model/plannedLaw.ts';
import { datedRule, type RuleSet } from '../model/ruleSet.ts';
import type { RetentionLaw } from './retentionScope.ts';
import { periodText, type RuleInForce } from './rules.ts';

/** What the last plan stood on, by key of the charter's rule. */
export type LawMemory = ReadonlyMap<string, RememberedLaw>;

/** A dated rule that is not the one the last plan of this org was made under. */
export type LawChange = {
  /** Key of the charter's rule. */
  readonly rule: string;
  readonly before: PlannedLaw;
  readonly after: PlannedLaw;
};

export const plannedLawOf = ({ rule, law }: RuleInForce): PlannedLaw => ({
  ...{ from: rule.from, clock: law.clock, duration: periodText(law.duration), effectiveFrom: law.effectiveFrom },
  ...(law.solicitations === undefined ? {} : { solicitations: law.solicitations }),
  ...(law.archive === undefined
    ? {}
    : {
        archive: {
          ...(law.archive.for === undefined ? {} : { for: periodText(law.archive.for) }),
          categories: [...law.archive.categories].sort(),
        },
      }),
});

export const isSameLaw = (one: PlannedLaw, other: PlannedLaw): boolean => canonicalJson(one) === canonicalJson(other);

/**
 * Rules whose dated law differs from that of the last plan. A rule of which nothing is remembered has nothing to be
 * compared with; one that the charter bases on another law now was changed by its author, not by an update.
 */
export const lawChanges = (rules: readonly RuleInForce[], memory: LawMemory): readonly LawChange[] =>
  rules.flatMap((one): readonly LawChange[] => {
    const known = memory.get(one.rule.key);
    const after = plannedLawOf(one);
    if (known?.law.from !== after.from || isSameLaw(known.law, after)) return [];
    return [{ rule: one.rule.key, before: known.law, after }];
  });

/** Who saw the law that these rules stand on now, by rule. */
export const seenBy = (
  rules: readonly RuleInForce[],
  memory: LawMemory,
): readonly (LawSeen & { readonly rule: string })[] =>
  rules.flatMap((one) => {
    const known = memory.get(one.rule.key);
    if (known?.seen === undefined || !isSameLaw(known.law, plannedLawOf(one))) return [];
    return [{ rule: one.rule.key, ...known.seen }];
  });

const shown = (law: PlannedLaw): string =>
  [
    `${law.duration} ${law.clock}`,
    ...(law.solicitations === undefined ? [] : [`× ${String(law.solicitations)}`]),
    ...(law.archive === undefined ? [] : [`archive ${[law.archive.for, ...law.archive.categories].join(' ')}`.trim()]),
    `from ${law.effectiveFrom}`,
  ].join(', ');

/** The change in one line: `P3Y last-genuine-contact, from 2018-05-25 → P2Y …`. */
export const changeText = ({ before, after }: LawChange): string => `${shown(before)} → ${shown(after)}`;

const notSeen = (change: LawChange): Problem => ({
  code: 'RuleSetNotSeen',
  subject: `retention.${change.rule}`,
  message: `${change.after.from} is not what the last plan of this org was made under: ${changeText(change)}.`,
  actions: [
    'See whom the change concerns and record that you did: `sf garde retention forecast --accept-rule-set --target-org …`.',
  ],
});

/** RET-10: a changed law is shown before anybody is planned for under it. Error: RuleSetNotSeen, all rules at once. */
export const assertLawSeen = (rules: readonly RuleInForce[], memory: LawMemory): void => {
  const changes = lawChanges(rules, memory);
  if (changes.length > 0) throw new GardeError(changes.map(notSeen));
};

const { clock, duration, solicitations, archive, effectiveFrom } = datedRule.shape;
/** What a remembered law says, in the terms of a dated rule. */
const deciding = z.object({ clock, duration, solicitations, archive, effectiveFrom });

/** Name of a rule set made of remembered laws; no rule set of the product has it. */
const REMEMBERED = 'last-planned';

/** The law as the last plan knew it: the same charter, with each changed rule standing on what it stood on then. */
export const lawBefore = <L extends RetentionLaw>(law: L, changes: readonly LawChange[]): L => {
  const byRule = new Map(changes.map((change) => [change.rule, change]));
  const rules = changes.map(({ rule, before }): RuleSet['rules'][number] => {
    const [set, key] = law.charter.retention.find((one) => one.key === rule)?.from.split('/') ?? [];
    const now = law.ruleSets.find(({ ruleSet }) => ruleSet === set)?.rules.find((one) => one.key === key);
    if (now === undefined) throw new RangeError('a changed law is one of the rule sets');
    const decides = deciding.parse(before);
    const { title, after, legalGround, source } = now;
    return { key: rule, title, after, legalGround, source, ...decides };
  });
  const country = law.charter.controller.country;
  return {
    ...law,
    charter: {
      ...law.charter,
      retention: law.charter.retention.map((rule) =>
        byRule.has(rule.key) ? { ...rule, from: `${REMEMBERED}/${rule.key}` } : rule,
      ),
    },
    ruleSets: [...law.ruleSets, { ruleSet: REMEMBERED, country, version: '2000.1.0', rules }],
  };
};
