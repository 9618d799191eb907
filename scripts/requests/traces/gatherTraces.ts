import { inChunks, soqlList, soqlName } from '../../kernel/soql.ts';
import { isHistoryObject } from '../../model/discoverPaths.ts';
import type { OrgModel } from '../../model/orgModel.ts';
import type { DescribedObject, Org, OrgRow } from '../../org/port.ts';
import type { NeedleFinder } from '../../subject/needles/compileNeedles.ts';
import { readPeople } from '../../subject/peopleRows.ts';
import { textFieldsOf, type TextFields } from '../../subject/residual/textFields.ts';
import { rowText } from '../../subject/rowText.ts';
import { derivedTexts } from '../erase/derivedTexts.ts';
import type { Trace, TraceFacts } from './contract.ts';

export type TraceReading = Parameters<typeof derivedTexts>[0] & {
  readonly model: OrgModel;
  readonly finder: NeedleFinder;
  /** Fields that name staff on every object: owner, creator. */
  readonly staffFields: readonly string[];
};

const STAFF = 'User';

/** Traces that something may be done about: beyond doubt the person's, and not decided by their erasure. */
export const isDue = ({ own, verdict }: Trace): boolean => !own && verdict === 'sure';

const describesOf = async (
  traces: readonly Trace[],
  org: Pick<Org, 'describe'>,
): Promise<Map<string, DescribedObject>> => {
  const found = new Map<string, DescribedObject>();
  const add = async (name: string): Promise<DescribedObject | undefined> => {
    const known = found.get(name) ?? (await org.describe(name));
    if (known !== undefined) found.set(name, known);
    return known;
  };
  for (const { object } of traces) {
    const described = await add(object);
    // a change writes history, which may or may not be deleted
    for (const { childObject } of described?.children ?? []) if (isHistoryObject(childObject)) await add(childObject);
  }
  return found;
};

const readTexts = async (
  { object, texts, people, parent, marksDeleted }: TextFields,
  has: (field: string) => boolean,
  ids: readonly string[],
  org: Pick<Org, 'query'>,
): Promise<readonly OrgRow[]> => {
  const more = [...people, parent ?? '', marksDeleted ? 'IsDeleted' : '', 'SystemModstamp'].filter(has);
  const names = [...new Set(['Id', ...texts.map(({ name }) => name), ...more])];
  const rows: OrgRow[] = [];
  for (const some of inChunks(ids)) {
    const soql = `SELECT ${names.map(soqlName).join(', ')} FROM ${soqlName(object)} WHERE Id IN ${soqlList(some)}`;
    for await (const row of org.query(soql, { deletedToo: true })) rows.push(row);
  }
  return rows;
};

type ReadRows = Pick<TraceFacts, 'rows'> & { readonly linked: ReadonlyMap<string, readonly string[]> };

/** What the records hold now, and to whom each is linked. */
const readRows = async (
  traces: readonly Trace[],
  describes: ReadonlyMap<string, DescribedObject>,
  { model, staffFields }: TraceReading,
  org: Pick<Org, 'query'>,
): Promise<ReadRows> => {
  const people = new Set(model.people.map(({ object }) => object));
  const rows = new Map<string, OrgRow>();
  const linked = new Map<string, readonly string[]>();
  for (const object of new Set(traces.map((trace) => trace.object))) {
    const described = describes.get(object);
    const fields = described === undefined ? undefined : textFieldsOf(described, people, staffFields);
    if (fields === undefined || isHistoryObject(object)) continue;
    const ids = traces.filter((trace) => trace.object === object).map(({ id }) => id);
    const has = (name: string): boolean => described?.fields.some((field) => field.name === name) ?? false;
    for (const row of await readTexts(fields, has, ids, org)) {
      const id = rowText(row, 'Id');
      rows.set(id, row);
      linked.set(
        id,
        fields.people.map((field) => rowText(row, field)).filter((one) => one !== ''),
      );
    }
  }
  return { rows, linked };
};

/** Whose record each trace is or hangs on: a bearer of the person's name is somebody to be careful with. */
const neighboursOf = async (
  traces: readonly Trace[],
  linked: ReadRows['linked'],
  { model, finder }: TraceReading,
  org: Pick<Org, 'query'>,
): Promise<Pick<TraceFacts, 'people' | 'namesakes'>> => {
  const besides = (trace: Trace): readonly string[] => [
    trace.id,
    ...(linked.get(trace.id) ?? []),
    ...(trace.parent === undefined ? [] : [trace.parent]),
  ];
  const staffless = { ...model, people: model.people.filter(({ object }) => object !== STAFF) };
  const found = await readPeople(org, staffless, traces.flatMap(besides));
  const isNamed = ({ fullName, givenNames, familyNames }: (typeof found)[number]): boolean =>
    [fullName, [...givenNames, ...familyNames].join(' ')].some((name) =>
      finder.find(name).some(({ kind }) => kind === 'name'),
    );
  const bearers = new Set(found.filter(isNamed).map(({ id }) => id));
  const records = new Set(found.map(({ id }) => id));
  return {
    people: new Set(traces.filter(({ id }) => records.has(id)).map(({ id }) => id)),
    namesakes: new Set(traces.filter((trace) => besides(trace).some((id) => bearers.has(id))).map(({ id }) => id)),
  };
};

/** Reads what decides about the traces, beside files. The org's errors. */
export const gatherTraces = async (
  traces: readonly Trace[],
  reading: TraceReading,
  org: Pick<Org, 'describe' | 'query'>,
): Promise<Pick<TraceFacts, 'describes' | 'rows' | 'people' | 'namesakes' | 'strays' | 'derived'>> => {
  const due = traces.filter(isDue);
  const describes = await describesOf(due, org);
  const { rows, linked } = await readRows(due, describes, reading, org);
  return {
    ...{ describes, rows, ...(await neighboursOf(due, linked, reading, org)) },
    strays: new Set(reading.model.strays.map(({ object }) => object)),
    derived: new Map([...describes.values()].map((one) => [one.name, derivedTexts(reading, one).all])),
  };
};
