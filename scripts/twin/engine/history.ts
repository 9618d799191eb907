import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import type { HistoryTable } from './plan.ts';
import type { EngineContext } from './engineContext.ts';
import { displayName } from './recordNames.ts';
import type { WritePlan } from './plan.ts';

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

type Writer = { readonly userId: string; readonly plan: WritePlan; readonly recordId: string; readonly now: string };

/** The lookup of a history row to the record it is about. */
const parentField = (history: ObjectDefinition, object: string): FieldDefinition | undefined =>
  history.fields.find((field) => field.type === 'reference' && field.referenceTo.includes(object));

/** The history table of an object; undefined when it has none. */
export const historyTable = (registry: SchemaRegistry, object: ObjectDefinition): HistoryTable | undefined => {
  const history = object.historyObject === undefined ? undefined : registry.object(object.historyObject);
  const link = history === undefined ? undefined : parentField(history, object.name);
  return history === undefined || link === undefined ? undefined : { object: history.name, link: link.name };
};

const noFields: readonly string[] = [];

const write = (context: EngineContext, { plan, recordId }: Writer, values: Record<string, FieldValue>): void => {
  const { history } = plan;
  if (history === undefined) return;
  values[history.link] = recordId;
  const id = context.store.insertRaw(history.object, values);
  context.journal.write({ object: history.object, id, change: 'insert', cause: 'history', fields: noFields });
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

/** The rows that say when and by whom tracked records were created, for all rows of a request at once. */
export const recordCreations = (
  context: EngineContext,
  writer: Omit<Writer, 'recordId'>,
  recordIds: readonly string[],
): void => {
  const { history } = writer.plan;
  if (history === undefined || recordIds.length === 0) return;
  const values: Record<string, FieldValue> = {
    CreatedById: writer.userId,
    CreatedDate: writer.now,
    Field: 'created',
    DataType: 'Text',
    [history.link]: null,
  };
  const ids = recordIds.map((recordId) => {
    values[history.link] = recordId;
    return context.store.insertRaw(history.object, values);
  });
  const change = { object: history.object, change: 'insert', cause: 'history', fields: noFields } as const;
  context.journal.writeMany(change, ids, recordIds);
};

/**
 * One row per changed tracked field; a lookup leaves two, one with names and one with ids.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_accounthistory.htm
 */
export const recordChanges = (context: EngineContext, writer: Writer, before: Values, changes: Values): void => {
  for (const field of writer.plan.tracked) {
    if (!(field.name in changes)) continue;
    const old = before[field.name] ?? null;
    const now = changes[field.name] ?? null;
    if (old === now) continue;
    const common = { CreatedById: writer.userId, CreatedDate: writer.now, Field: trackedName(field) };
    if (field.type === 'reference') {
      const names = { OldValue: nameOf(context, field, old), NewValue: nameOf(context, field, now) };
      write(context, writer, { ...common, DataType: 'Text', ...names });
      write(context, writer, { ...common, DataType: 'EntityId', OldValue: old, NewValue: now });
    } else {
      const values = isLong(field) ? { OldValue: null, NewValue: null } : { OldValue: old, NewValue: now };
      write(context, writer, { ...common, DataType: dataTypes[field.type] ?? 'Text', ...values });
    }
  }
};
