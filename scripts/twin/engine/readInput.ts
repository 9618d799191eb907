import type { FieldValue, InputRow, Session } from '../contract.ts';
import type { Access, FieldDefinition } from '../schema/definitions.ts';
import { coercerOf } from './coerce.ts';
import type { EngineContext } from './engineContext.ts';
import { noSuchColumn, notWritable, RowProblem } from './problems.ts';
import { fieldOfRelationship, resolveNested } from './references.ts';
import type { WritePlan } from './plan.ts';

export type Writing = 'insert' | 'update';

/** A client's row, checked and turned into stored values by canonical field name. */
export type ReadInput = {
  readonly values: Record<string, FieldValue>;
  /** Base64 fields: their text, to be kept as bytes; absent when the row brings none. */
  readonly blobs: Record<string, string | null> | undefined;
  /** Canonical names of the fields given; the same array for rows of the same columns. */
  readonly given: readonly string[];
  /** Those of them that are lookups. */
  readonly lookups: readonly FieldDefinition[];
};

export type ReadScope = {
  readonly context: EngineContext;
  readonly session: Session;
  readonly plan: WritePlan;
  readonly access: Access;
  readonly writing: Writing;
  /** AllowFieldTruncationHeader. */
  readonly truncate: boolean;
};

export type RowReader = (row: InputRow) => ReadInput;

type Given = FieldValue | Readonly<Record<string, FieldValue>> | undefined;
type Into = { readonly values: Record<string, FieldValue>; blobs: Record<string, string | null> | undefined };

/** Reads one column of a row. */
type Cell = (given: Given, into: Into) => void;

type Columns = {
  readonly keys: readonly string[];
  readonly cells: readonly Cell[];
  readonly given: readonly string[];
  readonly lookups: readonly FieldDefinition[];
};

/** Settable on insert by users with "Set Audit Fields upon Record Creation". */
const auditFields = new Set(['CreatedById', 'CreatedDate', 'LastModifiedById', 'LastModifiedDate']);

/** Whether this user may write the field in such a call. */
export const isWritable = (scope: ReadScope, field: FieldDefinition): boolean => {
  if (scope.writing === 'insert' && auditFields.has(field.name)) return scope.access.has('CreateAuditFields');
  const allowed = scope.writing === 'insert' ? field.createable : field.updateable;
  return allowed && scope.access.field(scope.plan.object.name, field.name).edit;
};

const isNested = (value: Given): value is Readonly<Record<string, FieldValue>> =>
  typeof value === 'object' && value !== null;

/** The field, where this user sees it. */
export const seen = (scope: ReadScope, field: FieldDefinition | undefined): FieldDefinition | undefined =>
  field !== undefined && scope.access.field(scope.plan.object.name, field.name).read ? field : undefined;

const plainCell = (scope: ReadScope, field: FieldDefinition): Cell => {
  const { name, type } = field;
  if (!isWritable(scope, field)) {
    return () => {
      throw notWritable([name]);
    };
  }
  const read = coercerOf(field, scope.truncate);
  const empty = type === 'boolean' ? false : null;
  if (type === 'base64') {
    return (given, into) => {
      into.blobs ??= {};
      into.blobs[name] = typeof given === 'string' && given !== '' ? given : null;
    };
  }
  return (given, into) => {
    into.values[name] = given === null || given === undefined ? empty : read(given as string | number | boolean);
  };
};

const nestedCell = (scope: ReadScope, key: string): Cell => {
  const { object } = scope.plan;
  const field = seen(scope, fieldOfRelationship(object, key));
  const compound = seen(scope, scope.context.registry.field(object.name, key));
  return (given, into) => {
    if (field === undefined)
      throw compound === undefined ? noSuchColumn(object.name, key) : notWritable([compound.name]);
    if (!isWritable(scope, field)) throw notWritable([field.name]);
    into.values[field.name] = resolveNested(scope, field, given as Readonly<Record<string, FieldValue>>);
  };
};

const idOnInsert: Cell = (given) => {
  if (given === null || given === undefined) return;
  throw new RowProblem('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
};

const nothing: Cell = () => undefined;

const cellOf = (scope: ReadScope, key: string): Cell => {
  if (key === 'attributes') return nothing;
  if (key.toLowerCase() === 'id') return scope.writing === 'insert' ? idOnInsert : nothing;
  const { object } = scope.plan;
  const field = seen(scope, scope.context.registry.field(object.name, key));
  const plain: Cell =
    field === undefined
      ? () => {
          throw noSuchColumn(object.name, key);
        }
      : plainCell(scope, field);
  const nested = nestedCell(scope, key);
  return (given, into) => {
    (isNested(given) ? nested : plain)(given, into);
  };
};

const fieldOf = (scope: ReadScope, key: string): FieldDefinition | undefined =>
  scope.context.registry.field(scope.plan.object.name, key) ?? fieldOfRelationship(scope.plan.object, key);

const columnsOf = (scope: ReadScope, keys: readonly string[]): Columns => {
  const fields = keys
    .map((key) => (key === 'attributes' ? undefined : fieldOf(scope, key)))
    .filter((field) => field !== undefined)
    .filter((field) => field.name !== 'Id');
  const given = fields.map((field) => field.name);
  return {
    keys,
    cells: keys.map((key) => cellOf(scope, key)),
    given: [...new Set(given)],
    lookups: fields.filter((field) => field.type === 'reference'),
  };
};

const sameKeys = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
};

/**
 * Reads rows of one object for one user; what a set of columns means is worked out once. The reader throws RowProblem
 * with the first thing wrong (unknown, hidden, read-only or ill-typed fields).
 */
export const createRowReader = (scope: ReadScope): RowReader => {
  const known = new Map<string, Columns>();
  let last = columnsOf(scope, []);
  return (row) => {
    const keys = Object.keys(row);
    if (!sameKeys(keys, last.keys)) {
      const signature = keys.join('\n');
      last = known.get(signature) ?? columnsOf(scope, keys);
      known.set(signature, last);
    }
    const { cells, given, lookups } = last;
    const into: Into = { values: {}, blobs: undefined };
    for (let index = 0; index < cells.length; index += 1) cells[index]?.(row[keys[index] ?? ''], into);
    return { values: into.values, blobs: into.blobs, given, lookups };
  };
};
