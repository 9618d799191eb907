import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { PlannedOperation } from '../disposal/contract.ts';
import { purgePerson, type Disposal, type RelatedRow } from '../disposal/purgePerson.ts';
import { toSteps, type Bound } from '../disposal/steps.ts';
import type { PlanDecision, PlanStep, Reason } from '../model/plan.ts';
import type { Fact } from '../standing/facts.ts';
import type { PersonFacts } from '../standing/people.ts';
import { standingAt, type Standing } from '../standing/standingAt.ts';
import type { Anonymised } from './anonymityContract.ts';
import { decidePerson, decisionDigest, type RuleAction } from './decidePerson.ts';
import { archiveOperations, keptRows, lesserOperations, type ActionKnowledge } from './planActions.ts';
import type { PseudonymsOfPeople } from './pseudonymisePeople.ts';
import type { PeopleInScope } from './retentionScope.ts';
import type { RuleInForce } from './rules.ts';

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

/** What planning needs beside facts, rules and day as soon as an action does more than purge. */
export type PlanningKit = {
  readonly org: ActionKnowledge;
  readonly sealing: NonNullable<Bound['sealing']>;
  /** How the people to anonymise are anonymised together; there when a rule of the scope does so. */
  readonly anonymity?: { readonly expand: (known: PersonFacts) => Anonymised } | undefined;
  /** How people get a pseudonym; there when a rule of the scope gives them one. */
  readonly pseudonyms?: PseudonymsOfPeople | undefined;
};

type Expanded =
  | {
      readonly kind: 'operations';
      readonly operations: readonly PlannedOperation[];
      readonly effects: Effects;
      readonly facts?: Reason['facts'];
    }
  | { readonly kind: 'kept'; readonly reason: Reason };

const purging = (known: PersonFacts, scope: PeopleInScope): Disposal & { readonly deletion: Deletion } => {
  const deletion = deletionOf(known);
  const own = ownRecord(known, scope);
  const disposal = purgePerson({
    ...{ object: scope.spec.object, id: known.person.id, related: deletion.related },
    ...(own === undefined ? {} : { own }),
  });
  return { ...disposal, deletion };
};

const purged = (known: PersonFacts, scope: PeopleInScope): Expanded => {
  const disposal = purging(known, scope);
  if (disposal.kind === 'restricted') return { kind: 'kept', reason: restricted(disposal.by) };
  const { operations, left, deletion } = disposal;
  return { kind: 'operations', operations, effects: effectsOf(deletion, left) };
};

/** Rows that go into the archive stand in nobody's way and are not left behind. */
const withoutKept = (known: PersonFacts, ids: ReadonlySet<string>): PersonFacts => ({
  ...known,
  facts: known.facts.filter(({ source, record }) => !ids.has(record) || !LEFT_TO_ORG.has(source.kind)),
});
const LEFT_TO_ORG: ReadonlySet<string> = new Set(['restricts', 'cascades', 'unlinks']);

type Deciding = { readonly known: PersonFacts; readonly scope: PeopleInScope; readonly asOf: LocalDate };

const undatedDuty = (fiscal: Standing['fiscal']): Expanded | undefined =>
  fiscal.some(({ until }) => until === null)
    ? { kind: 'kept', reason: { code: 'undated-duty', facts: { by: fiscal.map(({ key }) => key).join(' ') } } }
    : undefined;

const ruleNamed = (scope: PeopleInScope, rule: string): RuleInForce => {
  const inForce = scope.rules.find((one) => one.rule.key === rule);
  if (inForce === undefined) throw new RangeError('a decision names a rule of its scope');
  return inForce;
};

