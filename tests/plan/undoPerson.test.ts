import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlanStep } from '../../scripts/model/plan.ts';
import type { DescribedField, DescribedObject } from '../../scripts/org/port.ts';
import type { BeforeImage, Values } from '../../scripts/plan/undo/beforeImages.ts';
import type { DoneStep, OrgState, UndonePerson } from '../../scripts/plan/undo/contract.ts';
import { undoPerson } from '../../scripts/plan/undo/undoPerson.ts';
import { recordId } from './examplePlan.ts';

type Row = { place: 'live' | 'bin' | 'gone'; values: Record<string, string | null> };

const OBJECT = 'Thing__c';
const field = (name: string, type: string): DescribedField => ({
  ...{ name, label: name, type, length: 80, nillable: true, createable: true, updateable: true, filterable: true },
  ...{ calculated: false, custom: true, nameField: false, externalId: false, unique: false, encrypted: false },
  ...{ htmlFormatted: false, extraTypeInfo: null, compoundFieldName: null, relationshipName: null, picklistValues: [] },
  ...{ referenceTo: type === 'reference' ? [OBJECT] : [], inlineHelpText: null },
});
const described: DescribedObject = {
  ...{ name: OBJECT, label: OBJECT, labelPlural: OBJECT, keyPrefix: 'a00', custom: true, queryable: true },
  ...{ createable: true, updateable: true, deletable: true, undeletable: true, mergeable: false, children: [] },
  fields: [field('A', 'string'), field('B', 'string'), field('Parent', 'reference')],
};

type Act =
  | { readonly kind: 'update'; readonly row: number; readonly field: 'A' | 'B'; readonly value: string }
  | { readonly kind: 'point'; readonly row: number; readonly to: number }
  | { readonly kind: 'create'; readonly value: string }
  | { readonly kind: 'delete'; readonly row: number; readonly emptied: boolean };

const ROWS = 4;
const row = fc.nat({ max: ROWS + 2 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    kind: fc.constant('update' as const),
    row,
    field: fc.constantFrom('A' as const, 'B' as const),
    value: fc.constantFrom('x', 'y', 'z'),
  }),
  fc.record({ kind: fc.constant('point' as const), row, to: row }),
  fc.record({ kind: fc.constant('create' as const), value: fc.constantFrom('x', 'y') }),
  fc.record({ kind: fc.constant('delete' as const), row, emptied: fc.boolean() }),
);

/** An org of one object in memory: deletion empties lookups, as a custom lookup does. */
const openOrg = () => {
  const rows = new Map<string, Row>();
  let made = 0;
  const add = (values: Record<string, string | null>): string => {
    const id = recordId('a00', (made += 1));
    rows.set(id, { place: 'live', values: { A: null, B: null, Parent: null, ...values } });
    return id;
  };
  const remove = (id: string): BeforeImage['links'] => {
    rows.get(id)!.place = 'bin';
    const links = [...rows].filter(([, one]) => one.place === 'live' && one.values['Parent'] === id);
    for (const [, one] of links) one.values['Parent'] = null;
    return links.map(([other]) => ({ object: OBJECT, id: other, field: 'Parent', was: id }));
  };
  return { rows, add, remove, live: () => [...rows].filter(([, one]) => one.place === 'live').map(([id]) => id) };
};
type World = ReturnType<typeof openOrg>;

const step = (at: number, over: Partial<PlanStep>): PlanStep => ({
  ...{ key: `s${at}`, subject: recordId('003', 1), wave: at, operation: 'update', object: OBJECT, rule: 'r' },
  ...{ recordId: recordId('a00', 1), reason: { code: 'c', facts: {} }, dependsOn: [], settle: 'record-values' },
  ...{ precondition: { decision: 'ab'.repeat(32), goesWith: [] }, inverse: 'restore-values', ...over },
});
const open = (image: BeforeImage): DoneStep['before'] => ({ state: 'open', image });

const doCreate = (world: World, value: string, at: number): DoneStep => {
  const made = world.add({ A: value });
  const own = step(at, { operation: 'create', recordId: `new:s${at}`, inverse: 'delete' });
  return { step: own, made, wrote: { A: value }, before: { state: 'none' } };
};

const doDelete = (world: World, id: string, emptied: boolean, at: number): DoneStep => {
  const known = world.rows.get(id)!;
  const before = { ...known.values };
  const links = world.remove(id);
  if (emptied) known.place = 'gone';
  const own = step(at, { operation: 'delete', recordId: id, inverse: 'recreate' });
  return { step: own, made: null, wrote: {}, before: open({ values: before, links }) };
};

const doWrite = (world: World, id: string, values: Record<string, string>, at: number): DoneStep => {
  const known = world.rows.get(id)!;
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, known.values[name] ?? null]));
  Object.assign(known.values, values);
  return { step: step(at, { recordId: id }), made: null, wrote: values, before: open({ values: before }) };
};

/** Carries one act out as a run would; nothing when a row is not there. */
const doAct = (world: World, one: Act, at: number): DoneStep | undefined => {
  if (one.kind === 'create') return doCreate(world, one.value, at);
  const liveAt = (n: number): string | undefined =>
    [...world.rows].filter(([, known]) => known.place === 'live').find(([id]) => id === [...world.rows.keys()][n])?.[0];
  const id = liveAt(one.row);
  if (id === undefined) return undefined;
  if (one.kind === 'delete') return doDelete(world, id, one.emptied, at);
  if (one.kind === 'update') return doWrite(world, id, { [one.field]: one.value }, at);
  const to = liveAt(one.to);
  return to === undefined || to === id ? undefined : doWrite(world, id, { Parent: to }, at);
};

