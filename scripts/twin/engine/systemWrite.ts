import type { FieldValue } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { EngineContext } from './engineContext.ts';

/** Of values the platform writes on someone's behalf, those of fields the object has. */
export const systemWrite = (
  context: EngineContext,
  object: ObjectDefinition,
  values: Readonly<Record<string, FieldValue>>,
): Record<string, FieldValue> => {
  const { columns } = context.store.tableFor(object.name);
  return Object.fromEntries(Object.entries(values).filter(([name]) => columns.has(name.toLowerCase())));
};