const archived = ({ known, scope, asOf }: Deciding, rule: string, kit: PlanningKit): Expanded => {
  const { fiscal } = standingAt(known.facts, known.person.collected, asOf);
  const undated = undatedDuty(fiscal);
  if (undated !== undefined) return undated;
  const of = { known, scope, org: kit.org };
  const inForce = ruleNamed(scope, rule);
  const rows = keptRows(of, asOf);
  const rest = withoutKept(known, new Set(rows.map(({ id }) => id)));
  const disposal = purging(rest, scope);
  if (disposal.kind === 'restricted') return { kind: 'kept', reason: restricted(disposal.by) };
  const wanted = { duties: fiscal, asOf, rule: inForce, purge: disposal.operations, rows };
  const archive = archiveOperations(of, wanted);
  if (archive === undefined) return purged(known, scope);
  const leftOut = rows.filter((row) => row.isLeftOut === true);
  const along = leftOut.map(({ object, id }) => ({ object, id, restricts: false, isShared: true }));
  const deletion = { ...disposal.deletion, related: [...disposal.deletion.related, ...along] };
  return {
    ...{ kind: 'operations', operations: archive.operations, effects: effectsOf(deletion, disposal.left) },
    facts: { archived: rows.length - leftOut.length + 1, keptUntil: archive.until },
  };
};

const anonymised = (known: PersonFacts, { anonymity }: PlanningKit): Expanded => {
  if (anonymity === undefined) throw new RangeError('people to anonymise are planned together');
  const { operations, facts, effects } = anonymity.expand(known);
  return operations.length === 0
    ? { kind: 'kept', reason: { code: 'already-done', facts } }
    : { kind: 'operations', operations, effects, facts };
};

const pseudonymised = ({ known, scope, asOf }: Deciding, rule: string, { pseudonyms }: PlanningKit): Expanded => {
  if (pseudonyms === undefined) throw new RangeError('people who get a pseudonym are planned with their graphs');
  const { fiscal: duties } = standingAt(known.facts, known.person.collected, asOf);
  const undated = undatedDuty(duties);
  if (undated !== undefined) return undated;
  const { operations, facts, effects } = pseudonyms.expand(known, { rule: ruleNamed(scope, rule), duties });
  return operations.length === 0
    ? { kind: 'kept', reason: { code: 'already-done', facts: { by: rule } } }
    : { kind: 'operations', operations, effects, facts };
};

const expand = (deciding: Deciding, actions: readonly RuleAction[], kit: PlanningKit | undefined): Expanded => {
  const { known, scope } = deciding;
  const [first] = actions;
  if (first === undefined || (first.action === 'purge' && first.fields === undefined)) return purged(known, scope);
  if (kit === undefined) throw new RangeError(`the action ${first.action} needs the copied rows and a sealer`);
  if (first.action === 'anonymise') return anonymised(known, kit);
  if (first.action === 'pseudonymise') return pseudonymised(deciding, first.rule, kit);
  if (first.action === 'archive') return archived(deciding, first.rule, kit);
  const operations = lesserOperations({ known, scope, org: kit.org }, actions);
  return operations.length === 0
    ? { kind: 'kept', reason: { code: 'already-done', facts: { by: actions.map(({ rule }) => rule).join(' ') } } }
    : { kind: 'operations', operations, effects: [] };
};

/** Decision and steps for one person; pure but for the sealer: the same facts, rules and day give the same steps. */
export const planPerson = (
  known: PersonFacts,
  scope: PeopleInScope,
  asOf: LocalDate,
  kit?: PlanningKit,
): { readonly decision: PlanDecision; readonly steps: readonly PlanStep[] } => {
  const { person } = known;
  const decided = decidePerson(known, scope, asOf);
  const base = { subject: person.id, object: scope.spec.object, rule: decided.rule };
  const kept = (reason: Reason, until: LocalDate | null) => ({
    decision: { ...base, verdict: 'kept' as const, reason, until, effects: [] },
    steps: [],
  });
  if (decided.verdict === 'kept') return kept(decided.reason, decided.until);
  const expanded = expand({ known, scope, asOf }, decided.actions, kit);
  if (expanded.kind === 'kept') return kept(expanded.reason, null);
  const reason = { ...decided.reason, facts: { ...decided.reason.facts, ...expanded.facts } };
  const steps = toSteps(expanded.operations, {
    ...{ subject: person.id, rule: decided.rule, reason },
    decision: decisionDigest(person.id, decided),
    ...(kit === undefined ? {} : { sealing: kit.sealing }),
  });
  return { decision: { ...base, verdict: 'due', reason, until: null, effects: expanded.effects }, steps };
};
