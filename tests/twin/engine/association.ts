import type { DataEngine, QueryRow, RowResult, Session } from '../../../scripts/twin/contract.ts';
import { createEngine } from '../../../scripts/twin/engine/createEngine.ts';
import { createRowStore, type RowStore } from '../../../scripts/twin/engine/rowStore.ts';
import type { Access, SchemaRegistry } from '../../../scripts/twin/schema/definitions.ts';
import { registryOf } from './associationSchema.ts';

/** What tests may take away from a user; everything is allowed unless named here. */
export type Denied = {
  readonly objects?: readonly string[];
  readonly fields?: readonly string[];
  readonly readOnlyFields?: readonly string[];
  readonly permissions?: readonly string[];
};

const accessOf = (denied: Denied): Access => {
  const has = (list: readonly string[] | undefined, word: string): boolean => list?.includes(word) === true;
  const object = (entityName: string) => {
    const allowed = !has(denied.objects, entityName);
    const all = allowed && !has(denied.permissions, 'ModifyAllData');
    return { read: allowed, create: allowed, edit: allowed, delete: allowed, viewAll: all, modifyAll: all };
  };
  return {
    object,
    field: (entityName, field) => {
      const read = object(entityName).read && !has(denied.fields, `${entityName}.${field}`);
      return { read, edit: read && !has(denied.readOnlyFields, `${entityName}.${field}`) };
    },
    has: (permission) =>
      !has(denied.permissions, permission) &&
      !(permission === 'ViewAllData' && has(denied.permissions, 'ModifyAllData')),
  };
};

export type Association = {
  readonly engine: DataEngine;
  readonly registry: SchemaRegistry;
  readonly store: RowStore;
  readonly admin: Session;
  /** A second user, from whom rights may be taken. */
  readonly colleague: (denied: Denied) => Session;
  /** Moves the clock (ms). */
  readonly advance: (milliseconds: number) => void;
  readonly ids: (results: readonly RowResult[]) => readonly string[];
  readonly insert: (object: string, ...rows: Parameters<DataEngine['insert']>[2]) => readonly string[];
  readonly query: (soql: string, session?: Session) => readonly QueryRow[];
  readonly count: (object: string) => number;
};

const start = Date.parse('2026-03-10T09:30:00Z');

/** An invented association's org: its people, gifts, cases and files, on a clock that stands still. */
export const association = (): Association => {
  const registry = registryOf();
  let now = start;
  const clock = { now: () => now };
  const store = createRowStore(registry, clock);
  let denied: Denied = {};
  const adminId = store.insertRaw('User', {
    Username: 'admin@asso.example',
    LastName: 'Admin',
    Name: 'Admin',
    IsActive: true,
    TimeZoneSidKey: 'Europe/Paris',
  });
  const otherId = store.insertRaw('User', {
    Username: 'other@asso.example',
    LastName: 'Autre',
    Name: 'Autre',
    IsActive: true,
    TimeZoneSidKey: 'Europe/Paris',
  });
  const orgId = '00DGd0000000001EAA';
  const engine = createEngine({
    registry,
    store,
    clock,
    orgId,
    accessOf: (userId) => accessOf(userId === adminId ? {} : denied),
  });
  const admin: Session = { orgId, userId: adminId, username: 'admin@asso.example', apiVersion: 66 };
  const ids = (results: readonly RowResult[]): readonly string[] =>
    results.map((result) => {
      if (result.id === null || !result.success) throw new Error(JSON.stringify(result.errors));
      return result.id;
    });
  return {
    engine,
    registry,
    store,
    admin,
    colleague: (taken) => {
      denied = taken;
      store.touched('PermissionSet');
      return { orgId, userId: otherId, username: 'other@asso.example', apiVersion: 66 };
    },
    advance: (milliseconds) => {
      now += milliseconds;
    },
    ids,
    insert: (object, ...rows) => ids(engine.insert(admin, object, rows, { allOrNone: true })),
    query: (soql, session = admin) => [...engine.query(session, soql, { includeDeleted: false }).rows],
    count: (object) => engine.query(admin, `SELECT COUNT() FROM ${object}`, { includeDeleted: false }).totalSize,
  };
};