const stateOf = (world: World): OrgState => {
  const rowOf = (_object: string, id: string): { place: Row['place']; values: Values } => {
    const known = world.rows.get(id);
    if (known === undefined || known.place === 'gone') return { place: 'gone', values: {} };
    return { place: known.place, values: { ...known.values } };
  };
  return {
    ...{ rowOf, placeOf: (id) => rowOf(OBJECT, id).place, described: () => described, objectOf: () => OBJECT },
    ...{ movedTo: () => undefined, childrenOf: () => [], fileBefore: () => undefined, endedAt: '2026-01-01T00:00:00Z' },
  };
};

/** Carries the drafts out: each value only where the org still holds what the draft expects. */
const carryOut = (world: World, { drafts }: UndonePerson): ReadonlyMap<string, string> => {
  const made = new Map<string, string>();
  const moved = new Map<string, string>();
  const idOf = (text: string): string => (text.startsWith('new:') ? made.get(text.slice(4))! : text);
  drafts.forEach(({ step: one }, i) => expect(one.wave).toBeGreaterThanOrEqual(drafts[i - 1]?.step.wave ?? 0));
  for (const { step: one, seal, expects } of drafts) {
    const values = Object.fromEntries(
      Object.entries({ ...one.payload?.values, ...seal }).map(([name, value]) => [
        name,
        value === null ? null : idOf(String(value)),
      ]),
    );
    if (one.operation === 'create') {
      made.set(one.key, world.add(values));
      moved.set(String(one.reason.facts['was']), made.get(one.key)!);
      continue;
    }
    const known = world.rows.get(idOf(one.recordId))!;
    expect(known.place).toBe(one.operation === 'undelete' ? 'bin' : 'live');
    for (const [name, value] of Object.entries(expects)) expect(known.values[name] ?? null).toBe(value);
    if (one.operation === 'undelete') known.place = 'live';
    else if (one.operation === 'delete') world.remove(idOf(one.recordId));
    else Object.assign(known.values, values);
  }
  return moved;
};

const prepared = (acts: readonly Act[]) => {
  const world = openOrg();
  const first = Array.from({ length: ROWS }, (_, i) => world.add({ A: `a${i}`, B: `b${i}` }));
  world.rows.get(first[1]!)!.values['Parent'] = first[0]!;
  world.rows.get(first[2]!)!.values['Parent'] = first[1]!;
  const original = new Map(first.map((id) => [id, { ...world.rows.get(id)!.values }]));
  const done = acts.flatMap((one, at) => doAct(world, one, at) ?? []);
  return { world, original, done };
};

const check = (
  world: World,
  original: ReadonlyMap<string, Values>,
  moved: ReadonlyMap<string, string>,
  edits: ReadonlySet<string>,
) => {
  const now = (id: string): string => moved.get(id) ?? id;
  for (const [id, values] of original) {
    const known = world.rows.get(now(id))!;
    expect(known.place).toBe('live');
    for (const [name, value] of Object.entries(values)) {
      if (edits.has(`${id} ${name}`)) expect(known.values[name]).toBe('edited');
      else expect(known.values[name]).toBe(name === 'Parent' && typeof value === 'string' ? now(value) : value);
    }
  }
};

describe('undoing what was done to one person', () => {
  it('brings every record back as it was, under a new id where the bin is empty, and leaves nothing it made', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
        const { world, original, done } = prepared(acts);
        const undone = undoPerson(done, stateOf(world));
        const moved = carryOut(world, undone);
        expect(undone.left).toEqual([]);
        check(world, original, moved, new Set());
        expect(world.live()).toHaveLength(original.size);
      }),
      { numRuns: 500 },
    );
  });

  it('never writes over what somebody changed since, and names it', () => {
    const edit = fc.record({ row: fc.nat({ max: ROWS - 1 }), field: fc.constantFrom('A' as const, 'B' as const) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), fc.array(edit, { maxLength: 4 }), (acts, wanted) => {
        const { world, original, done } = prepared(acts);
        const edits = new Set<string>();
        for (const one of wanted) {
          const id = [...original.keys()][one.row]!;
          const known = world.rows.get(id)!;
          if (known.place !== 'live') continue;
          known.values[one.field] = 'edited';
          edits.add(`${id} ${one.field}`);
        }
        const undone = undoPerson(done, stateOf(world));
        const moved = carryOut(world, undone);
        check(world, original, moved, edits);
        for (const item of undone.left) {
          expect(item.code).toBe('edited-since');
          expect(edits).toContain(`${item.recordId} ${item.field}`);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says of everything irreversible that it is', () => {
    const operations = ['purge', 'deleteHistory', 'send', 'sealLocal', 'merge'] as const;
    const done = operations.map((operation, at): DoneStep => ({
      ...{ step: step(at, { operation, inverse: 'none' }), made: null, wrote: {}, before: { state: 'none' } },
    }));
    const { drafts, left } = undoPerson(done, stateOf(openOrg()));
    expect(drafts).toEqual([]);
    expect(left.map((item) => [item.operation, item.code])).toEqual([
      ['merge', 'irreversible'],
      ['sealLocal', 'kept-here'],
      ['send', 'irreversible'],
      ['deleteHistory', 'irreversible'],
      ['purge', 'irreversible'],
    ]);
  });
});
