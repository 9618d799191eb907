import { z } from 'zod';
import { valueOf } from '../kernel/result.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { Org } from '../org/port.ts';
import type { CreateGuard, PlanGuard, StepsOfPerson, Verdict } from '../plan/guard.ts';
import type { FactSource } from '../standing/factSources.ts';
import type { PersonFacts } from '../standing/people.ts';
import { readFacts, type FreshReading } from '../standing/readFacts.ts';
import { decidePerson, decisionDigest, deletionOf } from './planRetention.ts';
import { retentionScope, type PeopleInScope, type RetentionLaw } from './retentionScope.ts';

type Frame = {
  readonly org: Org;
  readonly timeZone: string;
  readonly asOf: LocalDate;
  readonly groups: readonly PeopleInScope[];
};

/** Emptied lookups decide nothing: they are not read again. */
const deciding = (sources: readonly FactSource[]): readonly FactSource[] =>
  sources.filter((source) => source.kind !== 'unlinks');

const judge = (
  known: PersonFacts | undefined,
  planned: StepsOfPerson,
  scope: PeopleInScope,
  asOf: LocalDate,
): Verdict => {
  if (known === undefined) return { stands: false, code: 'record-gone' };
  const decided = decidePerson(known, scope, asOf);
  const expected = planned.steps[0]?.precondition.decision;
  if (decisionDigest(planned.subject, decided) !== expected) return { stands: false, code: decided.reason.code };
  const foreseen = new Set(planned.steps.flatMap((step) => [step.recordId, ...step.precondition.goesWith]));
  const isNew = deletionOf(known).related.some((row) => !foreseen.has(row.id));
  return isNew ? { stands: false, code: 'new-related-row' } : { stands: true };
};

/** The object of the person's own record: the step about the subject itself names it. */
const objectOf = ({ subject, steps }: StepsOfPerson): string =>
  steps.find((step) => step.recordId === subject)?.object ?? '';

type Reading = (people: readonly string[], group: PeopleInScope) => Promise<FreshReading>;

const judgeAll = async (
  frame: Frame,
  people: readonly StepsOfPerson[],
  read: Reading,
): Promise<ReadonlyMap<string, Verdict>> => {
  const verdicts = new Map<string, Verdict>();
  for (const group of frame.groups) {
    const own = people.filter((one) => objectOf(one) === group.spec.object);
    if (own.length === 0) continue;
    const fresh = await read(
      own.map((one) => one.subject),
      group,
    );
    for (const one of own) verdicts.set(one.subject, judge(fresh.people.get(one.subject), one, group, frame.asOf));
  }
  return verdicts;
};

type Binned = ReadonlyMap<string, ReadonlySet<string>>;

const memoryFile = z.record(z.string(), z.array(z.string()));
const memoryOf = (binned: Binned): string =>
  JSON.stringify(Object.fromEntries([...binned].map(([object, ids]) => [object, [...ids].sort()])));
const binnedIn = (memory: string): Binned =>
  new Map(Object.entries(memoryFile.parse(JSON.parse(memory))).map(([object, ids]) => [object, new Set(ids)]));

const reader =
  (frame: Frame, before: Binned | undefined, seen?: Map<string, ReadonlySet<string>>): Reading =>
  async (ids, group) => {
    const object = group.spec.object;
    const fresh = await readFacts(frame.org, ids, {
      spec: group.spec,
      sources: deciding(group.sources),
      timeZone: frame.timeZone,
      ...(before === undefined ? {} : { binnedBefore: before.get(object) ?? new Set<string>() }),
    });
    seen?.set(object, fresh.binned);
    return fresh;
  };

const createChecks = (frame: Frame): PlanGuard => ({
  check: async (people) => {
    const binned = new Map<string, ReadonlySet<string>>();
    const verdicts = await judgeAll(frame, people, reader(frame, undefined, binned));
    return {
      verdicts,
      memory: memoryOf(binned),
      afterDeletion: (subjects) => {
        const left = people.filter((one) => subjects.includes(one.subject));
        return judgeAll(frame, left, reader(frame, binned));
      },
    };
  },
  checkDeleted: (people, memory) => judgeAll(frame, people, reader(frame, binnedIn(memory))),
});

/** Guards a retention plan: the planner's own decision, on rows read again, for the day the plan decides for. */
export const createRetentionGuard =
  (law: RetentionLaw, now: () => string): CreateGuard =>
  async (org, header) => {
    const asOf = header.terms.asOf as LocalDate;
    const only = header.terms.rules.map((rule) => rule.key);
    const scope = valueOf(await retentionScope(org, law, { asOf, now: now(), only }));
    return createChecks({ org, asOf, timeZone: law.charter.controller.timeZone, groups: scope.groups });
  };
