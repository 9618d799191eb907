import type { FieldValue } from '../contract.ts';
import type { FieldDefinition } from '../schema/definitions.ts';
import type { EngineContext } from './engineContext.ts';
import { RowProblem } from './problems.ts';
import { encode } from './columnWrites.ts';
import { quote } from './tables.ts';
import type { WritePlan } from './plan.ts';

type Values = Readonly<Record<string, FieldValue>>;

type Sought = {
  readonly object: string;
  readonly field: FieldDefinition;
  readonly value: FieldValue;
  readonly id: string;
};

const other = (context: EngineContext, { object, field, value, id }: Sought) => {
  context.store.index(object, field.name);
  // Accents count and case does not, unless the field says so; NOCASE folds ASCII as the index does.
  const text = typeof value === 'string' && !field.caseSensitive ? ' COLLATE NOCASE' : '';
  const sql = `SELECT "Id" AS id FROM ${context.store.tableFor(object).sql} WHERE ${quote(field.name)} = ?${text} AND "_deleted" = 0 AND "Id" <> ? LIMIT 1`;
  return context.store.statement(sql).get(encode(value), id)?.['id'];
};

/** DUPLICATE_VALUE when another live row already has one of the unique values. `id` is the row's own, '' for a new one. */
export const requireUnique = (context: EngineContext, plan: WritePlan, values: Values, id: string): void => {
  for (const field of plan.unique) {
    const value = values[field.name];
    if (value === undefined || value === null) continue;
    const found = other(context, { object: plan.object.name, field, value, id });
    if (found === undefined) continue;
    throw new RowProblem(
      'DUPLICATE_VALUE',
      `duplicate value found: ${field.name} duplicates value on record with id: ${String(found).slice(0, 15)}`,
      [],
    );
  }
};

/** Junctions the platform allows once (config/twin/platform-rules.json, uniqueTogether). */
export const requireUniqueTogether = (context: EngineContext, plan: WritePlan, row: Values, id: string): void => {
  for (const rule of plan.uniqueTogether) {
    const values = rule.fields.map((field) => row[field] ?? null);
    if (values.includes(null)) continue;
    rule.fields.forEach((field) => context.store.index(plan.object.name, field));
    const tests = rule.fields.map((field) => `${quote(field)} = ?`).join(' AND ');
    const sql = `SELECT 1 AS yes FROM ${context.store.tableFor(plan.object.name).sql} WHERE ${tests} AND "_deleted" = 0 AND "Id" <> ?`;
    if (context.store.statement(sql).get(...values.map(encode), id) === undefined) continue;
    throw new RowProblem(
      rule.statusCode,
      rule.message.replace(/\{(\w+)\}/g, (_match, field: string) => String(row[field])),
      [...rule.fields],
    );
  }
};
