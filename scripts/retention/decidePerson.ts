import { canonicalJson } from '../kernel/canonicalJson.ts';
import { sha256Hex } from '../kernel/hash.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { Action } from '../model/charter.ts';
import type { PersonFacts } from '../standing/people.ts';
import { standingAt, type Standing } from '../standing/standingAt.ts';
import { decideRetention, NOT_CONCERNED, type RetentionDecision, type RetentionTerms } from './decide.ts';
import type { PeopleInScope } from './retentionScope.ts';
import type { RuleInForce } from './rules.ts';

/** What a rule that is due wants done with the person. */
export type RuleAction = {
  readonly rule: string;
  readonly action: Action;
  /** Only what fields of these categories hold, and of that not what running purposes need. */
  readonly fields?: { readonly categories: readonly string[]; readonly needed: readonly string[] };
};

/** The decision on one person over all rules that apply to them. */
export type PersonDecision = RetentionDecision & {
  readonly rule: string;
  /** None when the person is kept; one that ends the person in the active base, or some that do less. */
  readonly actions: readonly RuleAction[];
};

type Judged = { readonly of: RuleInForce; readonly decision: RetentionDecision };

/** After these the person is no longer in the active base. */
const ENDING: ReadonlySet<Action> = new Set(['purge', 'anonymise', 'pseudonymise', 'archive']);
const isEnding = ({ rule }: RuleInForce): boolean => ENDING.has(rule.action) && rule.categories === undefined;

export const termsOf = ({ rule, law, duration }: RuleInForce, action: Action): RetentionTerms => ({
  ...{ key: rule.key, clock: law.clock, duration, action },
  ...(law.solicitations === undefined ? {} : { solicitations: law.solicitations }),
  ...(rule.warnBefore === undefined ? {} : { warnBefore: rule.warnBefore }),
});

/** Rules that look at the person: those that end them in the active base, and those that do less. */
export const rulesOf = ({ person }: Pick<PersonFacts, 'person'>, rules: readonly RuleInForce[]) => {
  const own = rules.filter(({ rule }) => person.rules.includes(rule.key));
  return { ending: own.filter(isEnding), lesser: own.filter((one) => !isEnding(one)) };
};

/**
 * What the ending rules do with the person, as one: where one of them archives, what the law makes us keep goes into the
 * archive and keeps nobody in the active base, whichever rule ends last.
 */
export const endingAction = (rules: readonly RuleInForce[], standing: Standing): Action | undefined =>
  rules.some(({ rule, law }) => rule.action === 'archive' && standing.clocks.has(law.clock)) ? 'archive' : undefined;

const isExcepted = ({ person }: PersonFacts, { rule }: RuleInForce): string | undefined =>
  person.exceptions?.find((name) => name.startsWith(`${rule.key}/`))?.slice(rule.key.length + 1);

const judgeWith =
  (known: PersonFacts, standing: Standing, asOf: LocalDate) =>
  (of: RuleInForce, action: Action): Judged => {
    const by = isExcepted(known, of);
    const decision: RetentionDecision =
      by === undefined
        ? decideRetention(termsOf(of, action), standing, asOf)
        : { verdict: 'kept', reason: { code: 'exception', facts: { by } }, until: null };
    return { of, decision };
  };

const concerned = (judged: readonly Judged[]): readonly Judged[] =>
  judged.filter(({ decision }) => decision.reason.code !== NOT_CONCERNED);

const laterUntil = (a: Judged, b: Judged): Judged => {
  const [untilA, untilB] = [a.decision.until, b.decision.until];
  if (untilA === null || untilB === null) return untilA === null ? a : b;
  return untilB > untilA ? b : a;
};

const endedOn = ({ decision }: Judged): string => String(decision.reason.facts['since'] ?? '');

/** Of rules that all are due: the archive's, where there is one; else the one whose purpose ended last. */
const answering = (due: readonly [Judged, ...(readonly Judged[])]): Judged => {
  const [first, ...rest] = due;
  const archive = due.find(({ of }) => of.rule.action === 'archive');
  if (archive !== undefined) return archive;
  const isSame = rest.every(({ of }) => of.rule.action === first.of.rule.action);
  return isSame ? first : rest.reduce((a, b) => (endedOn(b) > endedOn(a) ? b : a), first);
};

