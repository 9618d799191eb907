import type { FieldValue } from '../contract.ts';
import { RowProblem } from './problems.ts';
import type { StoredRow } from './rowStore.ts';
import type { Saving } from './saving.ts';

type Values = Readonly<Record<string, FieldValue>>;

/** Whether the row is among those above it, beginning with this one; rows that were loaded in a circle end the climb. */
const isAbove = ({ context, plan }: Saving, field: string, id: string, first: string): boolean => {
  const seen = new Set<string>();
  for (let above: FieldValue | undefined = first; typeof above === 'string' && !seen.has(above);) {
    if (above === id) return true;
    seen.add(above);
    above = context.store.readRow(plan.object.name, above)?.[field];
  }
  return false;
};

/**
 * A changed row may not come to stand above itself. New rows cannot: nothing is below them yet.
 * @throws RowProblem with the code and words of config/twin/platform-rules.json, hierarchies.
 */
export const requireNoCircle = (saving: Saving, values: Values, current: StoredRow): void => {
  const { fields, statusCode, message } = saving.context.rules.hierarchies;
  for (const { object, field } of fields) {
    const parent = values[field];
    if (object !== saving.plan.object.name || typeof parent !== 'string' || parent === current[field]) continue;
    if (isAbove(saving, field, String(current['Id']), parent)) throw new RowProblem(statusCode, message, [field]);
  }
};
