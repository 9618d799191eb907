import type { FieldValue } from '../contract.ts';
import { EvaluationError, FormulaError } from '../formula/errors.ts';
import { formulasOf } from '../formula/fieldFormulas.ts';
import { encodeValue, resultTypeOf } from '../formula/fieldValues.ts';
import { frameOf, type RecordWorld } from '../formula/recordFormulas.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { EngineContext } from './engineContext.ts';
import type { ComputedField, RefusedState } from './plan.ts';
import { requiredMissing, RowProblem } from './problems.ts';
import { recordWorld } from './recordWorld.ts';
import type { Saving } from './saving.ts';

type Values = Record<string, FieldValue>;
type Rule = ComputedField['rule'];

/** Undefined where the org does not have what the formula reads: a pulled schema may hide it. */
const compiledOf = (
  { registry }: EngineContext,
  object: ObjectDefinition,
  rule: { readonly needs: readonly string[]; readonly formula: string },
  expected: ReturnType<typeof resultTypeOf>,
): ComputedField['formula'] | undefined => {
  if (!rule.needs.every((name) => registry.field(object.name, name) !== undefined)) return undefined;
  try {
    return formulasOf(registry).compile(object, rule.formula, { use: 'validation', blankAsZero: false, expected });
  } catch (error) {
    if (error instanceof FormulaError) return undefined;
    throw error;
  }
};

const compiled = (context: EngineContext, object: ObjectDefinition, rule: Rule): readonly ComputedField[] => {
  const field = context.registry.field(object.name, rule.field);
  if (field === undefined || field.formula !== undefined) return [];
  const formula = compiledOf(context, object, rule, resultTypeOf(field.type));
  return formula === undefined ? [] : [{ rule, field, formula }];
};

/** What the platform works out of other fields of an object. */
export const computedFields = (context: EngineContext, object: ObjectDefinition): readonly ComputedField[] =>
  context.rules.computedFields.fields
    .filter((rule) => rule.object === object.name)
    .flatMap((rule) => compiled(context, object, rule));

/** What rows of an object may not be once their fields are worked out. */
export const refusedStates = (context: EngineContext, object: ObjectDefinition): readonly RefusedState[] =>
  context.rules.computedFields.refused
    .filter((rule) => rule.object === object.name)
    .flatMap((rule) => {
      const condition = compiledOf(context, object, rule, 'Boolean');
      return condition === undefined ? [] : [{ rule, condition }];
    });

/** Whether the rule has its say: always, or where this save changes what it looks at and leaves its field alone. */
const applies = ({ rule, field }: ComputedField, values: Values, current: Readonly<Values>): boolean => {
  if (rule.fills === undefined) return true;
  if ((values[field.name] ?? null) !== null || !(rule.fills in values)) return false;
  return values[rule.fills] !== current[rule.fills];
};

const valueOf = (world: RecordWorld, { field, formula }: ComputedField, row: Values): FieldValue => {
  try {
    return encodeValue(field, formula.evaluate(frameOf(world, formula, { row })));
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
};

/**
 * Works out what follows from the fields of a row that is saved; `current` = as it was, absent for a new one.
 * @throws RowProblem REQUIRED_FIELD_MISSING where a row must say one of several things and says none; the problem of
 * what it may not be.
 */
export const computeFields = (saving: Saving, values: Values, current: Readonly<Values> = {}): void => {
  const { context, plan, session } = saving;
  if (plan.computed.length === 0) return;
  const world = recordWorld(context, session);
  for (const computed of plan.computed) {
    if (!applies(computed, values, current)) continue;
    const value = valueOf(world, computed, { ...current, ...values });
    if (computed.rule.fills === undefined || value !== null) values[computed.field.name] = value;
  }
  const row = { ...current, ...values };
  requireEach(saving, row);
  for (const { rule, condition } of plan.refused) {
    if (condition.evaluate(frameOf(world, condition, { row })) !== true) continue;
    throw new RowProblem(rule.statusCode, rule.message, rule.fields);
  }
};

const requireEach = ({ context, plan }: Saving, row: Readonly<Values>): void => {
  for (const rule of context.rules.computedFields.required) {
    if (rule.object !== plan.object.name || row[rule.unless] === true || !rule.fields.every(plan.has)) continue;
    const missing = rule.fields.filter((name) => (row[name] ?? null) === null);
    if (missing.length > 0) throw requiredMissing(missing);
  }
};
