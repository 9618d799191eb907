import type { PlanStep } from '../../model/plan.ts';
import type { DescribedObject } from '../../org/port.ts';
import type { Edge, Strength } from './orderGraph.ts';
import { keyToCome, referencesOf } from './references.ts';

/** A lookup of one record of the plan to another, as the org was read. */
export type RecordLink = {
  /** The record that has the lookup, and its object. */
  readonly object: string;
  readonly id: string;
  readonly field: string;
  /** The record it names, and its object: of a polymorphic lookup the one it names here. */
  readonly to: string;
  readonly toObject: string;
};

/** An order between two steps, and the lookup that asks for it. */
export type StepEdge = Edge<RecordLink>;

export type Describes = ReadonlyMap<string, DescribedObject>;

/** What deleting the parent does to the child, by the parent's own describe: polymorphic lookups differ by parent. */
export const strengthOf = (describes: Describes, link: RecordLink): Strength => {
  const relation = describes
    .get(link.toObject)
    ?.children.find((child) => child.childObject === link.object && child.field === link.field);
  if (relation?.restrictedDelete === true) return 'restrict';
  return relation?.cascadeDelete === true ? 'cascade' : 'tidy';
};

type Positions = ReadonlyMap<string, readonly number[]>;

const positionsBy = (steps: readonly PlanStep[], keyOf: (step: PlanStep) => readonly string[]): Positions => {
  const found = new Map<string, number[]>();
  steps.forEach((step, at) => {
    for (const key of keyOf(step)) {
      const own = found.get(key);
      if (own === undefined) found.set(key, [at]);
      else own.push(at);
    }
  });
  return found;
};

/** Records a step takes away or changes beside its own. */
const touched = (step: PlanStep): readonly string[] => [step.recordId, ...(step.payload?.losers ?? [])];

const isTaking = (step: PlanStep): boolean => step.operation === 'delete' || step.operation === 'merge';

/** What is done to one record, in the order in which it keeps its meaning. */
const RANK: Readonly<Record<PlanStep['operation'], number>> = {
  undelete: 0,
  create: 0,
  upsert: 1,
  // An archive holds the record as it was before this plan.
  sealLocal: 2,
  uploadFile: 3,
  update: 4,
  // A change writes the old value into field history: what is cleared must be written first.
  deleteHistory: 5,
  merge: 6,
  delete: 7,
  purge: 8,
  send: 9,
};

const onSameRecord = (steps: readonly PlanStep[], byRecord: Positions): readonly StepEdge[] =>
  [...byRecord.values()].flatMap((positions) => {
    const ranked = [...new Set(positions)].sort((a, b) => rank(steps[a]) - rank(steps[b]));
    return ranked.flatMap((after, i) =>
      ranked
        .slice(0, i)
        .filter((before) => rank(steps[before]) < rank(steps[after]))
        .map((before): StepEdge => ({ before, after, strength: 'needed' })),
    );
  });
const rank = (step: PlanStep | undefined): number => (step === undefined ? 0 : RANK[step.operation]);

const onKeys = (steps: readonly PlanStep[], byKey: ReadonlyMap<string, number>): readonly StepEdge[] =>
  steps.flatMap((step, after) =>
    [...step.dependsOn, ...referencesOf(step)].flatMap((key): readonly StepEdge[] => {
      const before = byKey.get(key);
      return before === undefined || before === after ? [] : [{ before, after, strength: 'needed' }];
    }),
  );

/** Whether an update writes something else into the lookup: the child lets go of the parent. */
const letsGo = (step: PlanStep, link: RecordLink): boolean => {
  const value = step.operation === 'update' ? step.payload?.values?.[link.field] : undefined;
  return value !== undefined && value !== link.to && keyToCome(value) === undefined;
};

type Known = { readonly steps: readonly PlanStep[]; readonly byRecord: Positions; readonly describes: Describes };

const stepsOn = ({ steps, byRecord }: Known, id: string, operation: PlanStep['operation']): readonly number[] =>
  (byRecord.get(id) ?? []).filter((at) => steps[at]?.operation === operation && steps[at].recordId === id);

const edges = (before: readonly number[], after: readonly number[], strength: Strength): readonly StepEdge[] =>
  before.flatMap((one) => after.map((other) => ({ before: one, after: other, strength })));

const alongLink = (known: Known, link: RecordLink): readonly StepEdge[] => {
  const { steps, byRecord, describes } = known;
  const [child, parent] = [stepsOn(known, link.id, 'delete'), stepsOn(known, link.to, 'delete')];
  const freeing = (byRecord.get(link.id) ?? []).filter((at) => steps[at] !== undefined && letsGo(steps[at], link));
  const taking = (byRecord.get(link.to) ?? []).filter((at) => steps[at] !== undefined && isTaking(steps[at]));
  // A lookup that is emptied first neither restricts nor cascades any more.
  const strength = freeing.length > 0 ? 'tidy' : strengthOf(describes, link);
  return [
    ...edges(child, parent, strength).map((edge) => ({ ...edge, by: [link] })),
    ...edges(freeing, taking, 'needed'),
    ...edges(stepsOn(known, link.to, 'undelete'), stepsOn(known, link.id, 'undelete'), 'cascade'),
  ];
};

/** Which steps come after the emptying of a recycle bin because they say so, directly or through others. */
const afterPurge = (steps: readonly PlanStep[], needed: readonly StepEdge[]): ReadonlySet<number> => {
  const after = new Map<number, number[]>();
  for (const edge of needed) after.set(edge.before, [...(after.get(edge.before) ?? []), edge.after]);
  const found = new Set<number>();
  const open = steps.flatMap((step, at) => (step.operation === 'purge' ? [at] : []));
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of after.get(at) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
};

/**
 * Every deletion is read back before the first bin is emptied, and letters tell what was done: two points in time that
 * all steps of a kind pass, as nodes of their own behind the steps.
 */
const phases = (steps: readonly PlanStep[], needed: readonly StepEdge[]): readonly StepEdge[] => {
  const late = afterPurge(steps, needed);
  const [emptying, sending] = [steps.length, steps.length + 1];
  return steps.flatMap((step, at): readonly StepEdge[] => {
    if (step.operation === 'send') return [{ before: sending, after: at, strength: 'tidy' }];
    const last: StepEdge = { before: at, after: sending, strength: 'tidy' };
    if (step.operation === 'purge') return [{ before: emptying, after: at, strength: 'needed' }, last];
    return late.has(at) ? [last] : [{ before: at, after: emptying, strength: 'needed' }, last];
  });
};

/** Nodes of the graph beside the steps. */
export const PHASES = 2;

/** Everything that orders these steps. */
export const edgesOf = (
  steps: readonly PlanStep[],
  links: readonly RecordLink[],
  describes: Describes,
): readonly StepEdge[] => {
  const byRecord = positionsBy(steps, touched);
  const byKey = new Map(steps.map((step, at) => [step.key, at]));
  const known = { steps, byRecord, describes };
  const needed = onKeys(steps, byKey);
  const all = [
    ...needed,
    ...onSameRecord(steps, byRecord),
    ...links.flatMap((link) => alongLink(known, link)),
    ...phases(steps, needed),
  ];
  return all.filter((edge) => edge.before !== edge.after);
};
