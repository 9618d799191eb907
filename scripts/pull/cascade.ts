import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org, OrgRow } from '../org/port.ts';
import { OrgError } from '../org/orgProblems.ts';
import type { EncryptedStore } from '../vault/port.ts';
import { IDS_PER_QUERY } from './copyRows.ts';
import type { NotPulled } from './pullSchema.ts';
import type { PulledObject } from './wantedRows.ts';

/** Ids to pull, kept in the encrypted store: a plan may name a million records. */
export type IdShelf = {
  add(object: string, ids: Iterable<string>, level: number): void;
  objects(level?: number): readonly string[];
  /** Ids of an object in groups; of one level, or of all. */
  groups(object: string, level?: number): Iterable<readonly string[]>;
};

export const openIdShelf = (store: EncryptedStore): IdShelf => {
  store.run('CREATE TABLE IF NOT EXISTS pulled_id (id text PRIMARY KEY, object text, level integer)');
  const at = (level: number | undefined): string => (level === undefined ? '' : ` AND level = ${level}`);
  return {
    add: (object, ids, level) => {
      for (const id of ids)
        store.run('INSERT OR IGNORE INTO pulled_id (id, object, level) VALUES (?, ?, ?)', [id, object, level]);
    },
    objects: (level) =>
      [...store.read(`SELECT DISTINCT object FROM pulled_id WHERE 1 = 1${at(level)} ORDER BY object`)].map((row) =>
        String(row['object']),
      ),
    groups: function* (object, level) {
      let last = '';
      for (;;) {
        const rows = store.read(
          `SELECT id FROM pulled_id WHERE object = ? AND id > ?${at(level)} ORDER BY id LIMIT ${IDS_PER_QUERY}`,
          [object, last],
        );
        const ids = [...rows].map(({ id }) => String(id));
        if (ids.length === 0) return;
        yield ids;
        last = ids.at(-1) ?? '';
      }
    },
  };
};

type Child = PulledObject['childRelationships'][number] & { readonly field: string };

/** Lookups through which a deletion goes on, or is refused. */
const bindingChildren = (object: PulledObject): readonly Child[] =>
  object.childRelationships.filter(
    (child): child is Child => child.field !== null && (child.cascadeDelete || child.restrictedDelete),
  );

export type Cascading = {
  readonly org: Pick<Org, 'query'>;
  readonly shelf: IdShelf;
  readonly describe: (object: string) => PulledObject | undefined;
  readonly tell: ReportProgress;
};

const idOf = (row: OrgRow): string => (typeof row['Id'] === 'string' ? row['Id'] : '');

const childIds = async (
  org: Pick<Org, 'query'>,
  child: Child,
  parents: readonly string[],
): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const chunk of inChunks(parents, IDS_PER_QUERY)) {
    const where = `${soqlName(child.field)} IN ${soqlList(chunk)}`;
    for await (const row of org.query(`SELECT Id FROM ${soqlName(child.childSObject)} WHERE ${where}`))
      ids.push(idOf(row));
  }
  return ids;
};

const isRefusal = (error: unknown): error is OrgError =>
  error instanceof OrgError &&
  ['RequestRefused', 'PlaceNotFound', 'NotEmulated', 'FeatureMissing'].includes(error.name);

type Following = Cascading & { readonly refused: Map<string, NotPulled> };

const followChild = async (following: Following, name: string, child: Child, level: number): Promise<void> => {
  const { org, shelf, describe, tell, refused } = following;
  const place = `${child.childSObject}.${child.field}`;
  if (refused.has(place)) return;
  if (describe(child.childSObject)?.queryable !== true) {
    refused.set(place, { place, because: 'not-queryable' });
    return;
  }
  tell({ stage: 'pull.cascade', subject: place });
  // what merely refuses is not followed further: level -1 is never looked at
  const next = child.cascadeDelete ? level + 1 : -1;
  try {
    for (const group of shelf.groups(name, level))
      shelf.add(child.childSObject, await childIds(org, child, group), next);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    refused.set(place, { place, because: error.foreignCodes[0] ?? error.name });
  }
};

/**
 * Follows what the org would delete with the records on the shelf, by the delete flags of its own describes, and adds
 * what would refuse it. A child that cannot be asked is told, never taken for absent. API calls: one per child lookup
 * and 400 records.
 */
export const followCascade = async (cascading: Cascading): Promise<readonly NotPulled[]> => {
  const following: Following = { ...cascading, refused: new Map() };
  const { shelf, describe } = cascading;
  for (let level = 0; shelf.objects(level).length > 0; level += 1) {
    for (const name of shelf.objects(level)) {
      const object = describe(name);
      for (const child of object === undefined ? [] : bindingChildren(object))
        await followChild(following, name, child, level);
    }
  }
  return [...following.refused.values()];
};
