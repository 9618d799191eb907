import { TwinError } from '../contract.ts';
import type { QueryRow, Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { displayValue } from '../graphql/display.ts';
import type { Formats } from '../graphql/display.ts';
import { visibleObjects } from '../graphql/objects.ts';
import type { ObjectInfo, Objects } from '../graphql/objects.ts';

type FieldTree = Map<string, FieldTree>;

/** `Contact.Account.Name` as branches under the object's name; other objects' fields are refused. */
const treeOf = (paths: readonly string[], object: string): FieldTree => {
  const tree: FieldTree = new Map();
  for (const path of paths) {
    const [root = '', ...rest] = path.split('.');
    if (root.toLowerCase() !== object.toLowerCase() || rest.length === 0) {
      throw new TwinError('INVALID_FIELD', `The field ${path} does not belong to ${object}`);
    }
    let branch = tree;
    for (const name of rest) {
      const below = branch.get(name) ?? new Map<string, FieldTree>();
      branch.set(name, below);
      branch = below;
    }
  }
  return tree;
};

const parentOf = (object: ObjectInfo, name: string, objects: Objects): ObjectInfo | undefined => {
  const target = object.relationship(name)?.referenceTo[0];
  return target === undefined ? undefined : objects(target);
};

const columns = (tree: FieldTree, object: ObjectInfo, objects: Objects, prefix: string): readonly string[] =>
  [...tree].flatMap(([name, below]): readonly string[] => {
    const parent = below.size === 0 ? undefined : parentOf(object, name, objects);
    if (parent !== undefined) return [`${prefix}${name}.Id`, ...columns(below, parent, objects, `${prefix}${name}.`)];
    if (object.field(name) === undefined)
      throw new TwinError('INVALID_FIELD', `No such column '${name}' on entity '${object.name}'`);
    return [prefix + name];
  });

type Shaper = { readonly objects: Objects; readonly formats: Formats };

const fieldsOf = (
  row: QueryRow,
  tree: FieldTree,
  object: ObjectInfo,
  shaper: Shaper,
): Readonly<Record<string, unknown>> => {
  const fields: Record<string, unknown> = {};
  for (const [name, below] of tree) {
    const field = object.field(name);
    const relation = field === undefined ? object.relationship(name)?.relationshipName : undefined;
    if (field !== undefined) {
      const value = row[field.name] ?? null;
      fields[field.name] = { displayValue: displayValue(field, value, shaper.formats), value };
    } else if (typeof relation === 'string') fields[relation] = parentValue(row[relation], below, shaper);
  }
  return fields;
};

const orNull = (row: QueryRow, field: string): unknown => row[field] ?? null;

const recordOf = (row: QueryRow, tree: FieldTree, shaper: Shaper): Readonly<Record<string, unknown>> => {
  const object = shaper.objects(row.attributes.type);
  const stamp = typeof row['SystemModstamp'] === 'string' ? row['SystemModstamp'] : null;
  return {
    apiName: object.name,
    childRelationships: {},
    eTag: stamp === null ? null : Buffer.from(`${String(row['Id'])}${stamp}`).toString('base64url'),
    fields: fieldsOf(row, tree, object, shaper),
    id: orNull(row, 'Id'),
    lastModifiedById: orNull(row, 'LastModifiedById'),
    lastModifiedDate: orNull(row, 'LastModifiedDate'),
    recordTypeId: orNull(row, 'RecordTypeId'),
    recordTypeInfo: null,
    systemModstamp: stamp,
    weakEtag: stamp === null ? null : Date.parse(stamp),
  };
};

const parentValue = (value: unknown, below: FieldTree, shaper: Shaper): Readonly<Record<string, unknown>> => {
  if (value === null || value === undefined) return { displayValue: null, value: null };
  const row = value as QueryRow;
  return { displayValue: typeof row['Name'] === 'string' ? row['Name'] : null, value: recordOf(row, below, shaper) };
};

const AUDIT = ['Id', 'LastModifiedById', 'LastModifiedDate', 'SystemModstamp', 'RecordTypeId'];

export type RecordWish = {
  readonly id: string;
  readonly fields: readonly string[];
  readonly optionalFields: readonly string[];
};

const optional = (paths: readonly string[], object: ObjectInfo, objects: Objects): readonly string[] =>
  paths.filter((path) => {
    try {
      columns(treeOf([path], object.name), object, objects, '');
      return true;
    } catch (error) {
      if (error instanceof TwinError) return false;
      throw error;
    }
  });

/** A record as UI API answers it. Throws NOT_FOUND; INVALID_FIELD for a required field the user cannot see. */
export const uiRecord = (
  context: TwinContext,
  session: Session,
  wish: RecordWish,
): Readonly<Record<string, unknown>> => {
  const { engine } = context.org;
  const name = engine.objectOfId(wish.id);
  const canonical = name === undefined ? undefined : engine.canonicalObject(session, name);
  if (canonical === undefined)
    throw new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
  const objects = visibleObjects(engine, session);
  const object = objects(canonical);
  const tree = treeOf([...wish.fields, ...optional(wish.optionalFields, object, objects)], canonical);
  const audit = AUDIT.filter((field) => object.field(field) !== undefined);
  const selected = [...new Set([...audit, ...columns(tree, object, objects, '')])];
  const { id } = wish;
  const soql = `SELECT ${selected.join(', ')} FROM ${canonical} WHERE Id = '${id.replace(/[^a-zA-Z0-9]/g, '')}'`;
  for (const row of engine.query(session, soql, { includeDeleted: false }).rows) {
    return recordOf(row, tree, { objects, formats: formatsOf(context, session) });
  }
  throw new TwinError('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
};

/** How the user reads dates and numbers. */
export const formatsOf = (context: TwinContext, session: Session): Formats => {
  const user = context.org.engine.retrieve(session, 'User', session.userId);
  const text = (value: unknown, otherwise: string): string =>
    typeof value === 'string' && value !== '' ? value : otherwise;
  return {
    locale: text(user['LocaleSidKey'], 'en_US').replaceAll('_', '-'),
    timeZone: text(user['TimeZoneSidKey'], 'Europe/Paris'),
  };
};
