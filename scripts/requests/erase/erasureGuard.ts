import { valueOf } from '../../kernel/result.ts';
import { soqlString } from '../../kernel/soql.ts';
import type { LocalDate } from '../../kernel/legalPeriod.ts';
import type { Charter } from '../../model/charter.ts';
import { isHistoryObject } from '../../model/discoverPaths.ts';
import type { OrgModel } from '../../model/orgModel.ts';
import type { Pack } from '../../model/pack.ts';
import { readCompleteness } from '../../org/completeness.ts';
import { namedPlaces } from '../../org/places.ts';
import type { Org } from '../../org/port.ts';
import type { CreateGuard, PlanGuard, StepsOfPerson, Verdict } from '../../plan/apply/guard.ts';
import { readErasureItems } from '../../plan/file/erasureItems.ts';
import { createOrgRows, type RowSource } from '../../subject/rowSource.ts';
import { rowText } from '../../subject/rowText.ts';
import { readPeople } from '../../subject/peopleRows.ts';
import { readOrgModel, type ModelSources } from '../../subject/readOrgModel.ts';
import { resolveSubject } from '../../subject/resolveSubject.ts';
import type { RecordReference } from '../../subject/graph.ts';
import type { Vault } from '../../vault/port.ts';
import { standingOfPerson } from './standingOfPerson.ts';

export type ErasureGuardPorts = {
  /** The real org: the model is read from it, also for rehearsals. */
  readonly org: Org;
  readonly vault: Pick<Vault, 'openStore'>;
  readonly now: () => string;
};

export type ErasureLaw = Omit<ModelSources, 'charter' | 'packs'> & {
  readonly charter: Charter;
  readonly packs: readonly Pack[];
};

/** What the guard compares with: everything the plan knew of, and who the person is. */
type Known = {
  readonly ids: ReadonlySet<string>;
  readonly roots: readonly RecordReference[];
  readonly request: string | undefined;
};

/** A rehearsal's org has the objects of the plan alone: what it does not describe holds no rows. */
const rowsOf = (org: Org): RowSource => {
  const source = createOrgRows(org);
  const only = async function* (
    read: RowSource['pointingTo'],
    edge: Parameters<RowSource['pointingTo']>[0],
    ids: readonly string[],
  ): ReturnType<RowSource['pointingTo']> {
    if ((await org.describe(edge.object)) !== undefined) yield* read(edge, ids);
  };
  return {
    pointingTo: (edge, ids) => only(source.pointingTo, edge, ids),
    pointedFrom: (edge, ids) => only(source.pointedFrom, edge, ids),
  };
};

type Frame = {
  readonly org: Org;
  readonly model: OrgModel;
  readonly law: ErasureLaw;
  readonly asOf: LocalDate;
  readonly now: () => string;
  readonly known: Known;
  readonly isRehearsal: boolean;
};

const requestId = async (org: Org, key: string | null, ids: ReadonlySet<string>): Promise<string | undefined> => {
  if (key === null) return undefined;
  for await (const row of org.query(`SELECT Id FROM GardeRequest__c WHERE RequestKey__c = ${soqlString(key)}`))
    if (ids.has(rowText(row, 'Id'))) return rowText(row, 'Id');
  return undefined;
};

const heldBy = async (frame: Frame): Promise<string | undefined> => {
  const { org, law, asOf, known, isRehearsal } = frame;
  if (isRehearsal) return undefined;
  const completeness = await readCompleteness(org, {
    places: namedPlaces(law.packs, law.charter),
    now: frame.now(),
  });
  const question = { roots: known.roots, packs: law.packs, charter: law.charter, completeness, asOf };
  const { holds } = valueOf(
    await standingOfPerson({ ...question, ...(known.request === undefined ? {} : { ownRequest: known.request }) }, org),
  );
  return holds.length === 0 ? undefined : 'hold';
};

const verdictOn = async (frame: Frame, isAfterDeletion: boolean): Promise<Verdict> => {
  const { org, model, known } = frame;
  const there = await readPeople(
    org,
    { ...model, people: model.people.filter(({ object }) => known.roots.some((root) => root.object === object)) },
    known.roots.map(({ id }) => id),
  );
  if (there.length === 0) return { stands: false, code: 'record-gone' };
  const held = await heldBy(frame);
  if (held !== undefined) return { stands: false, code: held };
  const { items } = await resolveSubject(known.roots, model, { rows: rowsOf(org) });
  // our own deletions and changes leave history behind; whose they are nothing tells
  const fresh = items.filter(
    ({ id, object, shared }) => !known.ids.has(id) && !shared && !(isAfterDeletion && isHistoryObject(object)),
  );
  return fresh.length === 0 ? { stands: true } : { stands: false, code: 'new-related-row' };
};

const createChecks = (frame: Frame): PlanGuard => {
  const judge = async (people: readonly StepsOfPerson[], after: boolean): Promise<ReadonlyMap<string, Verdict>> => {
    const verdict = people.length === 0 ? { stands: true as const } : await verdictOn(frame, after);
    return new Map(people.map(({ subject }) => [subject, verdict]));
  };
  return {
    check: async (people) => ({
      verdicts: await judge(people, false),
      memory: '{}',
      afterDeletion: (subjects) =>
        judge(
          people.filter(({ subject }) => subjects.includes(subject)),
          true,
        ),
    }),
    checkDeleted: (people) => judge(people, true),
  };
};

/**
 * Guards an erasure plan: right before the deletion and once more before it becomes irreversible, the person's holds and
 * their whole graph are read again. A new row of the person (a gift, a case, a consent) or a new hold stops it.
 */
export const createErasureGuard =
  (law: ErasureLaw, ports: ErasureGuardPorts): CreateGuard =>
  async (org, header) => {
    const { erasure, asOf } = header.terms;
    if (erasure === undefined) throw new RangeError('a plan of this kind says what it decided');
    const store = ports.vault.openStore(header.holding);
    const items = (() => {
      try {
        return readErasureItems(store, erasure);
      } finally {
        store.close();
      }
    })();
    const ids = new Set(items.map(({ id }) => id));
    const completeness = await readCompleteness(ports.org, {
      places: namedPlaces(law.packs, law.charter),
      now: ports.now(),
    });
    const model = await readOrgModel(ports.org, { ...law, hidden: completeness.hidden });
    const people = new Set(model.people.map(({ object }) => object));
    const roots = items
      .filter(({ object, path }) => people.has(object) && path.length === 0)
      .map(({ object, id }) => ({ object, id }));
    const isRehearsal = org !== ports.org;
    const request = isRehearsal ? undefined : await requestId(org, erasure.request, ids);
    return createChecks({
      ...{ org, model, law, asOf: asOf as LocalDate, now: ports.now, isRehearsal },
      known: { ids, roots, request },
    });
  };
