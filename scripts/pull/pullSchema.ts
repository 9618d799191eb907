import type { ReportProgress } from '../model/progress.ts';
import { OrgError } from '../org/orgProblems.ts';
import type { Org } from '../org/port.ts';
import type { SchemaSource } from '../org/wholeDescribes.ts';
import { inChunks } from '../kernel/soql.ts';
import type { PullStore } from './pullStore.ts';

/** Describes asked at once: the platform lets 25 long requests run, and other users have theirs. */
const AT_ONCE = 5;

/** A place that was asked for and did not come along. */
export type NotPulled = { readonly place: string; readonly because: string };

export type SchemaPull = { readonly objects: number; readonly files: number; readonly notPulled: readonly NotPulled[] };

/** Metadata that the twin applies or keeps, by type. CustomObject brings validation rules, roll-ups and formats. */
const METADATA_TYPES = ['CustomObject', 'DuplicateRule', 'MatchingRules', 'Flow'] as const;
/** Metadata that acts in the org and never in the twin: named, not fetched. */
const ACTING_TYPES = ['ApexTrigger', 'ApexClass', 'WorkflowRule', 'InstalledPackage'] as const;

/** A retrieval may bring 10,000 files. */
const MEMBERS_PER_RETRIEVAL = 2_000;

/** Describes every object the user may see, a few at once, straight into the store. */
export const pullDescribes = async (
  org: Pick<Org, 'describeGlobal'>,
  source: SchemaSource,
  store: PullStore,
  tell: ReportProgress,
): Promise<Pick<SchemaPull, 'objects' | 'notPulled'>> => {
  const names = (await org.describeGlobal()).map(({ name }) => name);
  const notPulled: NotPulled[] = [];
  let done = 0;
  for (const group of inChunks(names, AT_ONCE)) {
    const answers = await Promise.all(group.map((name) => source.describe(name)));
    for (const [index, answer] of answers.entries()) {
      const name = group[index] ?? '';
      if (answer === undefined) notPulled.push({ place: name, because: 'hidden-or-absent' });
      else store.writeDescribe(name, answer);
    }
    done += group.length;
    tell({ stage: 'pull.describe', done, total: names.length });
  }
  return { objects: names.length - notPulled.length, notPulled };
};

const isUnknownType = (error: unknown): boolean =>
  error instanceof OrgError &&
  ['NotEmulated', 'RequestRefused', 'FeatureMissing', 'PermissionMissing', 'PlaceNotFound'].includes(error.name);

/** Full names of a type; a type the org does not list is told, with the org's code. */
const listed = async (
  org: Pick<Org, 'listMetadata'>,
  type: string,
  notPulled: NotPulled[],
): Promise<readonly string[]> => {
  try {
    return await org.listMetadata(type);
  } catch (error) {
    if (!isUnknownType(error)) throw error;
    notPulled.push({ place: type, because: (error as OrgError).foreignCodes[0] ?? (error as OrgError).name });
    return [];
  }
};

export type MetadataPull = {
  readonly files: number;
  readonly notPulled: readonly NotPulled[];
  /** Components that act in the org and of which the twin has nothing: Apex, workflow rules, packages. */
  readonly acting: readonly { readonly type: string; readonly fullName: string }[];
};

/** Retrieves what describes do not tell: validation rules, roll-ups, duplicate and matching rules, flows. */
export const pullMetadata = async (
  org: Pick<Org, 'listMetadata'>,
  source: SchemaSource,
  store: PullStore,
  tell: ReportProgress,
): Promise<MetadataPull> => {
  tell({ stage: 'pull.metadata' });
  const notPulled: NotPulled[] = [];
  const members: { type: string; fullName: string }[] = [];
  for (const type of METADATA_TYPES)
    for (const fullName of await listed(org, type, notPulled)) members.push({ type, fullName });
  const acting: { type: string; fullName: string }[] = [];
  for (const type of ACTING_TYPES)
    for (const fullName of await listed(org, type, notPulled)) acting.push({ type, fullName });
  let files = 0;
  for (const group of inChunks(members, MEMBERS_PER_RETRIEVAL)) {
    const retrieved = (await source.retrieve(group)).filter(({ path }) => path !== 'package.xml');
    store.writeFiles(retrieved);
    files += retrieved.length;
  }
  return { files, notPulled, acting };
};
