import { failed, ok, type Problem, type Result } from '../kernel/result.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { Charter } from '../model/charter.ts';
import { charterProblems } from '../model/charterPlaces.ts';
import type { Completeness } from '../model/completeness.ts';
import type { Pack, PeopleObject } from '../model/pack.ts';
import { ARCHIVE } from '../model/archive.ts';
import { GENERAL_CLOCKS, SOLICITATIONS, type RuleSet } from '../model/ruleSet.ts';
import type { FieldNameList, TechnicalList } from '../model/referenceLists.ts';
import type { Hierarchies, Treatments } from '../model/treatments.ts';
import { readCompleteness } from '../org/completeness.ts';
import { namedPlaces, type NamedPlace } from '../org/places.ts';
import type { DescribedObject, Org, OrgRow } from '../org/port.ts';
import {
  declaredSources,
  deletionSources,
  namedLookups,
  pathsOf,
  type FactSource,
  type NamedLookup,
} from '../standing/factSources.ts';
import { peopleObjectOf, peopleSpec, personPaths, type PeopleSpec } from '../standing/people.ts';
import { gapOf, visibleSources, type Describe } from '../standing/sourceVisibility.ts';
import { actionNeeds } from './actionNeeds.ts';
import { rulesInForce, type RuleInForce } from './rules.ts';
import { fieldsForStatistics, readStatistics } from './statistics/readStatistics.ts';
import type { StatisticInForce } from './statistics/statisticInForce.ts';

/** What a copied row of a people object says of who it is, as keyed fingerprints. */
export type ArchiveMarks = (people: PeopleObject, row: OrgRow) => readonly string[];

export type RetentionLaw = {
  readonly charter: Charter;
  readonly packs: readonly Pack[];
  readonly ruleSets: readonly RuleSet[];
  /** What becomes of fields of anonymised people; only rules with these actions ask for it. */
  readonly treatments?: Treatments;
  readonly hierarchies?: Hierarchies;
  /** Keyed fingerprints of a person's row, by which their archive is found; archives have none without it. */
  readonly archiveMarks?: ArchiveMarks;
  /** By which an org's own objects and fields are recognised; only rules that anonymise ask for them. */
  readonly lists?: { readonly fieldNames: FieldNameList; readonly technical: TechnicalList };
};

/** The people of one object with the rules that look at them and everything that decides about them. */
export type PeopleInScope = {
  readonly spec: PeopleSpec;
  readonly rules: readonly RuleInForce[];
  readonly sources: readonly FactSource[];
  /** Objects of which actions need more than what decides: every field that is copied at all. */
  readonly whole: readonly string[];
};

export type RetentionScope = {
  readonly groups: readonly PeopleInScope[];
  readonly completeness: Completeness;
  /** Places named by packs that this org has not got. */
  readonly absent: readonly string[];
  /** The charter's statistics about people whom a rule anonymises. */
  readonly statistics: readonly StatisticInForce[];
  /** Every object that was looked at. */
  readonly describes: ReadonlyMap<string, DescribedObject>;
};

/** Describes objects once, so that the rest can look things up without waiting. */
export type Describes = ReturnType<typeof createDescribes>;
const createDescribes = (org: Org) => {
  const known = new Map<string, DescribedObject | undefined>();
  const fetch = async (object: string): Promise<DescribedObject | undefined> => {
    if (!known.has(object)) known.set(object, await org.describe(object));
    return known.get(object);
  };
  const follow = async (object: string, path: readonly string[]): Promise<void> => {
    const described = await fetch(object);
    const [first = '', ...rest] = path;
    if (described === undefined || rest.length === 0) return;
    const lookup = described.fields.find((field) => field.relationshipName?.toLowerCase() === first.toLowerCase());
    for (const parent of lookup?.referenceTo ?? []) await follow(parent, rest);
  };
  const describe: Describe = (object) => known.get(object);
  const seen = (): ReadonlyMap<string, DescribedObject> =>
    new Map([...known].flatMap(([object, described]) => (described === undefined ? [] : [[object, described]])));
  return { fetch, follow, describe, seen };
};

