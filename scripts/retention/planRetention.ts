import { sha256Hex } from '../kernel/hash.ts';
import { canonicalJson } from '../kernel/canonicalJson.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import { purgePerson, type RelatedRow } from '../disposal/purgePerson.ts';
import type { PlanDecision, PlanStep, Reason } from '../model/plan.ts';
import type { Fact } from '../standing/facts.ts';
import type { PersonFacts } from '../standing/people.ts';
import { standingAt } from '../standing/standingAt.ts';
import { decideRetention, NOT_CONCERNED, type RetentionDecision } from './decide.ts';
import type { PeopleInScope } from './retentionScope.ts';

/** The decision on one person over all rules that apply to them. */
export type PersonDecision = RetentionDecision & { readonly rule: string };

const laterUntil = (a: PersonDecision, b: PersonDecision): PersonDecision => {
  if (a.until === null || b.until === null) return a.until === null ? a : b;
  return b.until > a.until ? b : a;
};

/**
 * Due only when every rule that concerns the person says so: data leave the active base when the last active purpose
 * ends (CNIL, guide RGPD du développeur, fiche 14). Otherwise the rule that keeps longest answers; a person whom no rule
 * concerns stays.
 */
export const decidePerson = (
  { person, facts }: PersonFacts,
  scope: Pick<PeopleInScope, 'rules'>,
  asOf: LocalDate,
): PersonDecision => {
  const standing = standingAt(facts, person.collected, asOf);
  const decisions = scope.rules
    .filter(({ rule }) => person.rules.includes(rule.key))
    .map(({ rule, law, duration }) => ({
      ...decideRetention({ key: rule.key, clock: law.clock, duration }, standing, asOf),
      rule: rule.key,
    }));
  const concerned = decisions.filter(({ reason }) => reason.code !== NOT_CONCERNED);
  const [first, ...rest] = concerned.filter((decision) => decision.verdict === 'kept');
  const due = concerned[0] ?? decisions[0];
  if (due === undefined) throw new RangeError('a person without a rule is not decided about');
  return first === undefined ? due : rest.reduce(laterUntil, first);
};

/** What drift compares: the decision itself, not what it was read from. */
export const decisionDigest = (subject: string, decision: Pick<PersonDecision, 'rule' | 'verdict'>): string =>
  sha256Hex(canonicalJson({ rule: decision.rule, subject, verdict: decision.verdict }));

type Deletion = { readonly related: readonly RelatedRow[]; readonly unlinked: readonly Fact[] };

/** Rows that deleting the person's own record concerns. */
export const deletionOf = ({ person, facts }: PersonFacts): Deletion => {
  const own = facts.filter((fact) => fact.target === person.id);
  const related = own.flatMap((fact): readonly RelatedRow[] => {
    const { kind, object, shared } = fact.source;
    if (kind !== 'restricts' && kind !== 'cascades') return [];
    return [{ object, id: fact.record, restricts: kind === 'restricts', isShared: shared }];
  });
  const once = [...new Map(related.map((row) => [row.id, row])).values()];
  return { related: once, unlinked: own.filter((fact) => fact.source.kind === 'unlinks') };
};

/** The platform's Individual behind a person and what else hangs on it. */
const ownRecord = ({ person, facts }: PersonFacts, scope: Pick<PeopleInScope, 'spec'>) => {
  const at = scope.spec.links.findIndex((link) => link.isOwn);
  const id = at < 0 ? null : (person.links[at] ?? null);
  const object = scope.spec.links[at]?.to[0];
  if (id === null || object === undefined) return undefined;
  const keptBy = facts.filter(
    (fact) => fact.target === id && fact.record !== person.id && fact.source.kind === 'restricts',
  );
  return { object, id, keptBy: keptBy.map((fact) => ({ object: fact.source.object })) };
};

type Effects = PlanDecision['effects'];

const effectsOf = (deletion: Deletion, left: readonly string[]): Effects => {
  const counts = new Map<string, Effects[number]>();
  const add = (object: string, effect: Effects[number]['effect']): void => {
    const key = `${object} ${effect}`;
    counts.set(key, { object, effect, count: (counts.get(key)?.count ?? 0) + 1 });
  };
  for (const row of deletion.related) if (!row.restricts) add(row.object, 'cascade');
  for (const { source } of deletion.unlinked) add(source.object, 'unlinked');
  for (const object of left) add(object, 'left');
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, effect]) => effect);
};

const restricted = (by: readonly string[]): Reason => ({ code: 'restricted', facts: { by: by.join(' ') } });

/** Decision and steps for one person; pure: the same facts, rules and day give the same steps. */
export const planPerson = (
  known: PersonFacts,
  scope: PeopleInScope,
  asOf: LocalDate,
): { readonly decision: PlanDecision; readonly steps: readonly PlanStep[] } => {
  const { person } = known;
  const object = scope.spec.object;
  const decided = decidePerson(known, scope, asOf);
  const base = { subject: person.id, object, rule: decided.rule };
  const kept = (reason: Reason, until: LocalDate | null) => ({
    decision: { ...base, verdict: 'kept' as const, reason, until, effects: [] },
    steps: [],
  });
  if (decided.verdict === 'kept') return kept(decided.reason, decided.until);
  const deletion = deletionOf(known);
  const own = ownRecord(known, scope);
  const disposal = purgePerson({
    object,
    id: person.id,
    related: deletion.related,
    ...(own === undefined ? {} : { own }),
  });
  if (disposal.kind === 'restricted') return kept(restricted(disposal.by), null);
  const keyOf = (operation: string, id: string): string => `${person.id}/${operation}/${id}`;
  const steps = disposal.operations.map((one): PlanStep => ({
    key: keyOf(one.operation, one.id),
    subject: person.id,
    wave: one.wave,
    operation: one.operation,
    object: one.object,
    recordId: one.id,
    rule: decided.rule,
    reason: decided.reason,
    precondition: { decision: decisionDigest(person.id, decided), goesWith: [...one.goesWith].sort() },
    settle: 'record-state',
    inverse: one.operation === 'delete' ? 'undelete' : 'none',
    dependsOn: one.operation === 'purge' ? [keyOf('delete', one.id)] : [],
  }));
  const effects = effectsOf(deletion, disposal.left);
  return { decision: { ...base, verdict: 'due', reason: decided.reason, until: null, effects }, steps };
};
