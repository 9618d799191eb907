import { TwinError, type FieldValue, type InputRow } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import { fromBase64, type Blobs } from './blobs.ts';
import { coerce, parseDateTime } from './coerce.ts';
import { updateMany } from './binWrites.ts';
import type { EngineContext } from './engineContext.ts';
import { requireId, toId18 } from './ids.ts';
import { RowProblem } from './problems.ts';
import { compoundName, nameComponents } from './recordNames.ts';
import type { RecycleBin } from './recycleBin.ts';
import { stamp } from './rowStore.ts';
import { isStored } from './tables.ts';

type Loading = {
  readonly context: EngineContext;
  readonly bin: RecycleBin;
  readonly blobs: Blobs;
  readonly object: ObjectDefinition;
  readonly nameParts: readonly string[];
};

type Notation = (field: FieldDefinition, value: FieldValue) => FieldValue;

const number: Notation = (_field, value) => (typeof value === 'string' ? Number(value) : value);
const id: Notation = (_field, value) => (typeof value === 'string' ? (toId18(value) ?? value) : value);
const dateTime: Notation = (_field, value) => (typeof value === 'string' ? (parseDateTime(value) ?? value) : value);

const notations: Readonly<Partial<Record<FieldDefinition['type'], Notation>>> = {
  datetime: dateTime,
  id,
  reference: id,
  boolean: coerce,
  int: coerce,
  long: coerce,
  date: coerce,
  double: number,
  currency: number,
  percent: number,
};

/** Values as stored; only the notation changes (dates, ids, numbers as text), never what they say. */
const notation: Notation = (field, value) => {
  if (value === null || value === '') return field.type === 'boolean' ? false : null;
  return notations[field.type]?.(field, value) ?? value;
};

type Loaded = {
  readonly values: Record<string, FieldValue>;
  readonly blobs: Record<string, string>;
  readonly deleted: boolean;
};

const readRow = (loading: Loading, row: InputRow): Loaded => {
  const values: Record<string, FieldValue> = {};
  const blobs: Record<string, string> = {};
  for (const [key, value] of Object.entries(row)) {
    if (key === 'attributes') continue;
    const field = loading.context.registry.field(loading.object.name, key);
    if (field === undefined || (typeof value === 'object' && value !== null)) {
      throw new TwinError('INVALID_FIELD', `No such column '${key}' on sobject of type ${loading.object.name}`);
    }
    if (field.type === 'base64') blobs[field.name] = String(value ?? '');
    else if (isStored(field)) values[field.name] = notation(field, value);
  }
  const deleted = values['IsDeleted'] === true;
  delete values['IsDeleted'];
  return { values, blobs, deleted };
};

const complete = (loading: Loading, values: Record<string, FieldValue>): void => {
  if (loading.nameParts.length > 0) values['Name'] ??= compoundName(loading.nameParts, values);
};

const toBin = (loading: Loading, id: string): void => {
  const { context, bin, object } = loading;
  const batch = bin.openBatch();
  updateMany(context, object, [id], { values: {}, batch });
  const deletedDate = String(context.store.readRow(object.name, id)?.['SystemModstamp'] ?? stamp(context.clock.now()));
  bin.add({ ids: [id], batch, object: object.name, state: 'root', deletedDate });
};

const loadOne = (loading: Loading, row: InputRow): void => {
  const { context, object } = loading;
  const { values, blobs, deleted } = readRow(loading, row);
  const given = typeof values['Id'] === 'string' ? requireId(values['Id'], object.label) : undefined;
  const exists = given !== undefined && context.store.isDeleted(object.name, given) !== undefined;
  let id = given;
  if (exists) context.store.updateRaw(object.name, given, values);
  else {
    complete(loading, values);
    id = context.store.insertRaw(object.name, given === undefined ? values : { ...values, Id: given });
  }
  if (id === undefined) return;
  context.journal.write({ object: object.name, id, change: exists ? 'update' : 'insert', cause: 'load', fields: [] });
  for (const [field, text] of Object.entries(blobs)) loading.blobs.write(id, field, fromBase64(field, text));
  if (deleted) toBin(loading, id);
};

/**
 * Writes rows exactly as given: ids, audit fields, IsDeleted, history rows. No rule runs and nothing is derived but a
 * compound Name and unticked checkboxes left out; values of formula and compound fields are skipped, since they are computed.
 * Answers the rows written; one transaction, all or nothing.
 */
export const loadRows = (
  parts: Pick<Loading, 'context' | 'bin' | 'blobs'>,
  name: string,
  rows: Iterable<InputRow>,
): number => {
  const object = parts.context.registry.object(name);
  if (object === undefined) throw new TwinError('INVALID_TYPE', `sObject type '${name}' is not supported.`);
  const loading: Loading = {
    ...parts,
    object,
    nameParts: nameComponents(object),
  };
  let count = 0;
  parts.context.store.transaction(() => {
    for (const row of rows) {
      try {
        loadOne(loading, row);
      } catch (error) {
        if (error instanceof RowProblem)
          throw new TwinError(error.error.statusCode, error.message, { fields: error.error.fields });
        throw error;
      }
      count += 1;
    }
  });
  return count;
};
