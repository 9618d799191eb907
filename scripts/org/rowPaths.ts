import type { OrgRow, OrgValue } from './port.ts';

/** A value by path (`Account.Name`): rows carry parents nested, some carry them as columns named by the path. */
export const readPath = (row: OrgRow, path: string): OrgValue => {
  const flat = row[path];
  if (flat === null) return null;
  if (flat !== undefined && typeof flat !== 'object') return flat;
  if (!path.includes('.')) return null;
  let value: OrgRow[string] = row;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    value = (value as OrgRow)[step];
  }
  return typeof value === 'object' ? null : (value ?? null);
};

/** A row under construction. */
export type OpenRow = { [field: string]: OrgValue | OpenRow };

/** Puts a value where its path says, making parents on the way. */
export const placeValue = (row: OpenRow, path: readonly string[], value: OrgValue): void => {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    row[name] = value;
    return;
  }
  const found = row[name];
  const parent: OpenRow = typeof found === 'object' && found !== null ? found : {};
  row[name] = parent;
  placeValue(parent, rest, value);
};
