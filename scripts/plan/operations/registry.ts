import { GardeError, type Problem } from '../../kernel/result.ts';
import type { Operation, PlanStep } from '../../model/plan.ts';
import type { OperationDefinition } from './contract.ts';
import { createOperation } from './create.ts';
import { deleteOperation } from './delete.ts';
import { deleteHistoryOperation } from './deleteHistory.ts';
import { mergeOperation } from './merge.ts';
import { purgeOperation } from './purge.ts';
import { sealLocalOperation } from './sealLocal.ts';
import { sendOperation } from './send.ts';
import { undeleteOperation } from './undelete.ts';
import { updateOperation } from './update.ts';
import { uploadFileOperation } from './uploadFile.ts';
import { upsertOperation } from './upsert.ts';

/** The closed set. A new operation is a decision record, a file beside this one, and an entry here. */
export const OPERATION_DEFINITIONS: Readonly<Record<Operation, OperationDefinition>> = {
  create: createOperation,
  update: updateOperation,
  upsert: upsertOperation,
  delete: deleteOperation,
  purge: purgeOperation,
  undelete: undeleteOperation,
  merge: mergeOperation,
  deleteHistory: deleteHistoryOperation,
  uploadFile: uploadFileOperation,
  sealLocal: sealLocalOperation,
  send: sendOperation,
};

export const definitionOf = (operation: Operation): OperationDefinition => OPERATION_DEFINITIONS[operation];

/** Everything wrong with these steps: payload parts, inverse, settle probe, channel. */
export const stepProblems = (steps: readonly PlanStep[]): readonly Problem[] =>
  steps.flatMap((step) => definitionOf(step.operation).problemsOf(step));

/** Refuses steps that the executor could not carry out. Error: StepNotValid, with every problem. */
export const assertSteps = (steps: readonly PlanStep[]): void => {
  const problems = stepProblems(steps);
  if (problems.length > 0) throw new GardeError(problems);
};
