import type { FieldType, Query } from '@jetstreamapp/soql-parser-js';
import { TwinError, type QueryRow, type Session } from '../contract.ts';
import { Binder } from '../soql/binder.ts';
import { openQuery } from '../soql/runQuery.ts';
import { queryInput, type QueryInput } from '../soql/queryInput.ts';
import { Scope } from '../soql/scope.ts';
import { readableFields } from '../soql/selectList.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { EngineContext } from './engineContext.ts';
import { requireId } from './ids.ts';

const notFound = (): TwinError => new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });

const requireLive = (context: EngineContext, object: ObjectDefinition, id: string, wasPurged: boolean): void => {
  const deleted = context.store.isDeleted(object.name, id);
  if (deleted === true || (deleted === undefined && wasPurged)) {
    throw new TwinError('ENTITY_IS_DELETED', 'entity is deleted', { status: 404 });
  }
  if (deleted === undefined) throw notFound();
};

const selected = (input: QueryInput, object: ObjectDefinition, fields: readonly string[] | undefined): FieldType[] => {
  if (fields === undefined) {
    return readableFields(new Scope(input, new Binder(), object), object).map((field) => ({
      type: 'Field',
      field: field.name,
    }));
  }
  return fields.map((text) => {
    const path = text.split('.');
    const field = path.at(-1) ?? '';
    if (path.length > 1) return { type: 'FieldRelationship', field, relationships: path.slice(0, -1) };
    const definition = input.context.registry.field(object.name, field);
    if (definition === undefined || !input.access.field(object.name, definition.name).read) {
      throw new TwinError('INVALID_FIELD', `No such column '${field}' on sobject of type ${object.name}`);
    }
    return { type: 'Field', field };
  });
};

/** One record as REST retrieves it: all readable fields (formulas left out) or those named. */
export const retrieveRow = (
  context: EngineContext,
  session: Session,
  wanted: { readonly object: string; readonly id: string; readonly fields: readonly string[] | undefined },
  wasPurged: (id: string) => boolean,
): QueryRow => {
  const input = queryInput(context, session, '', { includeDeleted: false, tooling: true });
  const object = context.registry.object(wanted.object);
  if (object === undefined || !input.access.object(object.name).read) throw notFound();
  const id = object.keyPrefix === null ? wanted.id : requireId(wanted.id, object.label);
  if (object.keyPrefix !== null && !id.startsWith(object.keyPrefix)) throw notFound();
  requireLive(context, object, id, wasPurged(id));
  const query: Query = {
    fields: selected(input, object, wanted.fields),
    sObject: object.name,
    where: { left: { field: 'Id', operator: '=', value: `'${id}'`, literalType: 'STRING' } },
  };
  const [row] = openQuery(input, query).rows;
  if (row === undefined) throw notFound();
  return row;
};
