import type { DescribedObject, Org, OrgRow } from '../../org/port.ts';
import { strengthOf } from '../../plan/operations/orderEdges.ts';
import { boundRows } from '../../plan/rehearse/boundRows.ts';
import { rowText } from '../../subject/rowText.ts';
import type { Hanging } from './contract.ts';

type Child = { readonly object: string; readonly id: string; readonly field: string; readonly to: string };

const childrenIn = (object: string, rows: readonly OrgRow[]): readonly Child[] =>
  rows.flatMap((row) =>
    Object.entries(row).flatMap(([field, to]) =>
      field === 'Id' || typeof to !== 'string' ? [] : [{ object, id: rowText(row, 'Id'), field, to }],
    ),
  );

/** What the org would delete along with each of these records, to any depth, and what would forbid it. The org's errors. */
export const readHanging = async (
  records: ReadonlyMap<string, readonly string[]>,
  org: Pick<Org, 'describe' | 'query' | 'approximateCounts'>,
): Promise<ReadonlyMap<string, Hanging>> => {
  const bound = await boundRows({ org, records, isCopied: () => false });
  const describes = new Map<string, DescribedObject>(bound.describes.map((one) => [one.name, one]));
  const objects = new Map<string, string>();
  for (const [object, ids] of records) {
    const described = await org.describe(object);
    if (described !== undefined) describes.set(object, described);
    for (const id of ids) objects.set(id, object);
  }
  const children = bound.rows.flatMap(({ object, rows }) => childrenIn(object, rows));
  for (const { object, id } of children) objects.set(id, object);
  const hangingOn = (id: string, seen: ReadonlySet<string>): Hanging => {
    const own = children.filter(({ to, id: child }) => to === id && !seen.has(child));
    const strength = (child: Child): string =>
      strengthOf(describes, { ...child, toObject: objects.get(child.to) ?? '' });
    const along = own.filter((child) => strength(child) === 'cascade');
    const deeper = along.map((child) => hangingOn(child.id, new Set([...seen, id, child.id])));
    return {
      goesWith: [...new Set([...along.map((child) => child.id), ...deeper.flatMap(({ goesWith }) => goesWith)])].sort(),
      isBound: own.some((child) => strength(child) === 'restrict') || deeper.some(({ isBound }) => isBound),
    };
  };
  return new Map([...records.values()].flat().map((id) => [id, hangingOn(id, new Set([id]))]));
};
