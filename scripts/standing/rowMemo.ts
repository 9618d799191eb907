import type { OrgValue } from '../org/port.ts';
import type { RowChunk } from '../snapshot/chunks.ts';

/** Different rows that are remembered; a million rows have some thousand different values. */
const MOST_REMEMBERED = 50_000;

type Branch<T> = { readonly below: Map<OrgValue, Branch<T>>; made?: { readonly of: T } };
const branch = <T>(): Branch<T> => ({ below: new Map() });

/** Makes something of the values of a row, once for all rows that have the same ones. */
export const rememberRows = <T>(
  make: (values: readonly OrgValue[]) => T,
): ((columns: RowChunk['columns'], row: number) => T) => {
  let [root, size] = [branch<T>(), 0];
  const grow = (values: readonly OrgValue[]): T => {
    if (size >= MOST_REMEMBERED) [root, size] = [branch<T>(), 0];
    size += 1;
    let at = root;
    for (const value of values) {
      const next = at.below.get(value) ?? branch<T>();
      at.below.set(value, next);
      at = next;
    }
    at.made = { of: make(values) };
    return at.made.of;
  };
  return (columns, row) => {
    let at: Branch<T> | undefined = root;
    for (const column of columns) at = at?.below.get(column[row] ?? null);
    return at?.made === undefined ? grow(columns.map((column) => column[row] ?? null)) : at.made.of;
  };
};
