import { createRowStore, type RowStore } from '../../../scripts/twin/engine/rowStore.ts';
import type { TwinShape } from '../../../scripts/twin/contract.ts';
import { computeAccess } from '../../../scripts/twin/schema/access.ts';
import { createRegistry } from '../../../scripts/twin/schema/createRegistry.ts';
import type { Access, SchemaRegistry } from '../../../scripts/twin/schema/definitions.ts';
import { seedOrg, type SeededOrg } from '../../../scripts/twin/schema/seedOrg.ts';

export const NOW = Date.UTC(2026, 10, 22);

export type FreshOrg = {
  readonly registry: SchemaRegistry;
  readonly store: RowStore;
  readonly seeded: SeededOrg;
  readonly userId: (role: string) => string;
  readonly access: (role: string) => Access;
};

export const freshOrg = (shape: TwinShape): FreshOrg => {
  const registry = createRegistry(shape);
  const store = createRowStore(registry, { now: () => NOW });
  const seeded = seedOrg(registry, store, { shape });
  const userId = (role: string): string => {
    const user = seeded.users[role];
    if (user === undefined) throw new Error(`no user ${role}`);
    return user.userId;
  };
  return { registry, store, seeded, userId, access: (role) => computeAccess(registry, store, userId(role), NOW) };
};
