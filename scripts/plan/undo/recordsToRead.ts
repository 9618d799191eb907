import { parseRecordId } from '../../kernel/recordId.ts';
import type { Values } from './beforeImages.ts';
import type { DoneStep } from './contract.ts';

/** Ids by object: what an undo has to know of the org. */
export type RecordsToRead = {
  readonly byObject: ReadonlyMap<string, ReadonlySet<string>>;
  add(object: string, id: string): void;
  /** Everything that deciding about one step needs. */
  addStep(done: DoneStep): void;
};

/** `prefixes`: object by key prefix, as the org describes them. */
export const createRecordsToRead = (prefixes: ReadonlyMap<string, string>): RecordsToRead => {
  const byObject = new Map<string, Set<string>>();
  const add = (object: string, id: string): void => {
    const known = parseRecordId(id);
    if (known === undefined) return;
    const ids = byObject.get(object) ?? new Set<string>();
    byObject.set(object, ids.add(known));
  };
  /** Values that have the form of an id of an object of this org: a lookup's, or a text that looks like one. */
  const addNamed = (values: Values): void => {
    for (const value of Object.values(values)) {
      const id = typeof value === 'string' && value.length === 18 ? parseRecordId(value) : undefined;
      const object = id === undefined ? undefined : prefixes.get(id.slice(0, 3));
      if (id !== undefined && object !== undefined) add(object, id);
    }
  };
  const addImage = ({ before }: DoneStep): void => {
    if (before.state !== 'open') return;
    addNamed(before.image.values ?? {});
    for (const row of before.image.rows ?? []) {
      add(row.object, row.id);
      addNamed(row.values);
    }
    for (const link of before.image.links ?? []) {
      add(link.object, link.id);
      addNamed({ was: link.was });
    }
  };
  return {
    add,
    byObject,
    addStep: (done: DoneStep): void => {
      const { step, made } = done;
      add(step.object, step.recordId);
      if (made !== null) add(prefixes.get(made.slice(0, 3)) ?? step.object, made);
      for (const loser of step.payload?.losers ?? []) add(step.object, loser);
      addImage(done);
    },
  };
};