/** What the purposes that still run need of the person's own record; undefined = everything. */
const neededBy = (running: readonly Judged[], standing: Standing): readonly string[] | undefined => {
  const needs = running.map(({ of }) => of.needs);
  if (standing.holds.length > 0 || needs.some((one) => one === undefined)) return undefined;
  const duties = standing.fiscal.flatMap((one) => one.needs ?? []);
  return [...new Set([...needs.flatMap((one) => one ?? []), ...duties])].sort();
};

/** Rules that do less than end the person, and purposes that ended while others run: what these need stays. */
const lesserActions = (
  lesser: readonly Judged[],
  ending: readonly Judged[],
  standing: Standing,
): readonly (RuleAction & { readonly by: Judged })[] => {
  const running = ending.filter(({ decision }) => decision.verdict === 'kept');
  const needed = neededBy(running, standing);
  const due = (judged: readonly Judged[]): readonly Judged[] =>
    judged.filter(({ decision }) => decision.verdict === 'due');
  const own = due(lesser).flatMap((by): readonly (RuleAction & { readonly by: Judged })[] => {
    const { key, action, categories } = by.of.rule;
    if (categories === undefined) return [{ by, rule: key, action }];
    return needed === undefined ? [] : [{ by, rule: key, action, fields: { categories, needed } }];
  });
  const ended = running.length === 0 || needed === undefined ? [] : due(ending).slice(0, 1);
  const rest = ended.map((by) => ({
    ...{ by, rule: by.of.rule.key, action: 'purge' as const },
    fields: { categories: ['user'], needed: needed ?? [] },
  }));
  return [...own, ...rest];
};

/**
 * Due only when every rule that concerns the person says so: data leave the active base when the last active purpose
 * ends (CNIL, guide RGPD du développeur, fiche 14). Until then the rule that keeps longest answers, and what no running
 * purpose needs goes, where purposes say what they need. A person whom no rule concerns stays.
 */
export const decidePerson = (
  known: PersonFacts,
  scope: Pick<PeopleInScope, 'rules'>,
  asOf: LocalDate,
): PersonDecision => {
  const standing = standingAt(known.facts, known.person.collected, asOf);
  const judge = judgeWith(known, standing, asOf);
  const { ending, lesser } = rulesOf(known, scope.rules);
  const together = endingAction(ending, standing);
  const ends = ending.map((one) => judge(one, together ?? one.rule.action));
  const lessers = lesser.map((one) => judge(one, one.rule.action));
  const [due, ...alsoDue] = concerned(ends);
  const [kept, ...alsoKept] = concerned(ends).filter(({ decision }) => decision.verdict === 'kept');
  if (due !== undefined && kept === undefined) {
    const by = answering([due, ...alsoDue]);
    const { key, action } = by.of.rule;
    return { ...by.decision, rule: key, actions: [{ rule: key, action }] };
  }
  const actions = lesserActions(concerned(lessers), concerned(ends), standing);
  const [first] = actions;
  if (first !== undefined) {
    const plain = actions.map(({ rule, action, fields }) => ({
      rule,
      action,
      ...(fields === undefined ? {} : { fields }),
    }));
    return { ...first.by.decision, rule: first.rule, actions: plain };
  }
  const keeping = kept === undefined ? undefined : alsoKept.reduce(laterUntil, kept);
  const answer = keeping ?? concerned(lessers)[0] ?? ends[0] ?? lessers[0];
  if (answer === undefined) throw new RangeError('a person without a rule is not decided about');
  const { verdict, until, reason } = answer.decision;
  // a rule on categories that may take nothing from anybody: what it names is needed for something that runs
  const stays = verdict === 'due' ? { code: 'needed', facts: { by: 'running-purposes' } } : reason;
  return { verdict: 'kept', reason: stays, until, rule: answer.of.rule.key, actions: [] };
};

const isPlainPurge = (actions: readonly RuleAction[]): boolean =>
  actions.every(({ action, fields }) => action === 'purge' && fields === undefined);

/** What drift compares: the decision itself, not what it was read from. */
export const decisionDigest = (
  subject: string,
  { rule, verdict, actions = [] }: Pick<PersonDecision, 'rule' | 'verdict'> & Partial<Pick<PersonDecision, 'actions'>>,
): string => sha256Hex(canonicalJson({ rule, subject, verdict, ...(isPlainPurge(actions) ? {} : { actions }) }));