/** What the charter adds to its packs and what its rules look at must be there: a misspelt condition decides wrongly. */
const namedByCharter = async (
  describes: Describes,
  charter: Charter,
  hidden: Completeness['hidden'],
): Promise<readonly Problem[]> => {
  for (const { people, where } of charter.retention)
    for (const one of where) await describes.follow(people, one.field.split('.'));
  for (const object of Object.keys(charter.fields)) await describes.fetch(object);
  for (const { object, to } of charter.paths) for (const name of [object, to]) await describes.fetch(name);
  // objects of rules have their own problem, sources of holds too
  const retention = charter.retention.filter((rule) => describes.describe(rule.people) !== undefined);
  return charterProblems({ charter: { ...charter, retention, holds: [] }, describes: describes.seen(), hidden });
};

const unknownPeople = (object: string): Problem => ({
  code: 'PeopleObjectUnknown',
  subject: object,
  message: 'No pack of the charter says that rows of this object are people, or the running user cannot see it.',
  actions: ['Add the pack that knows the object to `packs`, or give the running user read access to it.'],
});

/** A rule without a source for its clock would concern nobody, silently. */
const clocksUnknown = (rules: readonly RuleInForce[], packs: readonly Pack[]): readonly Problem[] => {
  const asks = packs.some((pack) => pack.solicitations.length > 0);
  const known = [
    ...[...GENERAL_CLOCKS, ...packs.flatMap((pack) => pack.clockEvents.map(({ clock }) => clock))],
    ...(asks ? [SOLICITATIONS] : []),
  ];
  return rules
    .filter(({ law }) => !known.includes(law.clock))
    .map(({ rule, law }) => ({
      code: 'ClockUnknown',
      subject: `retention.${rule.key}`,
      message: `No pack of the charter knows what starts "${law.clock}", the clock of ${rule.from}.`,
      actions: ['Add the pack that has its events under `clockEvents`, or name a rule with another clock in `from`.'],
    }));
};

/** Delete rules of the person's record, and those of their Individual's that may refuse its deletion. */
const deletionRules = async (
  describes: Describes,
  described: DescribedObject,
  spec: PeopleSpec,
  named: readonly NamedLookup[],
): Promise<readonly FactSource[]> => {
  const found = [...deletionSources(described, named)];
  for (const link of spec.links.filter((one) => one.isOwn)) {
    for (const to of link.to) {
      const record = await describes.fetch(to);
      if (record === undefined) continue;
      found.push(...deletionSources(record, named).filter((source) => source.kind === 'restricts'));
    }
  }
  return found;
};

const anonymises = (rules: readonly RuleInForce[]): boolean => rules.some(({ rule }) => rule.action === 'anonymise');

const groupOf = async (
  describes: Describes,
  law: RetentionLaw & { readonly asOf: LocalDate },
  object: string,
  rules: readonly RuleInForce[],
): Promise<PeopleInScope | undefined> => {
  const people = peopleObjectOf(law.packs, object);
  const described = await describes.fetch(object);
  if (people === undefined || described === undefined) return undefined;
  const own = rules.map(({ rule }) => ({
    ...{ key: rule.key, where: rule.where },
    ...(rule.except === undefined ? {} : { except: rule.except }),
  }));
  const spec = peopleSpec(people, own, described);
  const reached = [object, ...spec.links.flatMap((link) => link.to)];
  const asks = rules.some((one) => one.law.clock === SOLICITATIONS);
  const declared = declaredSources(law.packs, law.charter.holds, reached, law.asOf).filter(
    ({ kind }) => kind !== 'solicitation' || asks,
  );
  const paths = [...law.packs.flatMap((pack) => pack.paths), ...law.charter.paths];
  const upward = law.packs.flatMap((pack) => pack.upward);
  const acting = await actionNeeds({ describes, law, paths, upward, declared }, spec, rules);
  const named = namedLookups(paths, declared);
  const deletion = await deletionRules(describes, described, spec, named);
  for (const source of [...declared, ...deletion, ...acting.sources])
    for (const path of pathsOf(source)) await describes.follow(source.object, path.split('.'));
  // The platform itself refuses a deletion that an unseen row restricts; nothing is decided from rows nobody sees.
  const readable = [...deletion, ...acting.sources].filter((source) => gapOf(source, describes.describe) === undefined);
  return { spec, rules, sources: [...declared, ...readable], whole: acting.whole };
};

