import type { Clock } from '../kernel/clock.ts';
import { GardeError } from '../kernel/result.ts';
import type { ReportProgress } from '../model/progress.ts';
import { OrgError } from '../org/orgProblems.ts';
import type { Org } from '../org/port.ts';
import type { SchemaSource } from '../org/wholeDescribes.ts';
import type { EncryptedStore, Vault } from '../vault/port.ts';
import { followCascade, openIdShelf } from './cascade.ts';
import { copyRows, copyRowsOf, copyRowsThrough } from './copyRows.ts';
import type { Copying } from './copyRows.ts';
import { pullDescribes, pullMetadata } from './pullSchema.ts';
import type { MetadataPull, NotPulled } from './pullSchema.ts';
import { createPullTables, openPullStore } from './pullStore.ts';
import type { PullStore } from './pullStore.ts';
import { pulledObject, readPullRules } from './wantedRows.ts';
import type { PulledObject, PullRules, Selection } from './wantedRows.ts';

export type PullInput = {
  readonly selection: Selection;
  /** ISO instant after which the vault sweeps what was pulled. */
  readonly expiresAt: string;
  /** Why everything is pulled; listed in holdings. */
  readonly reason?: string;
};

export type PullPorts = {
  readonly org: Org;
  readonly schema: SchemaSource;
  readonly vault: Vault;
  readonly clock: Clock;
};

export type PullResult = {
  readonly holdingId: string;
  readonly orgId: string;
  readonly describes: number;
  readonly metadataFiles: number;
  readonly rows: readonly { readonly object: string; readonly rows: number }[];
  readonly notPulled: readonly NotPulled[];
  readonly acting: MetadataPull['acting'];
  /** API calls the pull cost. */
  readonly calls: number;
};

type Reading = Copying & { readonly raw: EncryptedStore; readonly rules: PullRules };

const objectIn = (store: PullStore, name: string): PulledObject | undefined => {
  const answer = store.describe(name);
  return answer === undefined ? undefined : pulledObject(answer);
};

/** Not an error of ours, and not of the rows: the platform has no such answer. */
const isRefusal = (error: unknown): error is OrgError =>
  error instanceof OrgError &&
  ['RequestRefused', 'PlaceNotFound', 'NotEmulated', 'FeatureMissing', 'PermissionMissing', 'UnknownOrgError'].includes(
    error.name,
  );

const pullPlanRecords = async (
  reading: Reading,
  records: Iterable<{ readonly object: string; readonly id: string }>,
): Promise<readonly NotPulled[]> => {
  const shelf = openIdShelf(reading.raw);
  const describe = (name: string): PulledObject | undefined => objectIn(reading.store, name);
  const missing: NotPulled[] = [];
  for (const { object, id } of records) shelf.add(object, [id], 0);
  missing.push(...(await followCascade({ org: reading.org, shelf, describe, tell: reading.tell })));
  for (const name of shelf.objects()) {
    const object = describe(name);
    if (object === undefined) missing.push({ place: name, because: 'hidden-or-absent' });
    else await copyRowsOf(reading, object, shelf.groups(name));
  }
  return missing;
};

const refuseUnknown = (store: PullStore, names: readonly string[]): readonly PulledObject[] => {
  const found = names.map((name) => objectIn(store, name));
  const unknown = names.filter((_, index) => found[index] === undefined);
  if (unknown.length === 0) return found.filter((one) => one !== undefined);
  throw new GardeError(
    unknown.map((name) => ({
      code: 'PullObjectUnknown',
      subject: name,
      message: `The org shows the running user no object ${name}.`,
      actions: ['Check the API name; `sf garde doctor` tells what is hidden from the user.'],
    })),
  );
};

const pullObjects = async (
  reading: Reading,
  objects: readonly PulledObject[],
  where: string | undefined,
): Promise<readonly NotPulled[]> => {
  const counts = await reading.org.approximateCounts(objects.map(({ name }) => name));
  const conditions = where === undefined ? [] : [where];
  for (const object of objects) await copyRows(reading, object, conditions, counts.get(object.name));
  return [];
};

