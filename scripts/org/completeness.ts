import type { Completeness, Place, Visibility } from '../model/completeness.ts';
import { readExistence } from './existence.ts';
import type { Existence, Known } from './existence.ts';
import { readPermissions } from './permissions.ts';
import type { NamedPlace } from './places.ts';
import type { DescribedObject, Org } from './port.ts';
import { GardeError } from '../kernel/result.ts';
import { soqlName } from '../kernel/soql.ts';

/** Seen in the place of a field: the content of files. */
export const FILE_CONTENT = '*files*';

const PERMISSIONS = [
  'QueryAllFiles',
  'ViewEncryptedData',
  'ViewAllData',
  'ModifyAllData',
  'ViewSetup',
  'CustomizeApplication',
  'ModifyMetadata',
];

export type CompletenessInput = {
  /** What packs and charter name; see `namedPlaces`. */
  readonly places: readonly NamedPlace[];
  /** ISO instant of the reading. */
  readonly now: string;
};

/** Unknown is hidden: nothing that could not be asked is called absent. */
const placeFrom = (place: Pick<NamedPlace, 'object' | 'field'>, known: Known): Place => {
  const where = { object: place.object, ...(place.field === undefined ? {} : { field: place.field }) };
  if (known === undefined) return { ...where, visibility: 'hidden', evidence: 'permission' };
  return { ...where, visibility: known.exists ? 'hidden' : 'absent', evidence: known.evidence };
};

const hasField = (object: DescribedObject, field: string): boolean =>
  object.fields.some((described) => described.name.toLowerCase() === field.toLowerCase());

type Reading = {
  readonly org: Org;
  readonly existence: Existence;
  /** Lower-case names of objects the user may describe. */
  readonly visible: ReadonlySet<string>;
};

const judge = async ({ org, existence, visible }: Reading, place: NamedPlace): Promise<Place | undefined> => {
  const { object, field } = place;
  const described = visible.has(object.toLowerCase()) ? await org.describe(object) : undefined;
  if (described === undefined) return field === undefined ? placeFrom(place, existence.object(object)) : undefined;
  if (field === undefined || hasField(described, field))
    return { object, visibility: 'seen', evidence: 'describe', ...(field === undefined ? {} : { field }) };
  return placeFrom(place, await existence.field(object, field));
};

/** Stands for objects or fields that cannot even be listed. */
export const UNKNOWN = '*';

const unseenObjects = ({ existence, visible }: Reading): readonly Place[] => {
  if (existence.customObjects === undefined) {
    return [{ object: UNKNOWN, visibility: 'hidden', evidence: 'permission' }];
  }
  return existence.customObjects
    .filter((name) => !visible.has(name.toLowerCase()))
    .map((object) => ({
      object,
      visibility: 'hidden',
      evidence: existence.object(object)?.evidence ?? 'metadata-list',
    }));
};

const unseenFieldsOf = async ({ org, existence }: Reading, object: string): Promise<readonly Place[]> => {
  const existing = await existence.customFieldsOf(object);
  if (existing === undefined) return [{ object, field: UNKNOWN, visibility: 'hidden', evidence: 'permission' }];
  const described = existing.length === 0 ? undefined : await org.describe(object);
  if (described === undefined) return [];
  const unseen = existing.filter((field) => !hasField(described, field));
  return Promise.all(
    unseen.map(async (field) => ({
      object,
      field,
      visibility: 'hidden' as const,
      evidence: (await existence.field(object, field))?.evidence ?? 'permission',
    })),
  );
};

/** Custom objects and fields that exist and are not described, whether somebody named them or not. */
const unseenCustom = async (reading: Reading, named: readonly string[]): Promise<readonly Place[]> => {
  const { existence, visible } = reading;
  const objects = [...named, ...(existence.customObjects ?? []), ...existence.customFieldOwners];
  const places = [...unseenObjects(reading)];
  for (const object of new Set(objects.filter((name) => visible.has(name.toLowerCase()))))
    places.push(...(await unseenFieldsOf(reading, object)));
  return places;
};

/** Visible rows; undefined where the platform answers no query without a filter (ContentDocumentLink). */
const visibleRows = async (org: Org, object: string): Promise<number | undefined> => {
  try {
    return await org.count(`SELECT COUNT() FROM ${soqlName(object)}`);
  } catch (error) {
    if (error instanceof GardeError && error.name === 'RequestRefused') return undefined;
    throw error;
  }
};

