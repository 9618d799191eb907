import { describe, expect, it } from '@jest/globals';
import type { TwinShape } from '../../../scripts/twin/contract.ts';
import { createEngine } from '../../../scripts/twin/engine/createEngine.ts';
import { createRowStore } from '../../../scripts/twin/engine/rowStore.ts';
import { createRegistry } from '../../../scripts/twin/schema/createRegistry.ts';
import type { FieldInput } from '../../../scripts/twin/schema/defineField.ts';
import type { DeleteRule, SchemaRegistry } from '../../../scripts/twin/schema/definitions.ts';
import { emptyRegistry } from '../../../scripts/twin/schema/registry.ts';
import { entity } from './associationSchema.ts';
import { recordedCount, recordedLookups, type RecordedLookup, type RecordedRule } from './recordedFlags.ts';

/** Where the recording does not say whom a lookup points at, something invented stands in. */
const parentOf = (lookup: RecordedLookup): string => lookup.parent ?? `Parent_Of_${lookup.child}__c`;

const rules: Readonly<Record<RecordedRule, DeleteRule>> = {
  cascade: 'cascade',
  restrict: 'restrict',
  both: 'cascade',
  neither: 'set-null',
};

/** A state that refuses a cascade, for lookups with both flags. */
const state = { field: 'State__c', values: ['Activated'] };

const prefixOf = (index: number): string => index.toString(36).toUpperCase().padStart(3, '0');

const grouped = <T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
};

const fieldOf = (name: string, lookups: readonly RecordedLookup[]): FieldInput => ({
  name,
  type: 'reference',
  referenceTo: lookups.map(parentOf),
  relationshipName: `${name}_r`,
  deleteRule: Object.fromEntries(lookups.map((lookup) => [parentOf(lookup), rules[lookup.rule]])),
  ...(lookups.some((lookup) => lookup.rule === 'both') ? { deleteRefusedWhen: state } : {}),
});

/** The objects of some recorded lookups with nothing but these lookups. */
const registryOf = (recorded: readonly RecordedLookup[]): SchemaRegistry => {
  const registry = emptyRegistry();
  const byChild = grouped(recorded, (lookup) => lookup.child.toLowerCase());
  const written = ['User', ...recorded.flatMap((lookup) => [lookup.child, parentOf(lookup)])];
  const names = [...new Map(written.map((name) => [name.toLowerCase(), name])).values()];
  names.forEach((name, index) => {
    const fields = [...grouped(byChild.get(name.toLowerCase()) ?? [], (lookup) => lookup.field)];
    const lookups = fields.map(([field, list]) => fieldOf(field, list));
    const more: readonly FieldInput[] = [
      { name: 'Name', type: 'string', nameField: true },
      { name: 'State__c', type: 'string' },
    ];
    registry.put(entity(name, prefixOf(index + 1), [...more, ...lookups]));
  });
  return registry;
};

const everything = { read: true, create: true, edit: true, delete: true, viewAll: true, modifyAll: true };

const orgOf = (registry: SchemaRegistry) => {
  const clock = { now: () => Date.parse('2026-03-10T09:30:00Z') };
  const store = createRowStore(registry, clock);
  const accessOf = () => ({ object: () => everything, field: () => ({ read: true, edit: true }), has: () => true });
  const engine = createEngine({ registry, store, clock, orgId: '00DGd0000000001EAA', accessOf });
  const userId = store.insertRaw('User', { Name: 'Admin' });
  const session = { orgId: '00DGd0000000001EAA', userId, username: 'admin@asso.example', apiVersion: 66 };
  const remove = (id: string) => engine.delete(session, [id], { allOrNone: false })[0];
  return { store, remove };
};

const byParent = [...grouped(recordedLookups, parentOf)];

/** A few parents at a time: one database with every table of the platform is slow. */
const parentsPerOrg = 50;
const portions = Array.from({ length: Math.ceil(byParent.length / parentsPerOrg) }, (_, index) =>
  byParent.slice(index * parentsPerOrg, (index + 1) * parentsPerOrg),
);