const pullThroughParents = async (reading: Reading): Promise<void> => {
  for (const { object: name, field, parent } of reading.rules.throughParent) {
    const object = objectIn(reading.store, name);
    if (object === undefined) continue;
    for (const chunk of chunked(reading.store.rows(parent), 400)) await copyRowsThrough(reading, object, field, chunk);
  }
};

const chunked = function* (rows: ReturnType<PullStore['rows']>, size: number): Generator<readonly string[]> {
  let ids: string[] = [];
  for (const row of rows) {
    ids.push(String(row['Id']));
    if (ids.length < size) continue;
    yield ids;
    ids = [];
  }
  if (ids.length > 0) yield ids;
};

const pullEverything = async (reading: Reading): Promise<readonly NotPulled[]> => {
  const leftOut = new Map(
    reading.rules.leftOut.flatMap(({ objects, because }) => objects.map((name) => [name, because] as const)),
  );
  const through = new Set(reading.rules.throughParent.map(({ object }) => object));
  const missing: NotPulled[] = [];
  const names = [...reading.store.describes].map((answer) => String(answer['name']));
  const counts = await reading.org.approximateCounts(names);
  for (const name of names) {
    const object = objectIn(reading.store, name);
    const because = leftOut.get(name) ?? (object?.queryable === true ? undefined : 'not-queryable');
    if (object === undefined || because !== undefined) {
      if (!through.has(name)) missing.push({ place: name, because: because ?? 'hidden-or-absent' });
      continue;
    }
    try {
      await copyRows(reading, object, [], counts.get(name));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      missing.push({ place: name, because: error.foreignCodes[0] ?? error.name });
    }
  }
  await pullThroughParents(reading);
  return missing;
};

const pullRows = (reading: Reading, selection: Selection): Promise<readonly NotPulled[]> => {
  if (selection.kind === 'records') return pullPlanRecords(reading, selection.records);
  if (selection.kind === 'objects')
    return pullObjects(reading, refuseUnknown(reading.store, selection.objects), selection.where);
  return selection.kind === 'all' ? pullEverything(reading) : Promise.resolve([]);
};

/** Describes that may be long; with none of them there is nothing to rehearse on. */
const refuseEmpty = (describes: number): void => {
  if (describes > 0) return;
  throw new GardeError([
    {
      code: 'PullWithoutDescribes',
      message: 'The org described none of its objects to the running user, so that no twin can be like it.',
      actions: ['Log in as a user who may read the objects, then pull again.'],
    },
  ]);
};

const fill = async (input: PullInput, ports: PullPorts, raw: EncryptedStore, tell: ReportProgress) => {
  const { org, schema } = ports;
  createPullTables(raw);
  const store = openPullStore(raw);
  const { orgId, orgName } = await org.identity();
  store.writeOrg({ orgId, orgName, at: ports.clock.now() });
  const described = await pullDescribes(org, schema, store, tell);
  refuseEmpty(described.objects);
  const metadata = await pullMetadata(org, schema, store, tell);
  const missing = await pullRows({ org, store, tell, raw, rules: readPullRules() }, input.selection);
  raw.flush();
  return {
    orgId,
    describes: described.objects,
    metadataFiles: metadata.files,
    rows: store.counts(),
    notPulled: [...described.notPulled, ...metadata.notPulled, ...missing],
    acting: metadata.acting,
  };
};

/**
 * Pulls an org's describes, metadata and chosen rows into an encrypted store of the vault, streaming. When it fails
 * nothing stays on disk. Errors: the org's, PullObjectUnknown, PullWithoutDescribes, the vault's.
 */
export const pullOrg = async (
  input: PullInput,
  ports: PullPorts,
  tell: ReportProgress = () => undefined,
): Promise<PullResult> => {
  const before = ports.org.calls() + ports.schema.calls();
  const { orgId } = await ports.org.identity();
  const why = input.reason === undefined ? {} : { reason: input.reason };
  const { holding, store } = ports.vault.createStore('pulled-twin', orgId, input.expiresAt, why);
  try {
    const pulled = await fill(input, ports, store, tell);
    store.close();
    return { holdingId: holding.id, ...pulled, calls: ports.org.calls() + ports.schema.calls() - before };
  } catch (error) {
    store.close();
    ports.vault.remove(holding.id);
    throw error;
  }
};
