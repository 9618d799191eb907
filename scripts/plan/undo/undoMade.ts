import type { Values } from './beforeImages.ts';
import type { DoneStep } from './contract.ts';
import { holds, type Undoing } from './undoing.ts';

type At = { readonly object: string; readonly id: string };

/** Fields of a record the run made that no longer hold what it wrote. */
const editedFields = (undoing: Undoing, { wrote }: DoneStep, at: At): readonly string[] => {
  const { values } = undoing.row(at.object, at.id);
  return Object.entries(wrote).flatMap(([field, value]) => (holds(values[field], value) ? [] : [field]));
};

/** As they were read: what the org gives back right before the call is compared with them. */
const valuesNow = (undoing: Undoing, { wrote }: DoneStep, at: At): Values => {
  const values = undoing.held(at.object, at.id);
  return Object.fromEntries(
    Object.keys(wrote).flatMap((field) => {
      const value = values[field] ?? null;
      return typeof value === 'string' && value.startsWith('new:') ? [] : [[field, value]];
    }),
  );
};

const isEditedLater = (undoing: Undoing, { object, id }: At): boolean => {
  const at = undoing.row(object, id).values['LastModifiedDate'];
  return typeof at === 'string' && Date.parse(at) > Date.parse(undoing.state.endedAt);
};

/** Rows of others that would go with it: not those that an earlier step of this undo moves or takes away. */
const othersOn = (undoing: Undoing, id: string): boolean =>
  undoing.state.childrenOf(id).some((child) => {
    const { place, values } = undoing.row(child.object, child.id);
    return place === 'live' && values[child.field] === id;
  });

/** Takes away a record that the run made, unless somebody has worked on it or with it since. */
export const undoMade = (undoing: Undoing, done: DoneStep): void => {
  const id = done.made ?? done.step.recordId;
  const object = undoing.state.objectOf(id) ?? done.step.object;
  const at = { object, id };
  if (undoing.state.described(object) === undefined) {
    undoing.leave(done, 'not-seen', null, at);
    return;
  }
  if (undoing.isPassing(id) || undoing.row(object, id).place !== 'live') return;
  const edited = editedFields(undoing, done, at);
  for (const field of edited) undoing.leave(done, 'edited-since', field, at);
  if (edited.length > 0) return;
  if (isEditedLater(undoing, at)) {
    undoing.leave(done, 'edited-since', null, at);
    return;
  }
  if (othersOn(undoing, id)) {
    undoing.leave(done, 'in-use', null, at);
    return;
  }
  undoing.add(done, {
    ...{ part: 'made', operation: 'delete', object, recordId: id, phase: 0 },
    ...{ settle: 'record-state', inverse: 'undelete', expects: valuesNow(undoing, done, at) },
  });
  undoing.goes(id);
};
