import type { FieldCategory } from '../model/pack.ts';
import { isWithin } from '../model/text.ts';
import type { DescribedObject } from '../org/port.ts';
import { sameValue } from '../plan/operations/values.ts';
import type { Values } from '../plan/undo/beforeImages.ts';
import type { PlannedOperation } from './contract.ts';

/** A record whose fields are written over: what it holds of them. */
export type HeldRow = { readonly object: string; readonly id: string; readonly held: Values };

/** Values that the record does not hold already. */
const changing = (held: Values, values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([field, value]) => !sameValue(value, held[field] ?? null)));

const replaced = (held: Values, values: Values): Values =>
  Object.fromEntries(Object.keys(values).map((field) => [field, held[field] ?? null]));

/**
 * One update of the fields that hold something else, with what was there before: it can be taken back. None when
 * everything is as wanted. A value changed since the plan is a change: nothing is written over it.
 */
export const writeFields = (
  { object, id, held }: HeldRow,
  values: Values,
  wave: number,
): readonly PlannedOperation[] => {
  const write = changing(held, values);
  if (Object.keys(write).length === 0) return [];
  const was = replaced(held, write);
  return [
    {
      ...{ wave, operation: 'update', object, id, goesWith: [], payload: { values: write } },
      ...{ expects: was, before: { values: was } },
    },
  ];
};

/** Fields of an object by what packs and charter say they hold. */
export type FieldKnowledge = Readonly<Record<string, Pick<FieldCategory, 'categories' | 'derived'>>>;

/** Fields that hold one of these categories and none of those that are needed. */
export const fieldsOf = (
  known: FieldKnowledge,
  { categories, needed = [] }: { readonly categories: readonly string[]; readonly needed?: readonly string[] },
): readonly string[] =>
  Object.entries(known)
    .filter(([, field]) => {
      const isOf = (given: readonly string[]): boolean =>
        field.categories.some((category) => given.some((one) => isWithin(category, one)));
      return isOf(categories) && !isOf(needed);
    })
    .map(([name]) => name)
    .sort();

/**
 * Empties fields for good: the values, and the history that an update writes the old values into. What the platform or a
 * package composes, and what may not be empty, stays. `history` is the object with the record's field history and the
 * lookup to the record, where the org keeps one.
 */
export const emptyFields = (
  { object, id, held }: HeldRow,
  fields: readonly string[],
  org: { readonly described: DescribedObject; readonly history?: { readonly object: string; readonly via: string } },
): readonly PlannedOperation[] => {
  const writable = org.described.fields.filter(
    ({ name, updateable, calculated, nillable, type }) =>
      fields.includes(name) && updateable && !calculated && (nillable || type === 'boolean'),
  );
  const empty = Object.fromEntries(
    writable
      .map(({ name, type }): readonly [string, Values[string]] => [name, type === 'boolean' ? false : null])
      .filter(([name, value]) => !sameValue(value, held[name] ?? null)),
  );
  if (Object.keys(empty).length === 0) return [];
  const update: PlannedOperation = {
    ...{ wave: 0, operation: 'update', object, id, goesWith: [], payload: { values: empty } },
    expects: replaced(held, empty),
  };
  if (org.history === undefined) return [update];
  return [
    update,
    {
      ...{ wave: 1, operation: 'deleteHistory', object: org.history.object, id, goesWith: [] },
      ...{ payload: { historyOf: org.history.via }, dependsOn: [`update/${id}`] },
    },
  ];
};
