import { inChunks, soqlList, soqlName } from '../../kernel/soql.ts';
import { OrgError } from '../../org/orgProblems.ts';
import type { DescribedChild, DescribedObject, Org, OrgRow } from '../../org/port.ts';

/** Records whose children are looked for: a sample of a large plan, said with the result. */
export const BOUND_SAMPLE = 2_000;
/** Levels of cascades below the plan's own records. */
const DEPTH = 3;

/** Rows that the org would delete along, or that would refuse a deletion, and that the plan's copy of the org has not. */
export type BoundRows = {
  readonly describes: readonly DescribedObject[];
  readonly rows: readonly { readonly object: string; readonly rows: readonly OrgRow[] }[];
  /** `Object.Field` that the org did not let us ask. */
  readonly unread: readonly string[];
};

export type BoundQuestion = {
  readonly org: Pick<Org, 'describe' | 'query' | 'approximateCounts'>;
  /** Ids by object, at most BOUND_SAMPLE in all. */
  readonly records: ReadonlyMap<string, readonly string[]>;
  /** Whether the plan's copy has this lookup of this object already. */
  readonly isCopied: (object: string, field: string) => boolean;
};

const binding = (described: DescribedObject): readonly DescribedChild[] =>
  described.children.filter((child) => child.cascadeDelete || child.restrictedDelete);

const isRefusal = (error: unknown): boolean =>
  error instanceof OrgError &&
  ['RequestRefused', 'PlaceNotFound', 'NotEmulated', 'FeatureMissing', 'PermissionMissing', 'UnknownOrgError'].includes(
    error.name,
  );

type Search = BoundQuestion & {
  readonly describes: Map<string, DescribedObject>;
  readonly found: Map<string, OrgRow[]>;
  readonly unread: Set<string>;
};

const rowsOf = async (
  search: Search,
  child: DescribedChild,
  parents: readonly string[],
): Promise<readonly OrgRow[]> => {
  const rows: OrgRow[] = [];
  for (const chunk of inChunks(parents, 400)) {
    const soql = `SELECT Id, ${soqlName(child.field)} FROM ${soqlName(child.childObject)}
      WHERE ${soqlName(child.field)} IN ${soqlList(chunk)} LIMIT ${BOUND_SAMPLE}`;
    for await (const row of search.org.query(soql)) rows.push(row);
    if (rows.length >= BOUND_SAMPLE) break;
  }
  return rows;
};

const askChild = async (
  search: Search,
  child: DescribedChild,
  parents: readonly string[],
): Promise<readonly string[]> => {
  const described = await search.org.describe(child.childObject);
  if (described?.queryable !== true) {
    search.unread.add(`${child.childObject}.${child.field}`);
    return [];
  }
  try {
    const rows = await rowsOf(search, child, parents);
    if (rows.length === 0) return [];
    search.describes.set(described.name, described);
    search.found.set(described.name, [...(search.found.get(described.name) ?? []), ...rows]);
    return child.cascadeDelete ? rows.map((row) => row['Id'] as string) : [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    search.unread.add(`${child.childObject}.${child.field}`);
    return [];
  }
};

const askLevel = async (
  search: Search,
  level: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const next = new Map<string, readonly string[]>();
  for (const [object, ids] of level) {
    const described = await search.org.describe(object);
    const children = described === undefined ? [] : binding(described);
    const open = children.filter((child) => !search.isCopied(child.childObject, child.field));
    const counts = await search.org.approximateCounts([...new Set(open.map((child) => child.childObject))]);
    for (const child of open) {
      // the platform leaves out objects it does not count: those are asked
      if (counts.get(child.childObject) === 0) continue;
      const below = await askChild(search, child, ids);
      if (below.length > 0) next.set(child.childObject, [...(next.get(child.childObject) ?? []), ...below]);
    }
  }
  return next;
};

/**
 * Asks the org, by the delete flags of its own describes, what hangs on these records beside what the plan's copy holds.
 * Ids and lookups only. API calls: one for the counts of each object, one per child lookup with rows and 400 records.
 */
export const boundRows = async (question: BoundQuestion): Promise<BoundRows> => {
  const search: Search = { ...question, describes: new Map(), found: new Map(), unread: new Set() };
  let level = question.records;
  for (let depth = 0; depth < DEPTH && level.size > 0; depth += 1) level = await askLevel(search, level);
  return {
    describes: [...search.describes.values()],
    rows: [...search.found].map(([object, rows]) => ({ object, rows })),
    unread: [...search.unread].sort(),
  };
};
