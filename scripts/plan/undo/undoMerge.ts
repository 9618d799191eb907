import type { DoneStep } from './contract.ts';
import { recreate, relink } from './undoDeletion.ts';
import { undoUpdate } from './undoValues.ts';
import type { Undoing } from './undoing.ts';

/** Losers that are in the bin come back; those that are not are made again from their image. */
const bringLosers = (undoing: Undoing, done: DoneStep): void => {
  const { step, before } = done;
  const rows = before.state === 'open' ? (before.image.rows ?? []) : [];
  for (const id of step.payload?.losers ?? []) {
    const { place } = undoing.row(step.object, id);
    if (place === 'bin') {
      undoing.add(done, {
        ...{ part: `bin/${id}`, operation: 'undelete', object: step.object, recordId: id, phase: 1 },
        ...{ settle: 'record-state', inverse: 'delete' },
      });
      undoing.comesBack(id, step.object, {});
    } else if (place === 'gone' && undoing.state.movedTo(id) === undefined) {
      const own = rows.filter((row) => row.id === id);
      if (own.length === 0) undoing.leave(done, 'bin-emptied', null, { object: step.object, id });
      recreate(undoing, done, own);
    }
  }
};

/**
 * A merge: the losers come back, what they gave to the master returns to them where it still hangs on the master, and the
 * master gets its own values again. The platform itself only brings back the losers: "the child objects are reparented,
 * which can't be undone" (https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_undelete.htm);
 * the image says whose they were.
 */
export const undoMerge = (undoing: Undoing, done: DoneStep): void => {
  const { step, before } = done;
  if (step.inverse === 'none') {
    undoing.leave(done, 'irreversible');
    return;
  }
  bringLosers(undoing, done);
  if (before.state !== 'open') {
    undoing.leave(done, before.state === 'forgotten' ? 'forgotten' : 'no-before-image');
    return;
  }
  relink(undoing, done, before.image.links ?? [], { held: step.recordId, dependsOn: [] });
  undoUpdate(undoing, done);
};
