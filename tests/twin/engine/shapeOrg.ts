import type { InputRow, QueryRow, RowError, RowResult, Session, TwinShape } from '../../../scripts/twin/contract.ts';
import { createEngine } from '../../../scripts/twin/engine/createEngine.ts';
import { createRowStore } from '../../../scripts/twin/engine/rowStore.ts';
import { createRegistry } from '../../../scripts/twin/schema/createRegistry.ts';
import { seedOrg } from '../../../scripts/twin/schema/seedOrg.ts';
import type { Access } from '../../../scripts/twin/schema/definitions.ts';

const start = Date.parse('2026-03-10T09:30:00Z');
const allowed = { read: true, create: true, edit: true, delete: true, viewAll: true, modifyAll: true };

const accessOf = (without: readonly string[]): Access => {
  const has = (permission: string): boolean => !without.includes(permission);
  const all = has('ModifyAllData');
  return {
    object: () => ({ ...allowed, delete: all, viewAll: all, modifyAll: all }),
    field: () => ({ read: true, edit: true }),
    has: (permission) => has(permission) && (all || permission !== 'ViewAllData'),
  };
};

/** A bundled shape's org without a server: what the platform does object by object is judged here. */
export const shapeOrg = (shape: TwinShape) => {
  const registry = createRegistry(shape);
  let now = start;
  const clock = { now: () => now };
  const store = createRowStore(registry, clock);
  const { orgId, users } = seedOrg(registry, store, { shape });
  const session = (role: string): Session => {
    const user = users[role];
    if (user === undefined) throw new Error(`no user ${role}`);
    return { orgId, userId: user.userId, username: user.username, apiVersion: 66 };
  };
  const admin = session('admin');
  const other = session('officer');
  const engine = createEngine({
    registry,
    store,
    clock,
    orgId,
    accessOf: (userId) => accessOf(userId === admin.userId ? [] : ['ModifyAllData', 'ViewAllData']),
  });
  const ids = (results: readonly RowResult[]): readonly string[] =>
    results.map((result) => {
      if (result.id === null || !result.success) throw new Error(JSON.stringify(result.errors));
      return result.id;
    });
  const rows = (soql: string, includeDeleted = false): readonly QueryRow[] => [
    ...engine.query(admin, soql, { includeDeleted }).rows,
  ];
  return {
    ...{ engine, store, registry, admin, other, ids, rows },
    insert: (object: string, ...input: readonly InputRow[]): readonly string[] =>
      ids(engine.insert(admin, object, input, { allOrNone: true })),
    /** One row, with platform-filled fields as given. */
    load: (object: string, row: InputRow): string => store.insertRaw(object, row as Record<string, string>),
    remove: (...given: readonly string[]): readonly (RowError | 'ok')[] =>
      engine.delete(admin, given, { allOrNone: false }).map((result) => result.errors[0] ?? 'ok'),
    undelete: (...given: readonly string[]): readonly (RowError | 'ok')[] =>
      engine.undelete(admin, given, { allOrNone: false }).map((result) => result.errors[0] ?? 'ok'),
    merge: (object: string, masterId: string, loserIds: readonly string[], masterFields: InputRow = {}) =>
      engine.merge(admin, { object, masterId, loserIds, masterFields }),
    journalSince: (since: number) =>
      engine.journal(since).map(({ object, change, cause, fields }) => [object, change, cause, ...fields].join(' ')),
    advance: (hours: number): void => {
      now += hours * 3_600_000;
    },
    count: (object: string): number => Number(rows(`SELECT COUNT(Id) n FROM ${object}`)[0]?.['n']),
  };
};

export type ShapeOrg = ReturnType<typeof shapeOrg>;
