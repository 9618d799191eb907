import { valueOf } from '../kernel/result.ts';
import { inChunks } from '../kernel/soql.ts';
import type { Charter } from '../model/charter.ts';
import type { Place } from '../model/completeness.ts';
import { isHistoryObject } from '../model/discoverPaths.ts';
import type { OrgModel, SeenObject } from '../model/orgModel.ts';
import type { Pack } from '../model/pack.ts';
import type { ReportProgress } from '../model/progress.ts';
import { isTechnicalObject, type FieldNameList, type TechnicalList } from '../model/referenceLists.ts';
import { resolveModel } from '../model/resolveModel.ts';
import type { DescribedObject, ObjectSummary, Org } from '../org/port.ts';

/** The dated data that a model is read with; parsed from config/ by the composition root. */
export type ModelSources = {
  readonly packs: readonly Pack[];
  readonly charter: Charter;
  readonly fieldNames: FieldNameList;
  readonly technical: TechnicalList;
  /** Known to be hidden (completeness): no mistakes of the charter. */
  readonly hidden?: readonly Pick<Place, 'object' | 'field'>[];
};

/** Well under the 25 long-running requests an org allows at once. */
const DESCRIBES_AT_ONCE = 5;

/** Objects that packs and charter name, sorted. */
export const namedObjects = (packs: readonly Pack[], charter: Charter): readonly string[] => {
  const names = new Set<string>();
  const add = (...objects: readonly string[]): void => objects.forEach((object) => names.add(object));
  for (const pack of packs) {
    add(...pack.people.map((one) => one.object), ...Object.keys(pack.fields), ...pack.strays.map((one) => one.object));
    for (const path of [...pack.paths, ...pack.upward]) add(path.object, path.to);
    add(...pack.anywhere.map((one) => one.object), ...pack.holds.map((one) => one.object));
    for (const { object } of [...pack.genuineContacts, ...pack.clockEvents, ...pack.fiscalRecords]) add(object);
  }
  add(...Object.keys(charter.fields), ...charter.holds.map((one) => one.object));
  for (const path of charter.paths) add(path.object, path.to);
  return [...names].sort();
};

/** Custom objects, and field history of objects that are read: both may hold data that no pack names. */
const discoverable = (
  sources: ModelSources,
  all: readonly ObjectSummary[],
  read: ReadonlySet<string>,
): readonly string[] =>
  all
    .filter((one) => one.queryable && !isTechnicalObject(sources.technical, one.name))
    .filter((one) => one.custom || (isHistoryObject(one.name) && read.has(one.name.replace(/(Field)?History$/, ''))))
    .map((one) => one.name);

/** Standard objects whose rows point to people. */
const childrenOf = (sources: ModelSources, people: readonly (DescribedObject | undefined)[]): readonly string[] =>
  people.flatMap((person) =>
    (person?.children ?? [])
      .filter((child) => !sources.technical.fields.includes(child.field))
      .map((child) => child.childObject)
      .filter((name) => !isTechnicalObject(sources.technical, name)),
  );

/**
 * Describes what packs and charter name, all custom objects, field history, and standard objects that point to people;
 * then merges them into the org's model. One API call per object not described before. GardeError
 * `CharterNamesUnknownPlace` when the charter names what this org does not show.
 */
export const readOrgModel = async (
  org: Pick<Org, 'describe' | 'describeGlobal'>,
  sources: ModelSources,
  report: ReportProgress = () => undefined,
): Promise<OrgModel> => {
  const global = await org.describeGlobal();
  const visible = new Set(global.map((one) => one.name));
  const named = namedObjects(sources.packs, sources.charter).filter((name) => visible.has(name));
  const subjects = sources.packs.flatMap((pack) => pack.people.map((one) => one.object));
  const people = [...new Set(subjects)].filter((name) => name !== 'User' && name !== 'Account' && visible.has(name));
  const children = childrenOf(sources, await Promise.all(people.map((name) => org.describe(name))));
  const queryable = new Set(global.filter((one) => one.queryable).map((one) => one.name));
  const first = new Set([...named, ...children.filter((name) => queryable.has(name))]);
  const wanted = [...new Set([...first, ...discoverable(sources, global, first)])].sort();
  const describes = new Map<string, SeenObject>();
  for (const names of inChunks(wanted, DESCRIBES_AT_ONCE)) {
    const described = await Promise.all(names.map((name) => org.describe(name)));
    for (const one of described) if (one !== undefined) describes.set(one.name, one);
    report({ stage: 'model.describe', done: describes.size, total: wanted.length });
  }
  return valueOf(resolveModel({ ...sources, describes }));
};
