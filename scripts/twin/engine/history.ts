import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import type { EngineContext } from './engineContext.ts';
import { displayName } from './recordNames.ts';
import { stamp } from './rowStore.ts';

type Values = Readonly<Record<string, FieldValue>>;

const dataTypes: Readonly<Record<string, string>> = {
  boolean: 'Boolean',
  currency: 'Currency',
  date: 'DateOnly',
  datetime: 'DateTime',
  double: 'Double',
  email: 'Email',
  int: 'Double',
  multipicklist: 'MultiPicklist',
  percent: 'Percent',
  phone: 'Phone',
  picklist: 'Text',
  textarea: 'Text',
  url: 'Url',
};

/** Values longer than this leave a row that says that something changed, without the values. */
const maxTrackedLength = 255;

const historyOf = (context: EngineContext, object: ObjectDefinition): ObjectDefinition | undefined =>
  object.historyObject === undefined ? undefined : context.registry.object(object.historyObject);

/** The lookup of a history row to the record it is about. */
const parentField = (history: ObjectDefinition, object: string): FieldDefinition | undefined =>
  history.fields.find((field) => field.type === 'reference' && field.referenceTo.includes(object));

const write = (context: EngineContext, object: ObjectDefinition, values: Values): void => {
  const history = historyOf(context, object);
  const link = history === undefined ? undefined : parentField(history, object.name);
  if (history === undefined || link === undefined) return;
  const { recordId, ...rest } = values;
  const id = context.store.insertRaw(history.name, { ...rest, [link.name]: recordId ?? null });
  context.journal.write({ object: history.name, id, change: 'insert', cause: 'history', fields: [] });
};

const nameOf = (context: EngineContext, field: FieldDefinition, value: FieldValue | undefined): FieldValue => {
  if (typeof value !== 'string') return null;
  for (const target of field.referenceTo) {
    const object = context.registry.object(target);
    if (object?.keyPrefix !== value.slice(0, 3)) continue;
    const row = context.store.readRow(object.name, value);
    if (row !== undefined) return displayName(object, row);
  }
  return null;
};

/** Standard lookups appear under the relationship (`Account`), everything else under the API name. */
const trackedName = (field: FieldDefinition): string =>
  field.type === 'reference' && !field.custom ? (field.relationshipName ?? field.name) : field.name;

const isLong = (field: FieldDefinition): boolean => field.length > maxTrackedLength || field.type === 'multipicklist';

type Writer = { readonly userId: string; readonly object: ObjectDefinition; readonly recordId: string };

/** The row that says when and by whom a tracked record was created. */
export const recordCreation = (context: EngineContext, writer: Writer): void => {
  if (!writer.object.fields.some((field) => field.trackHistory)) return;
  write(context, writer.object, {
    recordId: writer.recordId,
    CreatedById: writer.userId,
    Field: 'created',
    DataType: 'Text',
    OldValue: null,
    NewValue: null,
  });
};

/**
 * One row per changed tracked field; a lookup leaves two, one with names and one with ids.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_accounthistory.htm
 */
export const recordChanges = (context: EngineContext, writer: Writer, before: Values, changes: Values): void => {
  for (const field of writer.object.fields) {
    if (!field.trackHistory || !(field.name in changes)) continue;
    const old = before[field.name] ?? null;
    const now = changes[field.name] ?? null;
    if (old === now) continue;
    const common = {
      recordId: writer.recordId,
      CreatedById: writer.userId,
      CreatedDate: stamp(context.clock.now()),
      Field: trackedName(field),
    };
    if (field.type === 'reference') {
      const names = { OldValue: nameOf(context, field, old), NewValue: nameOf(context, field, now) };
      write(context, writer.object, { ...common, DataType: 'Text', ...names });
      write(context, writer.object, { ...common, DataType: 'EntityId', OldValue: old, NewValue: now });
    } else {
      const values = isLong(field) ? { OldValue: null, NewValue: null } : { OldValue: old, NewValue: now };
      write(context, writer.object, { ...common, DataType: dataTypes[field.type] ?? 'Text', ...values });
    }
  }
};
