import { z } from 'zod';
import { valueOf } from '../kernel/result.ts';
import type { LocalDate } from '../kernel/legalPeriod.ts';
import { ARCHIVE } from '../model/archive.ts';
import type { Org } from '../org/port.ts';
import type { CreateGuard, PlanGuard, StepsOfPerson, Verdict } from '../plan/apply/guard.ts';
import type { FactSource } from '../standing/factSources.ts';
import type { PersonFacts } from '../standing/people.ts';
import { readFacts, type FreshReading } from '../standing/readFacts.ts';
import { END_OF_ARCHIVE, judgeArchives } from './archivesDue.ts';
import { decidePerson, decisionDigest } from './decidePerson.ts';
import { dutiesInForce } from './dutyRecords.ts';
import { deletionOf } from './planRetention.ts';
import { retentionScope, type PeopleInScope, type RetentionLaw } from './retentionScope.ts';

type Frame = {
  readonly org: Org;
  readonly watch: ReadonlyMap<string, readonly string[]>;
  readonly timeZone: string;
  readonly asOf: LocalDate;
  readonly groups: readonly JudgedPeople[];
};

type JudgedPeople = PeopleInScope & { readonly keyPrefix: string | null };

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
  const isNew = concernedRows(known, planned, asOf).some((id) => !foreseen.has(id));
  return isNew ? { stands: false, code: 'new-related-row' } : { stands: true };
};

/** Rows that the planned steps must know of: what a deletion takes along or is refused for, what an archive must hold. */
const concernedRows = (known: PersonFacts, { subject, steps }: StepsOfPerson, asOf: LocalDate): readonly string[] => {
  const isDeleted = steps.some(({ operation, recordId }) => operation === 'delete' && recordId === subject);
  // whoever gets a pseudonym has an archive too, and keeps what duties are about
  if (!isDeleted) return [];
  const isArchived = steps.some(({ operation, object }) => operation === 'create' && object === ARCHIVE);
  return [
    ...deletionOf(known).related.map(({ id }) => id),
    ...(isArchived ? dutiesInForce(known, asOf).map(({ record }) => record) : []),
  ];
};

/** The object of the person's own record: the step about the subject itself names it, else the id's prefix. */
const isOf = ({ subject, steps }: StepsOfPerson, { spec, keyPrefix }: JudgedPeople): boolean => {
  const own = steps.find((step) => step.recordId === subject)?.object;
  return own === undefined ? keyPrefix !== null && subject.startsWith(keyPrefix) : own === spec.object;
};

type Reading = (people: readonly string[], group: PeopleInScope) => Promise<FreshReading>;

const judgeAll = async (
  frame: Frame,
  people: readonly StepsOfPerson[],
  read: Reading,
): Promise<ReadonlyMap<string, Verdict>> => {
  const verdicts = new Map<string, Verdict>();
  for (const group of frame.groups) {
    const own = people.filter((one) => isOf(one, group));
    if (own.length === 0) continue;
    const fresh = await read(
      own.map((one) => one.subject),
      group,
    );
    for (const one of own) verdicts.set(one.subject, judge(fresh.people.get(one.subject), one, group, frame.asOf));
  }
  const archives = people.filter(({ steps }) => steps[0]?.rule === END_OF_ARCHIVE);
  if (archives.length === 0) return verdicts;
  return new Map([...verdicts, ...(await judgeArchives(frame.org, archives, frame.asOf))]);
};

/** What the check before the deletion saw, by object of people. */
type Seen = { readonly binned: ReadonlySet<string>; readonly watched: ReadonlyMap<string, string> };

const memoryFile = z.record(
  z.string(),
  z.strictObject({ binned: z.array(z.string()), watched: z.record(z.string(), z.string()) }),
);
const memoryOf = (seen: ReadonlyMap<string, Seen>): string =>
  JSON.stringify(
    Object.fromEntries(
      [...seen].map(([object, { binned, watched }]) => [
        object,
        { binned: [...binned].sort(), watched: Object.fromEntries(watched) },
      ]),
    ),
  );
const seenIn = (memory: string): ReadonlyMap<string, Seen> =>
  new Map(
    Object.entries(memoryFile.parse(JSON.parse(memory))).map(([object, { binned, watched }]) => [
      object,
      { binned: new Set(binned), watched: new Map(Object.entries(watched)) },
    ]),
  );

const reader =
  (
    frame: Frame,
    before: ReadonlyMap<string, Seen> | undefined,
    told?: (object: string, seen: FreshReading) => void,
  ): Reading =>
  async (ids, group) => {
    const object = group.spec.object;
    const fresh = await readFacts(frame.org, ids, {
      spec: group.spec,
      sources: deciding(group.sources),
      timeZone: frame.timeZone,
      watch: frame.watch.get(object) ?? [],
      ...(before === undefined ? {} : { binnedBefore: before.get(object)?.binned ?? new Set<string>() }),
    });
    told?.(object, fresh);
    return fresh;
  };

