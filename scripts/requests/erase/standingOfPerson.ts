import type { LocalDate } from '../../kernel/legalPeriod.ts';
import { failed, ok, type Problem, type Result } from '../../kernel/result.ts';
import { soqlList, soqlName } from '../../kernel/soql.ts';
import type { Charter } from '../../model/charter.ts';
import type { Completeness } from '../../model/completeness.ts';
import type { Pack } from '../../model/pack.ts';
import type { DescribedObject, Org } from '../../org/port.ts';
import { declaredSources, pathsOf, type FactSource } from '../../standing/factSources.ts';
import type { Fact } from '../../standing/facts.ts';
import { peopleObjectOf, peopleSpec, type PeopleSpec } from '../../standing/people.ts';
import { readFacts } from '../../standing/readFacts.ts';
import { visibleSources } from '../../standing/sourceVisibility.ts';
import type { RecordReference } from '../../subject/graph.ts';
import type { Duty } from './contract.ts';

export type StandingQuestion = {
  readonly roots: readonly RecordReference[];
  readonly packs: readonly Pack[];
  readonly charter: Charter;
  readonly completeness: Pick<Completeness, 'absent' | 'hidden'>;
  readonly asOf: LocalDate;
  /** Id of the request being carried out: it holds everybody's run but its own. */
  readonly ownRequest?: string;
};

/** What keeps the person from being erased, and what the law makes us keep of them. */
export type PersonStanding = { readonly holds: readonly Fact[]; readonly duties: readonly Duty[] };

type Describes = {
  readonly fetch: (object: string) => Promise<DescribedObject | undefined>;
  readonly known: Map<string, DescribedObject | undefined>;
};

const describesOf = (org: Pick<Org, 'describe'>): Describes => {
  const known = new Map<string, DescribedObject | undefined>();
  return {
    known,
    fetch: async (object) => {
      if (!known.has(object)) known.set(object, await org.describe(object));
      return known.get(object);
    },
  };
};

const follow = async (describes: Describes, object: string, path: readonly string[]): Promise<void> => {
  const described = await describes.fetch(object);
  const [first = '', ...rest] = path;
  if (described === undefined || rest.length === 0) return;
  const lookup = described.fields.find((field) => field.relationshipName?.toLowerCase() === first.toLowerCase());
  for (const parent of lookup?.referenceTo ?? []) await follow(describes, parent, rest);
};

const RULE = 'erasure';

type Group = { readonly spec: PeopleSpec; readonly ids: readonly string[]; readonly sources: readonly FactSource[] };

const groupOf = async (
  question: StandingQuestion,
  describes: Describes,
  object: string,
): Promise<Result<Group | undefined>> => {
  const people = peopleObjectOf(question.packs, object);
  const described = await describes.fetch(object);
  if (people === undefined || described === undefined) return ok(undefined);
  const spec = peopleSpec(people, [{ key: RULE, where: [] }], described);
  const reached = [object, ...spec.links.flatMap((link) => link.to)];
  const declared = declaredSources(question.packs, question.charter.holds, reached, question.asOf).filter(
    ({ kind }) => kind === 'hold' || kind === 'fiscal',
  );
  for (const source of declared)
    for (const path of pathsOf(source)) await follow(describes, source.object, path.split('.'));
  const visible = visibleSources(declared, (name) => describes.known.get(name), question.completeness);
  if (!visible.ok) return visible;
  const ids = question.roots.filter((root) => root.object === object).map(({ id }) => id);
  return ok({ spec, ids, sources: visible.value.sources });
};

const inForce = ({ until }: Fact, asOf: LocalDate): boolean => until === null || until >= asOf;

const factsOf = async (org: Org, group: Group, timeZone: string): Promise<readonly Fact[]> => {
  const { spec, ids, sources } = group;
  if (sources.length === 0 || ids.length === 0) return [];
  const { people } = await readFacts(org, ids, { spec, sources, timeZone });
  return [...people.values()].flatMap(({ facts }) => facts);
};

/**
 * Holds and fiscal duties in force over all records of one person. Fails closed: a hidden source blocks
 * (`HoldSourceHidden`), a required one that is missing too (`RequiredSourceAbsent`). The request being carried out does
 * not hold its own run.
 */
export const standingOfPerson = async (question: StandingQuestion, org: Org): Promise<Result<PersonStanding>> => {
  const describes = describesOf(org);
  const problems: Problem[] = [];
  const facts: Fact[] = [];
  for (const object of new Set(question.roots.map((root) => root.object))) {
    const group = await groupOf(question, describes, object);
    if (!group.ok) problems.push(...group.problems);
    else if (group.value !== undefined)
      facts.push(...(await factsOf(org, group.value, question.charter.controller.timeZone)));
  }
  if (problems.length > 0) return failed(...problems);
  const running = facts.filter((fact) => inForce(fact, question.asOf));
  return ok({
    holds: running.filter(({ source, record }) => source.kind === 'hold' && record !== question.ownRequest),
    duties: running
      .filter(({ source }) => source.kind === 'fiscal')
      .map(({ source, record, target, until }) => ({ record, target, key: source.key, until })),
  });
};

const REQUEST = 'GardeRequest__c';

/** What an open request of the person asks for, by its items; the request itself when it has none. */
const rightsAsked = async (org: Pick<Org, 'query'>, ids: readonly string[]): Promise<readonly string[]> => {
  if (ids.length === 0) return [];
  const found: string[] = [];
  const soql = `SELECT Right__c FROM ${soqlName('GardeRequestItem__c')} WHERE Request__c IN ${soqlList(ids)}`;
  for await (const row of org.query(soql)) if (typeof row['Right__c'] === 'string') found.push(row['Right__c']);
  return [...new Set(found)].sort();
};

/** Why the person may not be erased now, everything at once: `ErasureHeld`, `RequestUnanswered`. */
export const holdProblems = async (holds: readonly Fact[], org: Pick<Org, 'query'>): Promise<readonly Problem[]> => {
  const requests = holds.filter(({ source }) => source.object === REQUEST);
  const others = holds.filter(({ source }) => source.object !== REQUEST);
  const rights = await rightsAsked(org, [...new Set(requests.map(({ record }) => record))]);
  const byKey = [...new Map(others.map((hold) => [hold.source.key, hold])).values()];
  const unanswered: readonly Problem[] =
    requests.length === 0
      ? []
      : [
          {
            code: 'RequestUnanswered',
            subject: rights.length === 0 ? REQUEST : rights.join(', '),
            message: rights.includes('access')
              ? 'The person asked for access and has no answer yet: what is erased can no longer be given.'
              : 'Another request of the person is open.',
            actions: ['Answer it first, or name the request that is carried out with --request.'],
          },
        ];
  return [
    ...unanswered,
    ...byKey.map(({ source, until }) => ({
      code: 'ErasureHeld',
      subject: source.key,
      message: `A hold forbids the erasure (${source.key}${until === null ? '' : `, until ${until}`}).`,
      actions: ['End what holds, or wait until it ends; then plan again.'],
    })),
  ];
};
