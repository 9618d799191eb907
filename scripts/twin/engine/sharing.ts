import type { SQLInputValue } from 'node:sqlite';
import type { Session } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/definitions.ts';
import type { EngineContext } from './engineContext.ts';
import { quote } from './tables.ts';

/** A piece of SQL with the values it binds. */
export type SqlPart = { readonly sql: string; readonly values: readonly SQLInputValue[] };

type Right = 'read' | 'edit';
type Viewer = { readonly context: EngineContext; readonly session: Session; readonly right: Right };

const everything = (viewer: Viewer, object: ObjectDefinition): boolean => {
  const access = viewer.context.accessOf(viewer.session.userId);
  const permissions = access.object(object.name);
  if (viewer.right === 'read') {
    return permissions.viewAll || permissions.modifyAll || access.has('ViewAllData') || access.has('ModifyAllData');
  }
  return permissions.modifyAll || access.has('ModifyAllData');
};

const ownedBy = (viewer: Viewer, alias: string): SqlPart => ({
  sql: `${alias}."OwnerId" = ?`,
  values: [viewer.session.userId],
});

const hasOwner = (object: ObjectDefinition): boolean => object.fields.some((field) => field.name === 'OwnerId');

/** The lookups that decide a row controlled by its parent: masters, else the single-parent lookup it is deleted with. */
const controllingFields = (object: ObjectDefinition): readonly FieldDefinition[] => {
  const masters = object.fields.filter((field) => field.masterDetail);
  if (masters.length > 0) return masters;
  return object.fields
    .filter((field) => field.referenceTo.length === 1 && Object.values(field.deleteRule).includes('cascade'))
    .slice(0, 1);
};

const byParent = (viewer: Viewer, object: ObjectDefinition, alias: string): SqlPart | undefined => {
  const parts: SqlPart[] = [];
  for (const field of controllingFields(object)) {
    const parent = viewer.context.registry.object(field.referenceTo[0] ?? '');
    if (parent === undefined || parent.name === object.name) continue;
    const inner = `${alias}p`;
    const allowed = rowsAllowed(viewer, parent, inner);
    if (allowed === undefined) continue;
    const table = viewer.context.store.tableFor(parent.name).sql;
    const exists = `EXISTS (SELECT 1 FROM ${table} ${inner} WHERE ${inner}."Id" = ${alias}.${quote(field.name)} AND ${allowed.sql})`;
    const own = hasOwner(object) ? ownedBy(viewer, alias) : undefined;
    parts.push(
      own === undefined
        ? { sql: exists, values: allowed.values }
        : { sql: `(${exists} OR ${own.sql})`, values: [...allowed.values, ...own.values] },
    );
  }
  return parts.length === 0 ? undefined : allOf(parts);
};

const allOf = (parts: readonly SqlPart[]): SqlPart => ({
  sql: parts.map((part) => part.sql).join(' AND '),
  values: parts.flatMap((part) => part.values),
});

const anyOf = (parts: readonly SqlPart[]): SqlPart => ({
  sql: `(${parts.map((part) => part.sql).join(' OR ')})`,
  values: parts.flatMap((part) => part.values),
});

const rowsAllowed = (viewer: Viewer, object: ObjectDefinition, alias: string): SqlPart | undefined => {
  if (everything(viewer, object)) return undefined;
  switch (object.sharingModel) {
    case 'ControlledByParent':
      return byParent(viewer, object, alias);
    case 'Read':
      return viewer.right === 'edit' && hasOwner(object) ? ownedBy(viewer, alias) : undefined;
    case 'Private':
      return hasOwner(object) ? ownedBy(viewer, alias) : undefined;
    case 'ReadWrite':
    case 'FullAccess':
      return undefined;
  }
};

