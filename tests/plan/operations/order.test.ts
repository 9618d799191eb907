import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlanStep } from '../../../scripts/model/plan.ts';
import type { DescribedField, DescribedObject } from '../../../scripts/org/port.ts';
import { orderSteps, type RecordLink } from '../../../scripts/plan/operations/order.ts';
import { leaveShared } from '../../../scripts/plan/operations/sharedRecords.ts';
import type { Session } from '../../../scripts/twin/contract.ts';
import { createEngine } from '../../../scripts/twin/engine/createEngine.ts';
import { createRowStore } from '../../../scripts/twin/engine/rowStore.ts';
import type { DeleteRule } from '../../../scripts/twin/schema/definitions.ts';
import { emptyRegistry } from '../../../scripts/twin/schema/registry.ts';
import { entity } from '../../twin/engine/associationSchema.ts';
import { step } from './callKit.ts';

const OBJECTS = ['Alpha__c', 'Beta__c', 'Gamma__c'] as const;
const RULES = ['set-null', 'restrict', 'cascade'] as const satisfies readonly DeleteRule[];
/** Each object has a lookup of each rule to each object, and a restricting one that may not be emptied. */
const LOOKUPS = OBJECTS.flatMap((to) =>
  [...RULES.map((rule) => ({ to, rule, required: false })), { to, rule: 'restrict' as const, required: true }].map(
    (lookup) => ({
      ...lookup,
      field: `${lookup.to.slice(0, 1)}${lookup.rule.replace('-', '')}${lookup.required ? 'Must' : ''}__c`,
    }),
  ),
);
type Lookup = (typeof LOOKUPS)[number];

const describes = new Map(
  OBJECTS.map((name): [string, DescribedObject] => [
    name,
    {
      name,
      fields: LOOKUPS.map(
        ({ field, required }) => ({ name: field, nillable: !required, updateable: true }) as DescribedField,
      ),
      children: OBJECTS.flatMap((childObject) =>
        LOOKUPS.filter((lookup) => lookup.to === name).map(({ field, rule }) => ({
          ...{ childObject, field, relationshipName: null },
          cascadeDelete: rule === 'cascade',
          restrictedDelete: rule === 'restrict',
        })),
      ),
    } as unknown as DescribedObject,
  ]),
);

const openOrg = () => {
  const registry = emptyRegistry();
  registry.put(entity('User', '005', [{ name: 'Name', type: 'string', nameField: true }]));
  OBJECTS.forEach((name, i) =>
    registry.put(
      entity(name, `a0${String(i)}`, [
        { name: 'Name', type: 'string', length: 80, nameField: true },
        ...LOOKUPS.map(({ field, to, rule }) => ({
          ...{ name: field, type: 'reference' as const, custom: true, referenceTo: [to] },
          ...{
            relationshipName: field.replace('__c', `_${name.slice(0, 1)}__r`),
            deleteRule: { '*': rule },
            nillable: true,
          },
        })),
      ]),
    ),
  );
  const clock = { now: () => Date.parse('2026-03-10T09:30:00Z') };
  const store = createRowStore(registry, clock);
  const all = { read: true, create: true, edit: true, delete: true, viewAll: true, modifyAll: true };
  const accessOf = () => ({ object: () => all, field: () => ({ read: true, edit: true }), has: () => true });
  const engine = createEngine({ registry, store, clock, orgId: '00DGd0000000001EAA', accessOf });
  const userId = store.insertRaw('User', { Name: 'Admin' });
  const session: Session = { orgId: '00DGd0000000001EAA', userId, username: 'admin@asso.example', apiVersion: 66 };
  return { engine, store, session };
};

type Row = { readonly object: string; readonly id: string };
type Case = { readonly objects: readonly number[]; readonly links: readonly (readonly [number, number, number])[] };
const cases: fc.Arbitrary<Case> = fc
  .array(fc.nat(OBJECTS.length - 1), { minLength: 2, maxLength: 9 })
  .chain((objects) => {
    const row = fc.nat(objects.length - 1);
    return fc.record({
      objects: fc.constant(objects),
      links: fc.array(fc.tuple(row, row, fc.nat(3)), { maxLength: 14 }),
    });
  });

const lookupTo = (object: string, kind: number): Lookup => LOOKUPS.filter((one) => one.to === object)[kind]!;
const linksOf = (rows: readonly Row[], { links }: Case): readonly RecordLink[] => {
  const found = new Map<string, RecordLink>();
  for (const [from, to, kind] of links) {
    const [child, parent] = [rows[from]!, rows[to]!];
    if (child.id === parent.id) continue;
    const { field } = lookupTo(parent.object, kind);
    found.set(`${child.id} ${field}`, {
      object: child.object,
      id: child.id,
      field,
      to: parent.id,
      toObject: parent.object,
    });
  }
  return [...found.values()];
};
const deletions = (rows: readonly Row[]): readonly PlanStep[] =>
  rows.flatMap(({ object, id }) => [
    step({ key: `delete ${id}`, subject: id, operation: 'delete', object, inverse: 'undelete' }),
    step({ key: `purge ${id}`, subject: id, operation: 'purge', object, dependsOn: [`delete ${id}`] }),
  ]);

