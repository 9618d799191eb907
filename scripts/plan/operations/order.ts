import { failed, ok, type Problem, type Result } from '../../kernel/result.ts';
import type { PlanStep } from '../../model/plan.ts';
import { edgesOf, PHASES, type Describes, type RecordLink, type StepEdge } from './orderEdges.ts';
import { circling, relaxed, wavesOf, type Edge } from './orderGraph.ts';

export type { Describes, RecordLink };

export type StepsToOrder = {
  readonly steps: readonly PlanStep[];
  /** Lookups among the plan's records. */
  readonly links: readonly RecordLink[];
  /** Describes of the objects that lookups name. */
  readonly describes: Describes;
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A change that makes the child let go of the parent: it carries what the child's own deletion carries. */
const unlinkStep = (deletion: PlanStep, field: string): PlanStep => ({
  key: `${deletion.key}/unlink/${field}`,
  subject: deletion.subject,
  wave: 0,
  operation: 'update',
  object: deletion.object,
  recordId: deletion.recordId,
  rule: deletion.rule,
  reason: deletion.reason,
  payload: { values: { [field]: null } },
  precondition: { decision: deletion.precondition.decision, goesWith: [] },
  settle: 'record-values',
  inverse: 'none',
  dependsOn: [],
});

const mayBeEmptied = (describes: Describes, link: RecordLink): boolean => {
  const field = describes.get(link.object)?.fields.find((one) => one.name === link.field);
  return field?.nillable === true && field.updateable;
};

type Circle = { readonly steps: readonly PlanStep[]; readonly edges: readonly StepEdge[] };

/** The lookups that hold a circle together and may be emptied. */
const breakable = (describes: Describes, { edges }: Circle): readonly RecordLink[] =>
  edges.flatMap(({ by }) => by ?? []).filter((link) => mayBeEmptied(describes, link));

const inCircle = ({ steps, edges }: Circle): Problem => {
  const places = [...new Set(edges.flatMap((edge) => steps[edge.before]?.object ?? []))].sort(byText);
  return {
    code: 'StepsInCircle',
    subject: places.join(', '),
    message: 'Steps of this plan wait for each other in a circle, and no lookup among them can be emptied.',
    actions: ['Leave one of the records out, or delete it by hand in the order the org allows.'],
  };
};

const withWaves = (steps: readonly PlanStep[], edges: readonly Edge[]): readonly PlanStep[] => {
  const waves = wavesOf(steps.length + PHASES, edges).slice(0, steps.length);
  const numbers = new Map([...new Set(waves)].sort((a, b) => a - b).map((wave, i) => [wave, i]));
  return steps
    .map((step, at): PlanStep => ({ ...step, wave: numbers.get(waves[at] ?? 0) ?? 0 }))
    .sort((a, b) => a.wave - b.wave || byText(a.key, b.key));
};

/**
 * Puts steps into waves by what the org's describes say about their records: what restricts goes before what it
 * restricts, children before parents (masters, and each parent of a polymorphic lookup by its own rule), undeletes the
 * other way round; on one record archive, change, history, merge, deletion, emptying; every deletion before the first
 * emptying. Circles of restricting lookups are broken by emptying one that may be emptied, as a step of its own; circles
 * of cascades take care of themselves, the org deletes the children. The result does not depend on the order given.
 * Problem: StepsInCircle, one per circle that cannot be broken. A lookup emptied so stays empty when the run puts the
 * record back.
 */
export const orderSteps = (input: StepsToOrder): Result<readonly PlanStep[]> => {
  let steps = [...input.steps].sort((a, b) => byText(a.key, b.key));
  const links = [...input.links].sort((a, b) => byText(`${a.id} ${a.field} ${a.to}`, `${b.id} ${b.field} ${b.to}`));
  for (;;) {
    const edges = relaxed(steps.length + PHASES, edgesOf(steps, links, input.describes));
    const left = { steps, edges: circling(steps.length + PHASES, edges) };
    if (left.edges.length === 0) return ok(withWaves(steps, edges));
    const [link] = breakable(input.describes, left);
    const deletion = steps.find((step) => step.operation === 'delete' && step.recordId === link?.id);
    if (link === undefined || deletion === undefined) return failed(inCircle(left));
    steps = [...steps, unlinkStep(deletion, link.field)].sort((a, b) => byText(a.key, b.key));
  }
};
