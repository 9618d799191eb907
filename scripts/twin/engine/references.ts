import { notEmulated, type FieldValue, type Session } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { visibleField, type EngineContext } from './engineContext.ts';
import { coerce } from './coerce.ts';
import { crossReference, entityIsDeleted, noSuchColumn, RowProblem } from './problems.ts';
import { quote } from './tables.ts';

type Nested = Readonly<Record<string, FieldValue>>;

const targetOf = (context: EngineContext, field: FieldDefinition, id: string): ObjectDefinition | undefined =>
  field.referenceTo.map((name) => context.registry.object(name)).find((object) => object?.keyPrefix === id.slice(0, 3));

/**
 * The object an id given for a lookup belongs to. As recorded for owners: an id of an object the lookup cannot point to
 * is `FIELD_INTEGRITY_EXCEPTION … id value of incorrect type`.
 */
export const requireTargetObject = (context: EngineContext, field: FieldDefinition, id: string): ObjectDefinition => {
  const target = targetOf(context, field, id);
  if (target !== undefined) return target;
  if (field.referenceTo.some((name) => context.registry.object(name) !== undefined)) {
    throw new RowProblem('FIELD_INTEGRITY_EXCEPTION', `${field.label}: id value of incorrect type: ${id}`, [
      field.name,
    ]);
  }
  throw notEmulated(`${field.name} refers to ${field.referenceTo.join(', ')}, which this org does not have`);
};

/** Refuses an id of another object, of no row, or of a deleted row, in the platform's words. */
export const requireTarget = (context: EngineContext, field: FieldDefinition, id: string): void => {
  const target = requireTargetObject(context, field, id);
  const deleted = context.store.isDeleted(target.name, id);
  if (deleted === undefined) throw crossReference();
  if (deleted) throw entityIsDeleted();
};

/** The reference field behind a relationship name (`Account`, `Owner`, `Gift__r`). */
export const fieldOfRelationship = (object: ObjectDefinition, relationship: string): FieldDefinition | undefined => {
  const wanted = relationship.toLowerCase();
  return object.fields.find((field) => field.relationshipName?.toLowerCase() === wanted);
};

const liveIds = (
  context: EngineContext,
  target: ObjectDefinition,
  key: FieldDefinition,
  value: FieldValue,
): string[] => {
  context.store.index(target.name, key.name);
  const text = typeof value === 'string' && !key.caseSensitive && key.type !== 'id' ? ' COLLATE NOCASE' : '';
  const table = context.store.tableFor(target.name).sql;
  const sql = `SELECT "Id" AS id FROM ${table} WHERE ${quote(key.name)} = ?${text} AND "_deleted" = 0 ORDER BY rowid LIMIT 20`;
  return context.store
    .statement(sql)
    .all(typeof value === 'boolean' ? Number(value) : value)
    .map((row) => String(row['id']));
};

/** Ids of live rows whose external-id or unique field equals the value; INVALID_FIELD when the field is no such key. */
export const idsByKey = (
  context: EngineContext,
  target: ObjectDefinition,
  key: FieldDefinition,
  value: FieldValue,
): readonly string[] => {
  if (key.type !== 'id' && !key.externalId && !key.idLookup && !key.unique) {
    throw new RowProblem(
      'INVALID_FIELD',
      `Field name provided, ${key.name} is not an External ID or indexed field for ${target.name}`,
      [key.name],
    );
  }
  return liveIds(context, target, key, coerce(key, value));
};

const matches = (
  input: { context: EngineContext; session: Session },
  target: ObjectDefinition,
  key: string,
  value: FieldValue,
): readonly string[] => {
  const field = visibleField(input.context, input.session, target.name, key);
  if (field === undefined) throw noSuchColumn(target.name, key);
  const found = idsByKey(input.context, target, field, value);
  if (found.length > 1) {
    throw new RowProblem(
      'DUPLICATE_EXTERNAL_ID',
      `${field.name}: more than one record found for external id field: [${found.join(', ')}]`,
      [field.name],
    );
  }
  return found;
};

/**
 * Resolves `{ Account: { Ext__c: 'x' } }` to the id of that account. Polymorphic relationships need `type` among the
 * nested values (or a key only one of the objects has).
 */
export const resolveNested = (
  input: { context: EngineContext; session: Session },
  field: FieldDefinition,
  nested: Nested,
): string => {
  const entries = Object.entries(nested).filter(([key]) => key !== 'attributes' && key.toLowerCase() !== 'type');
  const [entry, ...more] = entries;
  if (entry === undefined || more.length > 0) {
    throw new RowProblem('INVALID_FIELD', `${field.name}: exactly one external id must be given`, [field.name]);
  }
  const type = nested['type'] ?? nested['Type'];
  const names = typeof type === 'string' ? [type] : field.referenceTo;
  const [key, value] = entry;
  const targets = names
    .map((name) => input.context.registry.object(name))
    .filter((target) => target !== undefined)
    .filter((target) => input.context.registry.field(target.name, key) !== undefined);
  const [only] = targets;
  if (only === undefined) throw noSuchColumn(names[0] ?? field.name, key);
  for (const target of targets) {
    const [id] = matches(input, target, key, value);
    if (id !== undefined) return id;
  }
  throw new RowProblem(
    'INVALID_FIELD',
    `Foreign key external ID: ${String(value).toLowerCase()} not found for field ${key} in entity ${only.name}`,
    [],
  );
};
