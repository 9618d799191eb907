import type { FieldValue, InputRow, Session } from '../contract.ts';
import type { Access, FieldDefinition } from '../schema/definitions.ts';
import { coerce } from './coerce.ts';
import type { EngineContext } from './engineContext.ts';
import { noSuchColumn, notWritable, RowProblem } from './problems.ts';
import { fieldOfRelationship, resolveNested } from './references.ts';
import type { WritePlan } from './writePlan.ts';

export type Writing = 'insert' | 'update';

/** A client's row, checked and turned into stored values by canonical field name. */
export type ReadInput = {
  readonly values: Record<string, FieldValue>;
  /** Base64 fields: their text, to be kept as bytes. */
  readonly blobs: Record<string, string | null>;
};

type Scope = {
  readonly context: EngineContext;
  readonly session: Session;
  readonly plan: WritePlan;
  readonly access: Access;
  readonly writing: Writing;
};

/** Settable on insert by users with "Set Audit Fields upon Record Creation". */
const auditFields = new Set(['CreatedById', 'CreatedDate', 'LastModifiedById', 'LastModifiedDate']);

const isWritable = (scope: Scope, field: FieldDefinition): boolean => {
  if (scope.writing === 'insert' && auditFields.has(field.name)) return scope.access.has('CreateAuditFields');
  const allowed = scope.writing === 'insert' ? field.createable : field.updateable;
  return allowed && scope.access.field(scope.plan.object.name, field.name).edit;
};

const nestedField = (scope: Scope, key: string): FieldDefinition => {
  const field = fieldOfRelationship(scope.plan.object, key);
  if (field === undefined || !scope.access.field(scope.plan.object.name, field.name).read) {
    throw noSuchColumn(scope.plan.object.name, key);
  }
  return field;
};

const plainField = (scope: Scope, key: string): FieldDefinition => {
  const field = scope.context.registry.field(scope.plan.object.name, key);
  if (field === undefined || !scope.access.field(scope.plan.object.name, field.name).read) {
    throw noSuchColumn(scope.plan.object.name, key);
  }
  return field;
};

type Given = FieldValue | Readonly<Record<string, FieldValue>> | undefined;

const isNested = (value: Given): value is Readonly<Record<string, FieldValue>> =>
  typeof value === 'object' && value !== null;

const readOne = (scope: Scope, into: ReadInput, key: string, given: Given): void => {
  const field = isNested(given) ? nestedField(scope, key) : plainField(scope, key);
  if (field.name === 'Id') return;
  if (!isWritable(scope, field)) throw notWritable([field.name]);
  const value = isNested(given) ? resolveNested(scope, field, given) : coerce(field, given ?? null);
  if (field.type === 'base64') into.blobs[field.name] = value === null ? null : String(value);
  else into.values[field.name] = field.type === 'boolean' && value === null ? false : value;
};

/** Reads one row; RowProblem with the first thing wrong (unknown, hidden, read-only or ill-typed fields). */
export const readInput = (scope: Scope, row: InputRow): ReadInput => {
  const into: ReadInput = { values: {}, blobs: {} };
  for (const [key, given] of Object.entries(row)) {
    if (key === 'attributes') continue;
    if (key.toLowerCase() === 'id' && scope.writing === 'insert' && given !== null) {
      throw new RowProblem('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
    }
    readOne(scope, into, key, given);
  }
  return into;
};