const placesOf = (groups: readonly PeopleInScope[], describe: Describe): readonly NamedPlace[] =>
  groups
    .flatMap((group) => group.sources)
    .flatMap((source) => {
      const gap = gapOf(source, describe);
      return gap === undefined ? [] : [{ ...gap, holds: true }];
    });

const byPeople = (rules: readonly RuleInForce[]): ReadonlyMap<string, readonly RuleInForce[]> => {
  const groups = new Map<string, RuleInForce[]>();
  for (const one of rules) groups.set(one.rule.people, [...(groups.get(one.rule.people) ?? []), one]);
  return groups;
};

/**
 * What a retention plan looks at in this org: people by object, their rules, and every contact, duty and hold the packs
 * and the charter name. Fails closed: problems of rulesInForce, PeopleObjectUnknown,
 * CharterNamesUnknownPlace, HoldSourceHidden, RequiredSourceAbsent, all at once.
 */
export const retentionScope = async (
  org: Org,
  law: RetentionLaw,
  when: { readonly asOf: LocalDate; readonly now: string; readonly only?: readonly string[] },
): Promise<Result<RetentionScope>> => {
  const rules = rulesInForce(law.charter, law.ruleSets, when.asOf, when.only);
  if (!rules.ok) return rules;
  const describes = createDescribes(org);
  const problems: Problem[] = [...clocksUnknown(rules.value, law.packs)];
  const found: PeopleInScope[] = [];
  for (const [object, own] of byPeople(rules.value)) {
    const group = await groupOf(describes, { ...law, asOf: when.asOf }, object, own);
    if (group === undefined) problems.push(unknownPeople(object));
    else found.push(group);
  }
  const places = [...namedPlaces(law.packs, law.charter), ...placesOf(found, describes.describe)];
  const completeness = await readCompleteness(org, { places, now: when.now });
  problems.push(...(await namedByCharter(describes, law.charter, completeness.hidden)));
  const anonymised = found.filter(({ rules: own }) => anonymises(own)).map(({ spec }) => spec.object);
  const statistics = await readStatistics(describes, law.charter, anonymised);
  problems.push(...statistics.problems);
  const absent = new Set<string>();
  const groups = found.map((group) => {
    const visible = visibleSources(group.sources, describes.describe, completeness);
    if (!visible.ok) {
      problems.push(...visible.problems);
      return group;
    }
    for (const place of visible.value.absent) absent.add(place);
    return { ...group, sources: visible.value.sources };
  });
  if (problems.length > 0) return failed(...onceEach(problems));
  await describes.fetch(ARCHIVE);
  const told = { absent: [...absent].sort(), statistics: statistics.found };
  return ok({ groups, completeness, ...told, describes: describes.seen() });
};

const onceEach = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [`${problem.code} ${problem.subject ?? ''}`, problem])).values(),
];

/** Types whose values are files or made of other fields; formulas and roll-ups are made of others too. */
const NOT_COPIED = new Set(['base64', 'address', 'location']);

export const plainFields = (described: DescribedObject | undefined): readonly string[] =>
  described?.fields.filter(({ type, calculated }) => !NOT_COPIED.has(type) && !calculated).map(({ name }) => name) ??
  [];

/** Fields to copy, by object. */
export const scopeFields = (scope: RetentionScope): ReadonlyMap<string, readonly string[]> => {
  const fields = new Map<string, Set<string>>();
  const want = (object: string, paths: readonly string[]): void => {
    const known = fields.get(object) ?? new Set<string>();
    for (const path of paths) known.add(path);
    fields.set(object, known);
  };
  for (const { spec, sources, whole } of scope.groups) {
    want(spec.object, personPaths(spec));
    for (const source of sources) want(source.object, pathsOf(source));
    for (const object of whole) want(object, plainFields(scope.describes.get(object)));
  }
  for (const [object, paths] of fieldsForStatistics(scope.statistics)) want(object, paths);
  const archive = scope.describes.get(ARCHIVE);
  if (archive !== undefined) want(ARCHIVE, plainFields(archive));
  return new Map([...fields].map(([object, paths]) => [object, [...paths].sort()]));
};
