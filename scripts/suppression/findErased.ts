import { inChunks, soqlList, soqlName } from '../kernel/soql.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org } from '../org/port.ts';
import type { Erasure } from './erasures.ts';

/** Somebody who was erased and whose records are there again. */
export type ErasedAgain = {
  readonly entry: string;
  readonly at: string;
  /** The person's own records that live. */
  readonly roots: readonly { readonly object: string; readonly id: string }[];
  /** Other records of theirs that live. */
  readonly others: readonly { readonly object: string; readonly id: string }[];
};

export type FoundErased = {
  readonly people: readonly ErasedAgain[];
  readonly erasures: number;
  /** Objects of erased records that the running user cannot see: whether they are there again is not known. */
  readonly hidden: readonly string[];
};

const livingIds = async (
  org: Pick<Org, 'query'>,
  object: string,
  ids: readonly string[],
): Promise<readonly string[]> => {
  const living: string[] = [];
  for (const some of inChunks(ids)) {
    // the recycle bin too: whoever restores a backup may have deleted by hand
    const soql = `SELECT Id FROM ${soqlName(object)} WHERE Id IN ${soqlList(some)}`;
    for await (const row of org.query(soql, { deletedToo: true }))
      if (typeof row['Id'] === 'string') living.push(row['Id']);
  }
  return living;
};

/**
 * Which erased records an org holds again, after a backup was restored or a sandbox refreshed from one: record ids are the
 * same there. Asks by object, hundreds of ids a query.
 */
export const findErased = async (
  erasures: readonly Erasure[],
  org: Pick<Org, 'query' | 'describe'>,
  report: ReportProgress = () => undefined,
): Promise<FoundErased> => {
  const byObject = new Map<string, Set<string>>();
  for (const { records } of erasures) {
    for (const { object, id } of records) byObject.set(object, (byObject.get(object) ?? new Set()).add(id));
  }
  const living = new Set<string>();
  const hidden: string[] = [];
  let done = 0;
  for (const [object, ids] of [...byObject].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    report({ stage: 'erase.replay', subject: object, done, total: byObject.size });
    done += 1;
    if ((await org.describe(object)) === undefined) hidden.push(object);
    else for (const id of await livingIds(org, object, [...ids])) living.add(id);
  }
  const people = erasures.map(({ entry, at, records }): ErasedAgain => {
    const there = records.filter(({ id }) => living.has(id));
    const of = (isRoot: boolean) =>
      there.filter((one) => one.isRoot === isRoot).map(({ object, id }) => ({ object, id }));
    return { entry, at, roots: of(true), others: of(false) };
  });
  return {
    people: people.filter(({ roots, others }) => roots.length + others.length > 0),
    erasures: erasures.length,
    hidden,
  };
};
