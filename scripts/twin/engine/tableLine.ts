import type { FieldValue } from '../contract.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import type { WritePlan } from './plan.ts';
import type { TableColumn } from './tableColumns.ts';

/** A row of a file before and while it is saved; undefined = not given. */
export type Cells = readonly (FieldValue | undefined)[];

/** Where in a new row's values everything lies that saving reads or fills. */
export type TableLine = {
  /** All fields written: those of the file first. */
  readonly names: readonly string[];
  readonly columns: readonly TableColumn[];
  readonly lookups: readonly { readonly at: number; readonly field: FieldDefinition }[];
  readonly required: readonly { readonly at: number; readonly name: string }[];
  /** Filled where the file leaves them empty. */
  readonly refilled: readonly number[];
  readonly nameParts: readonly number[];
  readonly autoNumbers: readonly { readonly at: number; readonly field: FieldDefinition }[];
  /** -1 where the object has none. */
  readonly nameAt: number;
  readonly idAt: number;
};

/** The fields that saving fills, whatever the file brings. */
const filledNames = (plan: WritePlan): readonly string[] => [
  ...plan.defaults.map(([name]) => name),
  ...plan.required.map(({ name }) => name),
  ...plan.autoNumbers.map(({ name }) => name),
  ...(plan.hasOwner ? ['OwnerId'] : []),
  ...(plan.defaultRecordType === undefined ? [] : ['RecordTypeId']),
  ...(plan.nameParts.length > 0 || plan.nameFallsBackToId ? ['Name'] : []),
  ...(plan.stamps.createdById ? ['CreatedById'] : []),
  ...(plan.stamps.createdDate ? ['CreatedDate'] : []),
  ...(plan.stamps.lastModifiedById ? ['LastModifiedById'] : []),
  ...(plan.stamps.lastModifiedDate ? ['LastModifiedDate'] : []),
  ...(plan.stamps.systemModstamp ? ['SystemModstamp'] : []),
  'Id',
];

export const tableLine = (plan: WritePlan, columns: readonly TableColumn[]): TableLine => {
  const names = [...new Set([...columns.map(({ field }) => field.name), ...filledNames(plan)])];
  const at = (name: string): number => names.indexOf(name);
  return {
    names,
    columns,
    lookups: columns.flatMap(({ field }, index) => (field.type === 'reference' ? [{ at: index, field }] : [])),
    required: plan.required.map(({ name }) => ({ at: at(name), name })),
    refilled: [
      ...(plan.hasOwner ? [at('OwnerId')] : []),
      ...(plan.defaultRecordType === undefined ? [] : [at('RecordTypeId')]),
    ],
    nameParts: plan.nameParts.map(at).filter((index) => index >= 0),
    autoNumbers: plan.autoNumbers.map((field) => ({ at: at(field.name), field })),
    nameAt: at('Name'),
    idAt: at('Id'),
  };
};

/** What a row has before its own cells are read: the same for all rows that one user saves in one request. */
export const blankLine = (
  line: TableLine,
  plan: WritePlan,
  by: { readonly userId: string; readonly now: string },
): Cells => {
  const known = new Map<string, FieldValue>([
    ...line.columns.map(({ field, empty }) => [field.name, empty] as const),
    ...plan.defaults,
    ['OwnerId', by.userId],
    ['CreatedById', by.userId],
    ['LastModifiedById', by.userId],
    ['CreatedDate', by.now],
    ['LastModifiedDate', by.now],
    ['SystemModstamp', by.now],
  ]);
  if (plan.defaultRecordType !== undefined) known.set('RecordTypeId', plan.defaultRecordType);
  return line.names.map((name) => known.get(name) ?? null);
};

/** The values as a record, for what reads single fields of it. */
export const lineRow = (line: TableLine, values: Cells): Readonly<Record<string, FieldValue>> =>
  Object.fromEntries(line.names.map((name, index) => [name, values[index] ?? null]));
