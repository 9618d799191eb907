import { placeValue, type OpenRow } from './rowPaths.ts';
import type { DescribedField, DescribedObject, OrgRow, OrgValue } from './port.ts';

/** Reads one CSV cell into the row under construction. */
type Column = { readonly path: readonly string[]; readonly read: (cell: string) => OrgValue };

const NUMBERS = new Set(['int', 'double', 'currency', 'percent', 'long']);

/** Bulk writes date-times as `…Z`, REST as `…+0000`: the port knows REST's form only. */
const asRestDateTime = (cell: string): string => cell.replace(/Z$/, '+0000');

/** How a cell of this field is read; an empty cell is null, as Salesforce has no empty texts. */
export const cellReader = (type: string | undefined): ((cell: string) => OrgValue) => {
  if (type === 'boolean') return (cell) => (cell === '' ? null : cell.toLowerCase() === 'true');
  if (type !== undefined && NUMBERS.has(type)) return (cell) => (cell === '' ? null : Number(cell));
  if (type === 'datetime') return (cell) => (cell === '' ? null : asRestDateTime(cell));
  return (cell) => (cell === '' ? null : cell);
};

type Describe = (object: string) => Promise<DescribedObject | undefined>;

const fieldNamed = (object: DescribedObject | undefined, name: string): DescribedField | undefined =>
  object?.fields.find((field) => field.name.toLowerCase() === name.toLowerCase());

const parentsOf = (object: DescribedObject | undefined, relationship: string): readonly string[] =>
  object?.fields.find((field) => field.relationshipName?.toLowerCase() === relationship.toLowerCase())?.referenceTo ??
  [];

const fieldAt = async (
  describe: Describe,
  object: string,
  path: readonly string[],
): Promise<DescribedField | undefined> => {
  const described = await describe(object);
  const [first = '', ...rest] = path;
  if (rest.length === 0) return fieldNamed(described, first);
  for (const parent of parentsOf(described, first)) {
    const found = await fieldAt(describe, parent, rest);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Columns of a Bulk query's header (`Id`, `Account.Name`) with readers for their types. */
export const columnsOf = (describe: Describe, object: string, header: readonly string[]): Promise<readonly Column[]> =>
  Promise.all(
    header.map(async (name) => {
      const path = name.split('.');
      return { path, read: cellReader((await fieldAt(describe, object, path))?.type) };
    }),
  );

/** A parent none of whose fields has a value is no parent, as REST answers it. */
const withoutEmptyParents = (row: OpenRow): OrgRow =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]): readonly [string, OrgValue | OrgRow] => {
      if (typeof value !== 'object' || value === null) return [name, value];
      const parent = withoutEmptyParents(value);
      return [name, Object.values(parent).every((member) => member === null) ? null : parent];
    }),
  );

export const rowOf = (columns: readonly Column[], cells: readonly string[]): OrgRow => {
  const row: OpenRow = {};
  columns.forEach((column, i) => placeValue(row, column.path, column.read(cells[i] ?? '')));
  return columns.some((column) => column.path.length > 1) ? withoutEmptyParents(row) : row;
};