/** Whether lookups that restrict and may not be emptied hold records in a circle. */
const isHopeless = (links: readonly RecordLink[]): boolean => {
  const hard = links.filter((link) => link.field.endsWith('Must__c'));
  const reach = (from: string, seen: Set<string>): Set<string> => {
    for (const link of hard.filter((one) => one.id === from && !seen.has(one.to))) reach(link.to, seen.add(link.to));
    return seen;
  };
  return hard.some((link) => reach(link.id, new Set()).has(link.id));
};

describe('ordering by describe', () => {
  it('lets the org delete every record of any graph, or says which circle forbids it', () => {
    let [hopeless, unlinked] = [0, 0];
    fc.assert(
      fc.property(cases, (given) => {
        const { engine, store, session } = openOrg();
        const rows = given.objects.map((n): Row => ({
          object: OBJECTS[n]!,
          id: store.insertRaw(OBJECTS[n]!, { Name: 'x' }),
        }));
        const links = linksOf(rows, given);
        for (const { object, id, field, to } of links) store.updateRaw(object, id, { [field]: to });
        const ordered = orderSteps({ steps: deletions(rows), links, describes });
        if (!ordered.ok) {
          hopeless += 1;
          expect(isHopeless(links)).toBe(true);
          return;
        }
        const steps = ordered.value;
        for (const wave of [...new Set(steps.map((one) => one.wave))].sort((a, b) => a - b)) {
          const own = steps.filter((one) => one.wave === wave);
          for (const change of own.filter((one) => one.operation === 'update')) {
            unlinked += 1;
            const row = { Id: change.recordId, ...change.payload!.values };
            expect(engine.update(session, change.object, [row], { allOrNone: false })[0]!.errors).toEqual([]);
          }
          const ids = own.filter((one) => one.operation === 'delete').map((one) => one.recordId);
          const codes = engine
            .delete(session, ids, { allOrNone: false })
            .map((one) => one.errors[0]?.statusCode ?? 'ok');
          // What went with a parent in a circle of cascades is gone: that is the wanted end.
          expect(codes.filter((code) => code !== 'ok' && code !== 'ENTITY_IS_DELETED')).toEqual([]);
        }
        for (const { object } of rows)
          expect([...engine.query(session, `SELECT Id FROM ${object}`, { includeDeleted: false }).rows]).toEqual([]);
      }),
      { numRuns: 150, seed: 4 },
    );
    expect([hopeless > 0, unlinked > 0]).toEqual([true, true]);
  });

  it('is the same whatever order steps and lookups come in, with children before what they hang on', () => {
    const rows = OBJECTS.flatMap((object, i) =>
      [1, 2, 3].map((n): Row => ({ object, id: `a0${String(i)}00000000000${String(n)}AAA` })),
    );
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.nat()), (given, order) => {
        const links = linksOf(rows, { ...given, links: given.links.filter(([, , kind]) => kind < 3) });
        const shuffled = <T>(items: readonly T[]): readonly T[] =>
          items
            .map((item) => [order.next().value as number, item] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, item]) => item);
        const steps = deletions(rows);
        const first = orderSteps({ steps, links, describes });
        expect(orderSteps({ steps: shuffled(steps), links: shuffled(links), describes })).toEqual(first);
        if (!first.ok) throw new Error('lookups that may be emptied hold nobody');
        const wave = new Map(first.value.map((one) => [one.key, one.wave]));
        const purges = first.value.filter((one) => one.operation === 'purge').map((one) => one.wave);
        for (const one of first.value) {
          if (one.operation === 'delete') expect(one.wave).toBeLessThan(Math.min(...purges));
        }
        for (const link of links) {
          const emptied = wave.get(`delete ${link.id}/unlink/${link.field}`);
          const [child, parent] = [wave.get(`delete ${link.id}`)!, wave.get(`delete ${link.to}`)!];
          if (emptied !== undefined) expect(emptied).toBeLessThan(Math.min(child, parent));
          else if (link.field.includes('restrict')) expect(child).toBeLessThan(parent);
        }
      }),
      { numRuns: 200, seed: 9 },
    );
  });

  it('treats each parent of a polymorphic lookup by its own rule, and puts back parents first', () => {
    const child = (parent: string, over: object): [string, DescribedObject] => [
      parent,
      {
        name: parent,
        fields: [],
        children: [{ childObject: 'Task', field: 'WhatId', relationshipName: null, ...over }],
      } as unknown as DescribedObject,
    ];
    const own = new Map([
      child('Account', { cascadeDelete: true, restrictedDelete: false }),
      child('Gift__c', { cascadeDelete: false, restrictedDelete: true }),
    ]);
    const link = (id: string, toObject: string, to: string): RecordLink => ({
      object: 'Task',
      id,
      field: 'WhatId',
      to,
      toObject,
    });
    const steps = ['undelete', 'delete'].flatMap((operation) =>
      [
        ['Task', 't1'],
        ['Task', 't2'],
        ['Account', 'a'],
        ['Gift__c', 'g'],
      ].map(([object, id]) =>
        step({
          key: `${operation} ${id!}`,
          subject: `${operation} ${id!}`,
          operation: operation as 'delete',
          object: object!,
          recordId: `${operation} ${id!}`,
        }),
      ),
    );
    const links = ['undelete', 'delete'].flatMap((operation) => [
      link(`${operation} t1`, 'Account', `${operation} a`),
      link(`${operation} t2`, 'Gift__c', `${operation} g`),
    ]);
    const ordered = orderSteps({ steps, links, describes: own });
    const wave = new Map(ordered.ok ? ordered.value.map((one) => [one.key, one.wave]) : []);
    expect(wave.get('delete t1')).toBeLessThan(wave.get('delete a')!);
    expect(wave.get('delete t2')).toBeLessThan(wave.get('delete g')!);
    expect(wave.get('undelete a')).toBeLessThan(wave.get('undelete t1')!);
  });

  it('keeps the order of what is done to one record: archive, change, history, deletion, emptying, letter', () => {
    const id = '003000000000001AAA';
    const made = (operation: PlanStep['operation'], over: object = {}): PlanStep =>
      step({ key: operation, subject: id, operation, object: 'Contact', ...over });
    const steps = [
      made('send'),
      made('purge'),
      made('delete'),
      made('deleteHistory', { object: 'ContactHistory' }),
      made('update'),
      made('sealLocal'),
    ];
    const ordered = orderSteps({ steps, links: [], describes: new Map() });
    expect(ordered.ok && ordered.value.map((one) => one.key)).toEqual([
      'sealLocal',
      'update',
      'deleteHistory',
      'delete',
      'purge',
      'send',
    ]);
  });

  it('makes what later steps write about first, and names a circle of such steps', () => {
    const make = (key: string, to: string): PlanStep =>
      step({
        key,
        subject: '003000000000001AAA',
        operation: 'create',
        object: 'Task',
        payload: { values: { WhoId: `new:${to}` } },
      });
    const line = orderSteps({
      steps: [make('a', 'b'), make('b', 'c'), make('c', 'gone')],
      links: [],
      describes: new Map(),
    });
    expect(line.ok && line.value.map((one) => one.key)).toEqual(['c', 'b', 'a']);
    const circle = orderSteps({ steps: [make('a', 'b'), make('b', 'a')], links: [], describes: new Map() });
    expect(circle).toMatchObject({ ok: false, problems: [{ code: 'StepsInCircle', subject: 'Task' }] });
  });
});

