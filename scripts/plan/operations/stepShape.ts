import type { Problem } from '../../kernel/result.ts';
import type { PlanStep, StepPayload } from '../../model/plan.ts';
import type { OperationDefinition } from './contract.ts';

type Part = keyof StepPayload;

/** What of a step an operation asks for. */
export type StepRules = {
  readonly needs: readonly Part[];
  readonly may?: readonly Part[];
  /** Whether the record must be there when planning: false = the step makes it (`new:<its key>`). */
  readonly record: 'existing' | 'made' | 'either';
};

const problem = (step: PlanStep, path: string, message: string, action: string): Problem => ({
  code: 'StepNotValid',
  subject: `${step.key}: ${path}`,
  message,
  actions: [action],
});

const payloadProblems = (step: PlanStep, rules: StepRules): readonly Problem[] => {
  const given = Object.entries(step.payload ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([part]) => part as Part);
  // values may come sealed, wherever they may come at all
  const hasSealed = given.includes('sealed');
  const missing = rules.needs.filter((part) => !given.includes(part) && !(part === 'values' && hasSealed));
  const own = [...rules.needs, ...(rules.may ?? [])];
  const allowed = own.includes('values') ? [...own, 'sealed'] : own;
  const foreign = given.filter((part) => !allowed.includes(part));
  return [
    ...missing.map((part) =>
      problem(step, `payload.${part}`, `The operation ${step.operation} needs this part.`, `Give payload.${part}.`),
    ),
    ...foreign.map((part) =>
      problem(step, `payload.${part}`, `The operation ${step.operation} has no use for this part.`, 'Leave it out.'),
    ),
  ];
};

const recordProblems = (step: PlanStep, rules: StepRules): readonly Problem[] => {
  const own = `new:${step.key}`;
  if (rules.record === 'made' && step.recordId !== own) {
    return [problem(step, 'recordId', 'The step makes its record.', `Set recordId to ${own}.`)];
  }
  if (rules.record === 'existing' && step.recordId === own) {
    return [problem(step, 'recordId', 'The step makes no record.', 'Name a record, or the step that makes it.')];
  }
  return [];
};

const oneOf = (step: PlanStep, path: 'inverse' | 'settle', known: readonly string[]): readonly Problem[] =>
  known.includes(step[path])
    ? []
    : [
        problem(
          step,
          path,
          `The operation ${step.operation} has no ${path} ${step[path]}.`,
          `Use ${known.join(' or ')}.`,
        ),
      ];

/** Before-images belong to ways back that need them, and to no other: what is irreversible keeps digests only. */
const beforeProblems = (step: PlanStep): readonly Problem[] => {
  const needed = step.inverse === 'restore-values' || step.inverse === 'recreate';
  if (!needed && step.before !== undefined) {
    return [problem(step, 'before', `With the inverse ${step.inverse} no values are kept.`, 'Leave it out.')];
  }
  return [];
};

/** Everything wrong with the parts of a step that all operations share. */
export const shapeProblems = (
  step: PlanStep,
  rules: StepRules,
  known: Pick<OperationDefinition, 'inverses' | 'settles'>,
): readonly Problem[] => [
  ...payloadProblems(step, rules),
  ...recordProblems(step, rules),
  ...oneOf(step, 'inverse', known.inverses),
  ...oneOf(step, 'settle', known.settles),
  ...beforeProblems(step),
];

export const stepProblem = problem;

/** Calls for a number of units, a call holding so many. */
export const callsFor = (units: number, perCall: number): number => Math.ceil(units / perCall);
