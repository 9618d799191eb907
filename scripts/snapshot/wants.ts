import type { RecordId } from '../kernel/recordId.ts';
import type { Filter } from '../model/filter.ts';
import type { DescribedField, DescribedObject, Org } from '../org/port.ts';

/** What a job needs of one object. */
export type SnapshotWant = {
  readonly object: string;
  /**
   * Field paths (`Email`, `Opportunity.CloseDate`), or every field with a stored value that can be copied: formulas are
   * left out, since they say nothing the others do not. `Id` always comes along.
   */
  readonly fields: readonly string[] | 'all';
  /** All conditions hold; without it every row. */
  readonly where?: Filter;
  /** Only these rows. */
  readonly ids?: readonly RecordId[];
  /** Rows of the recycle bin too; they are told apart by IsDeleted, which then comes along. */
  readonly deletedToo?: boolean;
};

export type SnapshotColumn = { readonly path: string; readonly type: string; readonly isLookup: boolean };

/** A want as this org can answer it. */
export type ResolvedWant = SnapshotWant & { readonly columns: readonly SnapshotColumn[] };

/** A wanted object or field that describe does not show: hidden or absent, completeness tells which. */
export type MissingPlace = { readonly object: string; readonly field?: string };

/** Types that no query of many rows answers, or whose parts are fields of their own. */
const NOT_COPIED = new Set(['address', 'location', 'base64', 'complexvalue']);

type Describe = Org['describe'];

const named = (object: DescribedObject, name: string): DescribedField | undefined =>
  object.fields.find((field) => field.name.toLowerCase() === name.toLowerCase());

const columnOf = (field: DescribedField, prefix: string): SnapshotColumn => ({
  path: `${prefix}${field.name}`,
  type: field.type,
  isLookup: field.type === 'reference',
});

const ownColumn = (object: DescribedObject, name: string, prefix: string): SnapshotColumn | undefined => {
  const field = named(object, name);
  return field === undefined || NOT_COPIED.has(field.type) ? undefined : columnOf(field, prefix);
};

const columnAt = async (
  describe: Describe,
  object: DescribedObject,
  path: string,
  prefix = '',
): Promise<SnapshotColumn | undefined> => {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) return ownColumn(object, first, prefix);
  const lookup = object.fields.find((field) => field.relationshipName?.toLowerCase() === first.toLowerCase());
  if (lookup === undefined) return undefined;
  const below = `${prefix}${lookup.relationshipName ?? first}.`;
  for (const parent of lookup.referenceTo) {
    const described = await describe(parent);
    const found = described && (await columnAt(describe, described, rest.join('.'), below));
    if (found !== undefined) return found;
  }
  return undefined;
};

const pathsOf = (want: SnapshotWant, object: DescribedObject): readonly string[] => {
  const wanted =
    want.fields === 'all'
      ? object.fields.filter((field) => !NOT_COPIED.has(field.type) && !field.calculated).map(({ name }) => name)
      : want.fields;
  return ['Id', ...wanted, ...(want.deletedToo === true ? ['IsDeleted'] : [])];
};

export type Resolution = { readonly wants: readonly ResolvedWant[]; readonly missing: readonly MissingPlace[] };

const resolveOne = async (describe: Describe, want: SnapshotWant): Promise<Resolution> => {
  const object = await describe(want.object);
  if (object === undefined) return { wants: [], missing: [{ object: want.object }] };
  const columns = new Map<string, SnapshotColumn>();
  const missing: MissingPlace[] = [];
  for (const path of pathsOf(want, object)) {
    const column = await columnAt(describe, object, path);
    if (column === undefined) missing.push({ object: object.name, field: path });
    else columns.set(column.path, column);
  }
  return { wants: [{ ...want, object: object.name, columns: [...columns.values()] }], missing };
};

/** Wants in the org's own spelling; what the org does not show is listed, not guessed. */
export const resolveWants = async (org: Pick<Org, 'describe'>, wants: readonly SnapshotWant[]): Promise<Resolution> => {
  const parts: Resolution[] = [];
  for (const want of wants) parts.push(await resolveOne((name) => org.describe(name), want));
  return { wants: parts.flatMap((part) => part.wants), missing: parts.flatMap((part) => part.missing) };
};