describe('the recorded delete flags', () => {
  it('are all there', () => {
    expect(recordedCount).toBe(3705);
    expect(new Set(recordedLookups.map(({ child, field }) => `${child}.${field}`)).size).toBe(recordedCount);
  });

  describe.each(portions.map((portion) => ({ from: portion[0]?.[0], to: portion.at(-1)?.[0], portion })))(
    'of $from to $to',
    ({ portion }) => {
      const lookupsHere = portion.flatMap(([, lookups]) => lookups);
      const org = orgOf(registryOf(lookupsHere));
      const child = (lookup: RecordedLookup, parent: string, more = {}): string =>
        org.store.insertRaw(lookup.child, { Name: `of ${lookup.field}`, [lookup.field]: parent, ...more });
      const isGone = (lookup: RecordedLookup, id: string): boolean => org.store.isDeleted(lookup.child, id) === true;

      it('with cascade take the child along, with neither empty its lookup', () => {
        for (const [parent, lookups] of portion) {
          const id = org.store.insertRaw(parent, { Name: parent });
          const free = lookups.filter(({ rule }) => rule !== 'restrict');
          const hanging = free.map((lookup) => ({ lookup, id: child(lookup, id) }));
          expect([parent, org.remove(id)]).toEqual([parent, expect.objectContaining({ success: true })]);
          const wrong = hanging.filter((each) => isGone(each.lookup, each.id) === (each.lookup.rule === 'neither'));
          expect(wrong).toEqual([]);
          const kept = hanging.filter((each) => each.lookup.rule === 'neither');
          const values = kept.map((each) => org.store.readRow(each.lookup.child, each.id)?.[each.lookup.field]);
          expect(values.every((value) => value === null)).toBe(true);
        }
      });

      it('with restrict, and with both while the child is in a state that refuses, keep the parent', () => {
        for (const lookup of lookupsHere.filter(({ rule }) => rule === 'restrict' || rule === 'both')) {
          const id = org.store.insertRaw(parentOf(lookup), { Name: 'Parent' });
          const blocking = child(lookup, id, { State__c: 'Activated' });
          const plural = `${lookup.child.replace(/__c$/, '')}s`.toLowerCase();
          const message = `Your attempt to delete Parent could not be completed because it is associated with the following ${plural}.: of ${lookup.field}\n`;
          expect(org.remove(id)?.errors).toEqual([{ statusCode: 'DELETE_FAILED', message, fields: [] }]);
          expect(isGone(lookup, blocking)).toBe(false);
          expect(org.store.readRow(lookup.child, blocking)?.[lookup.field]).toBe(id);
          org.remove(blocking);
          expect(org.remove(id)?.success).toBe(true);
        }
      });
    },
  );
});

/** `Child.field of Parent: recorded, ours`, with why. */
const allowed: Readonly<Record<string, string>> = {};

describe.each<TwinShape>(['bare', 'npsp'])('the shape %s', (shape) => {
  const registry = createRegistry(shape);
  const ruleOf = (lookup: RecordedLookup, parent: string): string => {
    const field = registry.field(lookup.child, lookup.field);
    const rule = field?.deleteRule[parent] ?? field?.deleteRule['*'] ?? 'none';
    if (rule === 'cascade' && field?.deleteRefusedWhen !== undefined) return 'both';
    return rule === 'set-null' || rule === 'none' ? 'neither' : rule;
  };
  const compared = recordedLookups.flatMap((lookup) => {
    const targets = registry.field(lookup.child, lookup.field)?.referenceTo ?? [];
    const parents = lookup.parent === undefined ? targets : targets.filter((target) => target === lookup.parent);
    return parents.map((parent) => ({ lookup, parent }));
  });
  const differences = compared
    .filter(({ lookup, parent }) => ruleOf(lookup, parent) !== lookup.rule)
    .map(
      ({ lookup, parent }) => `${lookup.child}.${lookup.field} of ${parent}: ${lookup.rule}, ${ruleOf(lookup, parent)}`,
    );

  it('has the recorded rules, but for differences known by name', () => {
    expect(compared.length).toBeGreaterThan(150);
    expect(differences.sort()).toEqual(Object.keys(allowed).sort());
  });
});