/** Whether the record a file is linked to lets this user see the file. */
const linkedEntityAllowed = (viewer: Viewer, alias: string): SqlPart => {
  const { context, session } = viewer;
  const access = context.accessOf(session.userId);
  const column = `${alias}."LinkedEntityId"`;
  const open: string[] = [];
  const parts: SqlPart[] = [{ sql: `${column} = ?`, values: [session.userId] }];
  const { files } = context.rules;
  const excluded = new Set([files.document, files.version, files.link, ...files.grantNothing]);
  for (const object of context.registry.objects()) {
    if (object.keyPrefix === null || excluded.has(object.name) || !access.object(object.name).read) continue;
    const inner = `${alias}e`;
    const allowed = rowsAllowed({ ...viewer, right: 'read' }, object, inner);
    if (allowed === undefined) open.push(object.keyPrefix);
    else {
      const table = context.store.tableFor(object.name).sql;
      parts.push({
        sql: `EXISTS (SELECT 1 FROM ${table} ${inner} WHERE ${inner}."Id" = ${column} AND ${allowed.sql})`,
        values: allowed.values,
      });
    }
  }
  parts.push({
    sql: `substr(${column}, 1, 3) IN (SELECT value FROM json_each(?))`,
    values: [JSON.stringify([...new Set(open)])],
  });
  return anyOf(parts);
};

const documentAllowed = (viewer: Viewer, documentId: string, alias: string): SqlPart => {
  const { context, session } = viewer;
  const { files } = context.rules;
  context.store.index(files.link, 'ContentDocumentId');
  const documents = context.store.tableFor(files.document).sql;
  const links = context.store.tableFor(files.link).sql;
  const linked = linkedEntityAllowed(viewer, `${alias}l`);
  return anyOf([
    {
      sql: `EXISTS (SELECT 1 FROM ${documents} ${alias}d WHERE ${alias}d."Id" = ${documentId} AND ${alias}d."OwnerId" = ?)`,
      values: [session.userId],
    },
    {
      sql: `EXISTS (SELECT 1 FROM ${links} ${alias}l WHERE ${alias}l."ContentDocumentId" = ${documentId} AND ${alias}l."_deleted" = 0 AND ${linked.sql})`,
      values: linked.values,
    },
  ]);
};

const documentIdOf = (viewer: Viewer, object: ObjectDefinition, alias: string): string =>
  object.name === viewer.context.rules.files.document ? `${alias}."Id"` : `${alias}."ContentDocumentId"`;

const ownDocuments = (viewer: Viewer, object: ObjectDefinition, alias: string): SqlPart => {
  const documents = viewer.context.store.tableFor(viewer.context.rules.files.document).sql;
  return {
    sql: `EXISTS (SELECT 1 FROM ${documents} ${alias}o WHERE ${alias}o."Id" = ${documentIdOf(viewer, object, alias)} AND ${alias}o."OwnerId" = ?)`,
    values: [viewer.session.userId],
  };
};

/** Files are changed by their owner, or by whoever sees them and may modify all data; they are seen by owner, by share and through records the user may read, or all of them with Query All Files. */
const fileRows = (viewer: Viewer, object: ObjectDefinition, alias: string): SqlPart | undefined => {
  const { files } = viewer.context.rules;
  const access = viewer.context.accessOf(viewer.session.userId);
  if (viewer.right === 'edit' && !access.has('ModifyAllData')) return ownDocuments(viewer, object, alias);
  if (access.has(files.seeAllPermission)) return undefined;
  return documentAllowed(viewer, documentIdOf(viewer, object, alias), alias);
};

/**
 * The SQL condition that keeps the rows of `object` (under `alias`) this user may read or edit; undefined = all rows.
 * Emulates organisation-wide defaults and ownership; role hierarchy, sharing rules, teams and manual shares are not.
 */
export const sharedRows = (
  viewer: { readonly context: EngineContext; readonly session: Session; readonly right: Right },
  object: ObjectDefinition,
  alias: string,
): SqlPart | undefined => {
  const { files } = viewer.context.rules;
  const isFile = object.name === files.document || object.name === files.version || object.name === files.link;
  return isFile ? fileRows(viewer, object, alias) : rowsAllowed(viewer, object, alias);
};

/** Whether this user may read or edit one row. */
export const mayReach = (
  viewer: { readonly context: EngineContext; readonly session: Session; readonly right: Right },
  object: ObjectDefinition,
  id: string,
): boolean => {
  const allowed = sharedRows(viewer, object, 't');
  if (allowed === undefined) return true;
  const table = viewer.context.store.tableFor(object.name).sql;
  const sql = `SELECT 1 AS yes FROM ${table} t WHERE t."Id" = ? AND ${allowed.sql}`;
  return viewer.context.store.statement(sql).get(id, ...allowed.values) !== undefined;
};