/** Rows that sharing keeps from a user without View All Data, by the platform's own counts; uncountable is hidden. */
const unseenRows = async (org: Org, objects: readonly string[]): Promise<readonly Place[]> => {
  const approximate = await org.approximateCounts(objects);
  const places: Place[] = [];
  for (const [object, total] of approximate) {
    if (total === 0) continue;
    const visible = await visibleRows(org, object);
    if (visible === undefined) places.push({ object, visibility: 'hidden', evidence: 'not-countable' });
    const unseen = total - (visible ?? total);
    if (unseen > 0) places.push({ object, visibility: 'hidden', evidence: 'count-differs', unseenRows: unseen });
  }
  return places;
};

const encryptedPlaces = async (org: Org, seen: readonly Place[]): Promise<readonly Place[]> => {
  const places: Place[] = [];
  for (const { object, field } of seen) {
    if (field === undefined) continue;
    const described = (await org.describe(object))?.fields.find((one) => one.name === field);
    if (described?.encrypted === true) places.push({ object, field, visibility: 'hidden', evidence: 'permission' });
  }
  return places;
};

const keyOf = (place: Place): string =>
  `${place.object}.${place.field ?? ''}.${place.unseenRows === undefined ? '' : 'rows'}`.toLowerCase();

const once = (places: readonly Place[]): readonly Place[] =>
  [...new Map(places.toReversed().map((place) => [keyOf(place), place])).values()].toReversed();

const visibleObjects = async (org: Org): Promise<ReadonlySet<string>> =>
  new Set((await org.describeGlobal()).map(({ name }) => name.toLowerCase()));

const judgeAll = async (reading: Reading, places: readonly NamedPlace[]): Promise<readonly Place[]> => {
  const judged: Place[] = [];
  for (const place of places) {
    const found = await judge(reading, place);
    if (found !== undefined) judged.push(found);
  }
  return judged;
};

const queryableObjects = async (org: Org, seen: readonly Place[]): Promise<readonly string[]> => {
  const queryable = new Set((await org.describeGlobal()).filter((one) => one.queryable).map(({ name }) => name));
  return [...new Set(seen.map(({ object }) => object))].filter((name) => queryable.has(name));
};

/**
 * Compares what the running user sees with what exists: describe against EntityDefinition, FieldDefinition and the
 * metadata lists; visible rows against the platform's own counts; files and encrypted fields against permissions.
 * Costs about one call per object named, one more per object for users without View All Data.
 */
export const readCompleteness = async (org: Org, input: CompletenessInput): Promise<Completeness> => {
  const { held } = await readPermissions(org, PERMISSIONS);
  const holds = (...names: readonly string[]): boolean => names.some((name) => held.has(name));
  const named = [...new Set(input.places.map(({ object }) => object))];
  const reading: Reading = {
    org,
    existence: await readExistence(org, {
      named,
      seesDefinitions: holds('ViewSetup', 'CustomizeApplication'),
      seesMetadata: holds('ModifyMetadata', 'ModifyAllData'),
    }),
    visible: await visibleObjects(org),
  };
  const judged = await judgeAll(reading, input.places);
  const seen = judged.filter((place) => place.visibility === 'seen');
  const files: Visibility = held.has('QueryAllFiles') ? 'seen' : 'hidden';
  const encryptedFieldsReadable = held.has('ViewEncryptedData');
  const seesAllRows = holds('ViewAllData', 'ModifyAllData');
  const hidden = once([
    ...judged.filter((place) => place.visibility === 'hidden'),
    ...(await unseenCustom(reading, named)),
    ...(seesAllRows ? [] : await unseenRows(org, await queryableObjects(org, seen))),
    ...(encryptedFieldsReadable ? [] : await encryptedPlaces(org, seen)),
    ...(files === 'seen'
      ? []
      : [{ object: 'ContentVersion', field: FILE_CONTENT, visibility: files, evidence: 'permission' }]),
  ]);
  return {
    state: hidden.length === 0 ? 'complete' : 'incomplete',
    hidden,
    absent: judged.filter((place) => place.visibility === 'absent'),
    seenObjects: new Set(seen.map(({ object }) => object)).size,
    seenFields: seen.filter(({ field }) => field !== undefined).length,
    filesVisible: files,
    encryptedFieldsReadable,
    at: input.now,
  };
};

/** Hidden places that may hold a reason not to delete: any of them blocks a plan; an absent one does not. */
export const blockingPlaces = (completeness: Completeness, places: readonly NamedPlace[]): readonly Place[] => {
  const sources = places.filter(({ holds }) => holds);
  const objects = new Set(sources.filter(({ field }) => field === undefined).map(({ object }) => object.toLowerCase()));
  const fields = new Set(sources.map(({ object, field }) => `${object}.${field ?? ''}`.toLowerCase()));
  return completeness.hidden.filter(
    (place) =>
      fields.has(`${place.object}.${place.field ?? ''}`.toLowerCase()) ||
      (place.field === undefined && objects.has(place.object.toLowerCase())),
  );
};