describe('files that several people share', () => {
  const file = (id: string): readonly PlanStep[] => [
    step({ key: `delete ${id}`, subject: 'p1', operation: 'delete', object: 'ContentDocument', recordId: id }),
    step({
      key: `purge ${id}`,
      subject: 'p1',
      operation: 'purge',
      object: 'ContentDocument',
      recordId: id,
      dependsOn: [`delete ${id}`],
    }),
  ];
  const person = step({
    key: 'delete p1',
    subject: 'p1',
    operation: 'delete',
    object: 'Contact',
    dependsOn: ['delete shared', 'delete own'],
  });
  const tie = (id: string, shared: string, to: string, isOwners = false) => ({
    object: 'ContentDocumentLink',
    id,
    shared,
    to,
    isOwners,
  });

  it('loses the ties to the plan’s people and stays with the others; a file of one person goes', () => {
    const ties = [
      tie('l1', 'shared', 'p1'),
      tie('l2', 'shared', 'p2'),
      tie('l3', 'own', 'p1'),
      tie('l4', 'own', 'user', true),
    ];
    const { steps, kept } = leaveShared([...file('shared'), ...file('own'), person], ties);
    expect(kept).toEqual(['shared']);
    expect(steps.map((one) => `${one.operation} ${one.object} ${one.recordId}`)).toEqual([
      'delete ContentDocumentLink l1',
      'delete ContentDocument own',
      'purge ContentDocument own',
      'delete Contact p1',
    ]);
    expect(steps.at(-1)!.dependsOn).toEqual(['delete own']);
  });

  it('never deletes a file somebody outside the plan is tied to, whatever is shared with whom', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(4)), { maxLength: 12 }), (pairs) => {
        const people = ['p0', 'p1'];
        const ties = pairs.map(([f, p], i) => tie(`l${String(i)}`, `f${String(f)}`, `p${String(p)}`));
        const all = [
          ...[0, 1, 2, 3].flatMap((n) => file(`f${String(n)}`)),
          ...people.map((id) => step({ key: `delete ${id}`, subject: id, operation: 'delete', object: 'Contact' })),
        ];
        const { steps, kept } = leaveShared(all, ties);
        const gone = new Set(steps.filter((one) => one.operation === 'delete').map((one) => one.recordId));
        for (const one of ties) {
          const isForeign = !people.includes(one.to);
          if (isForeign)
            expect([gone.has(one.shared), gone.has(one.id), kept.includes(one.shared)]).toEqual([false, false, true]);
          else expect(gone.has(one.shared) || gone.has(one.id)).toBe(true);
        }
      }),
      { seed: 3 },
    );
  });
});
