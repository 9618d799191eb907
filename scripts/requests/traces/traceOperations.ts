import { nameOf, type PlannedOperation } from '../../disposal/contract.ts';
import { isHistoryObject } from '../../model/discoverPaths.ts';
import type { Values } from '../../plan/undo/beforeImages.ts';
import type { TraceFacts } from './contract.ts';

type Describes = Pick<TraceFacts, 'describes'>;

export const operationOf = (
  one: Pick<PlannedOperation, 'operation' | 'object' | 'id'> & Partial<PlannedOperation>,
): PlannedOperation => ({ wave: 0, goesWith: [], ...one });

/** Deletes a record as it was read, for good where it has a recycle bin. */
export const taking = (
  { object, id, expects }: { readonly object: string; readonly id: string; readonly expects: Values },
  { describes, hanging }: Describes & Pick<TraceFacts, 'hanging'>,
): readonly PlannedOperation[] => {
  const hasBin = describes.get(object)?.undeletable === true;
  const goesWith = hanging.get(id)?.goesWith ?? [];
  const deletion = operationOf({ ...{ operation: 'delete', object, id, expects, goesWith, isFinal: !hasBin } });
  const emptying = operationOf({ ...{ operation: 'purge', object, id }, dependsOn: [nameOf(deletion)] });
  return hasBin ? [deletion, emptying] : [deletion];
};

type Change = {
  readonly object: string;
  readonly id: string;
  readonly fields: readonly string[];
  /** Name of the operation that makes it. */
  readonly by: string;
  /** When the record was last changed, as the plan read it: what history tells of later is this change's. */
  readonly since: string;
};

/**
 * A change writes the old value into field history, where the org tracks the field: those rows go right after it, of the
 * changed fields alone; what others changed before stays. `isLasting`: there is a history that this user may not
 * delete from.
 */
export const historyOperations = (
  { object, id, fields, by, since }: Change,
  { describes }: Describes,
): { readonly operations: readonly PlannedOperation[]; readonly isLasting: boolean } => {
  const kept = (describes.get(object)?.children ?? []).filter(({ childObject }) => isHistoryObject(childObject));
  const may = kept.filter(({ childObject }) => describes.get(childObject)?.deletable === true);
  const operations = may.map(({ childObject, field }) =>
    operationOf({
      ...{ operation: 'deleteHistory', object: childObject, id, part: childObject, dependsOn: [by] },
      payload: { historyOf: field, historyOnly: { fields: [...fields], after: since } },
    }),
  );
  return { operations, isLasting: kept.length > may.length };
};