/** A decision that stands falls when somebody worked on the person's record between our check and our deletion. */
const unlessEdited = (
  verdicts: ReadonlyMap<string, Verdict>,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): ReadonlyMap<string, Verdict> =>
  new Map(
    [...verdicts].map(([subject, verdict]) => {
      const [was, is] = [before.get(subject), after.get(subject)];
      const isEdited = verdict.stands && was !== undefined && is !== undefined && was !== is;
      return [subject, isEdited ? { stands: false, code: 'edited-since-check' } : verdict];
    }),
  );

/**
 * Whom the plan itself changed beyond recognition is in nobody's people any more: an anonymised record that is not found
 * among them is as the plan wanted, not gone.
 */
const withOwnChange = (
  verdicts: ReadonlyMap<string, Verdict>,
  changed: ReadonlySet<string>,
): ReadonlyMap<string, Verdict> =>
  new Map(
    [...verdicts].map(([subject, verdict]) => {
      const isOwn = !verdict.stands && verdict.code === 'record-gone' && changed.has(subject);
      return [subject, isOwn ? { stands: true } : verdict];
    }),
  );

/** Whose own record the plan writes over by such a step. */
const changedBy = (
  people: readonly StepsOfPerson[],
  is: (step: StepsOfPerson['steps'][number]) => boolean = () => true,
): ReadonlySet<string> =>
  new Set(
    people
      .filter(({ subject, steps }) =>
        steps.some((one) => one.operation === 'update' && one.recordId === subject && is(one)),
      )
      .map(({ subject }) => subject),
  );

const judgeDeleted = async (
  frame: Frame,
  people: readonly StepsOfPerson[],
  seen: ReadonlyMap<string, Seen>,
): Promise<ReadonlyMap<string, Verdict>> => {
  const after = new Map<string, string>();
  const note = (_object: string, { watched }: FreshReading): void => {
    for (const [subject, digest] of watched) after.set(subject, digest);
  };
  const judged = await judgeAll(frame, people, reader(frame, seen, note));
  // a step that expects values tells an edit from what the plan itself writes
  const telling = changedBy(people, ({ precondition }) => precondition.values !== undefined);
  const before = [...seen.values()].flatMap(({ watched }) => [...watched]);
  return unlessEdited(
    withOwnChange(judged, changedBy(people)),
    new Map(before.filter(([subject]) => !telling.has(subject))),
    after,
  );
};

/** The record that a person's deletion locks beside their own: the household. */
const parentsOf = ({ people }: FreshReading): readonly (readonly [string, string])[] =>
  [...people].flatMap(([subject, { person }]) => {
    const parent = person.links[0];
    return parent === undefined || parent === null ? [] : [[subject, parent] as const];
  });

const createChecks = (frame: Frame): PlanGuard => ({
  check: async (people) => {
    const seen = new Map<string, Seen>();
    const parents = new Map<string, string>();
    const note = (object: string, fresh: FreshReading): void => {
      seen.set(object, { binned: fresh.binned, watched: fresh.watched });
      for (const [subject, parent] of parentsOf(fresh)) parents.set(subject, parent);
    };
    const verdicts = await judgeAll(frame, people, reader(frame, undefined, note));
    return {
      verdicts,
      parents,
      memory: memoryOf(seen),
      afterDeletion: (subjects) => {
        const wanted = new Set(subjects);
        return judgeDeleted(
          frame,
          people.filter((one) => wanted.has(one.subject)),
          seen,
        );
      },
    };
  },
  checkDeleted: (people, memory) => judgeDeleted(frame, people, seenIn(memory)),
});

/** Personal data that people type in, as the packs name them and the org shows them: nothing that a roll-up writes. */
const watchedFields = async (org: Org, law: RetentionLaw, object: string): Promise<readonly string[]> => {
  const named = new Set(
    law.packs.flatMap((pack) =>
      Object.entries(pack.fields[object] ?? {}).flatMap(([field, { derived, rollup = false }]) =>
        derived || rollup ? [] : [field],
      ),
    ),
  );
  const described = await org.describe(object);
  return (described?.fields ?? [])
    .filter(({ name, type, updateable, calculated }) => {
      const isPlain = updateable && !calculated && !COMPOUND.has(type);
      return isPlain && named.has(name);
    })
    .map((field) => field.name)
    .sort();
};
/** Their parts are fields of their own. */
const COMPOUND = new Set(['address', 'location', 'base64']);

/** Guards a retention plan: the planner's own decision, on rows read again, for the day the plan decides for. */
export const createRetentionGuard =
  (law: RetentionLaw, now: () => string): CreateGuard =>
  async (org, header) => {
    const asOf = header.terms.asOf as LocalDate;
    const only = header.terms.rules.map((rule) => rule.key).filter((key) => key !== END_OF_ARCHIVE);
    const scope = only.length === 0 ? undefined : valueOf(await retentionScope(org, law, { asOf, now: now(), only }));
    const groups = (scope?.groups ?? []).map((group) => ({
      ...group,
      keyPrefix: scope?.describes.get(group.spec.object)?.keyPrefix ?? null,
    }));
    const watch = new Map<string, readonly string[]>();
    for (const { spec } of groups) watch.set(spec.object, await watchedFields(org, law, spec.object));
    return createChecks({ org, watch, asOf, timeZone: law.charter.controller.timeZone, groups });
  };
