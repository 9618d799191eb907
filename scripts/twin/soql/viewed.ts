import { stamp } from '../engine/rowStore.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { QueryInput } from './queryInput.ts';
import type { Query } from './syntax.ts';

const purposeFields: Readonly<Record<string, readonly string[]>> = {
  VIEW: ['LastViewedDate', 'LastReferencedDate'],
  REFERENCE: ['LastReferencedDate'],
};

/**
 * `FOR VIEW` and `FOR REFERENCE`: the rows were seen now. Nothing else of them changes, not even SystemModstamp.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_for_view.htm
 */
export const markViewed = (input: QueryInput, object: ObjectDefinition, query: Query, rows: Float64Array): void => {
  const wanted = new Set(query.purposes.flatMap((purpose) => purposeFields[purpose] ?? []));
  const { store, clock } = input.context;
  const table = store.tableFor(object.name);
  const columns = [...wanted].filter((name) => table.columns.has(name.toLowerCase()));
  if (columns.length === 0 || rows.length === 0) return;
  const now = stamp(clock.now());
  const { sql, sets, values } = store.setting(object.name, Object.fromEntries(columns.map((name) => [name, now])));
  store
    .statement(`UPDATE ${sql} SET ${sets.join(', ')} WHERE rowid IN (SELECT value FROM json_each(?))`)
    .run(...values, JSON.stringify([...rows]));
};
