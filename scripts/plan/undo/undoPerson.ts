import type { Operation, PlanStep } from '../../model/plan.ts';
import type { DoneStep, OrgState, UndonePerson } from './contract.ts';
import { undoDelete } from './undoDeletion.ts';
import { undoMade } from './undoMade.ts';
import { undoMerge } from './undoMerge.ts';
import { undoUpdate } from './undoValues.ts';
import { beginUndoing, type Undoing } from './undoing.ts';

type Undo = (undoing: Undoing, done: DoneStep) => void;

const irreversible: Undo = (undoing, done) => {
  undoing.leave(done, 'irreversible');
};

const undoUpload: Undo = (undoing, done) => {
  const { object, payload, inverse } = done.step;
  if (inverse === 'none') {
    irreversible(undoing, done);
    return;
  }
  const documentId = payload?.file?.versionOf;
  if (documentId === undefined) {
    undoMade(undoing, done);
    return;
  }
  const before = undoing.state.fileBefore(documentId);
  if (before === undefined) {
    undoing.leave(done, 'edited-since', null, { object, id: documentId });
    return;
  }
  undoing.add(done, {
    ...{ part: 'version', operation: 'uploadFile', object, recordId: done.step.recordId, phase: 50 },
    ...{ settle: 'file-version', inverse: 'none', payload: { file: { ...before, versionOf: documentId } } },
  });
};

/** What may only make a record says so by its inverse, and what may only change one too. */
const UPSERTS: Readonly<Partial<Record<PlanStep['inverse'], Undo>>> = {
  delete: undoMade,
  'restore-values': undoUpdate,
};

const undoUpsert: Undo = (undoing, done) => {
  (UPSERTS[done.step.inverse] ?? irreversible)(undoing, done);
};

const WAYS_BACK: Readonly<Record<Operation, Undo>> = {
  create: undoMade,
  update: undoUpdate,
  upsert: undoUpsert,
  delete: undoDelete,
  purge: irreversible,
  undelete: undoMade,
  merge: undoMerge,
  deleteHistory: irreversible,
  uploadFile: undoUpload,
  sealLocal: (undoing, done) => {
    undoing.leave(done, 'kept-here');
  },
  send: irreversible,
};

const madeAndDeleted = (done: readonly DoneStep[]): ReadonlySet<string> => {
  const made = new Set(done.flatMap((one) => one.made ?? []));
  const deleted = done.filter(({ step }) => step.operation === 'delete' && made.has(step.recordId));
  return new Set(deleted.map(({ step }) => step.recordId));
};

const lastFirst = (steps: readonly DoneStep[]): readonly DoneStep[] =>
  steps
    .map((done, ordinal) => ({ done, ordinal }))
    .sort((a, b) => b.done.step.wave - a.done.step.wave || b.ordinal - a.ordinal)
    .map(({ done }) => done);

/**
 * The steps that take back what was done to one person, last first, and what cannot be taken back. Pure: the same run
 * and the same org give the same steps. `done` stands in the plan's order.
 */
export const undoPerson = (done: readonly DoneStep[], state: OrgState): UndonePerson => {
  const undoing = beginUndoing(state, madeAndDeleted(done));
  const purged = new Set(done.filter(({ step }) => step.operation === 'purge').map(({ step }) => step.recordId));
  for (const one of lastFirst(done)) {
    // what was deleted only to be purged is named once, as purged
    if (one.step.operation === 'delete' && purged.has(one.step.recordId)) continue;
    undoing.begin(one);
    WAYS_BACK[one.step.operation](undoing, one);
  }
  return undoing.finish();
};
