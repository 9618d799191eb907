import type { FieldValue, Session } from '../contract.ts';
import { EvaluationError, FormulaError, FormulaRefused } from '../formula/errors.ts';
import type { CompiledFormula } from '../formula/compile.ts';
import { formulasOf } from '../formula/fieldFormulas.ts';
import type { FormulaTarget } from '../formula/fieldNames.ts';
import { encodeValue, resultTypeOf } from '../formula/fieldValues.ts';
import { frameOf } from '../formula/recordFormulas.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import type { FormulaDefault } from './plan.ts';
import { coerce } from './coerce.ts';
import type { EngineContext } from './engineContext.ts';
import { RowProblem } from './problems.ts';
import { recordWorld } from './recordWorld.ts';

/** A save whose new rows have such defaults. */
type Filling = {
  readonly context: EngineContext;
  readonly session: Session;
  readonly plan: { readonly object: ObjectDefinition; readonly formulaDefaults: readonly FormulaDefault[] };
};

/**
 * Compiles a default value: it sees the user and the organisation, not the record.
 * Source: https://help.salesforce.com/s/articleView?id=platform.fields_considerations_default_field_value.htm
 * @throws FormulaError in the platform's words, FormulaRefused for what this engine does not do.
 */
export const compileDefault = (
  registry: SchemaRegistry,
  object: ObjectDefinition,
  field: FieldDefinition,
  source: string,
): CompiledFormula<FormulaTarget> =>
  formulasOf(registry).compile(object, source, {
    use: 'default',
    blankAsZero: false,
    expected: resultTypeOf(field.type),
  });

/** The defaults of an object's fields that are formulas; `literal` fields have theirs as a value. */
export const formulaDefaults = (
  registry: SchemaRegistry,
  object: ObjectDefinition,
  fields: readonly FieldDefinition[],
): readonly FormulaDefault[] =>
  fields.map((field) => {
    try {
      const source = field.defaultFormula ?? String(field.defaultValue);
      return { field, formula: compileDefault(registry, object, field, source) };
    } catch (error) {
      if (error instanceof FormulaError) return { field, formula: undefined };
      throw error;
    }
  });

const refused = (saving: Filling, field: FieldDefinition): RowProblem => {
  const name = `${saving.plan.object.name}.${field.name}`;
  const message = `NOT_EMULATED: the default value formula of ${name}; give the field a value`;
  return new RowProblem('NOT_EMULATED', message, [field.name]);
};

const evaluated = (saving: Filling, { field, formula }: FormulaDefault): FieldValue => {
  if (formula === undefined) throw refused(saving, field);
  try {
    const value = formula.evaluate(frameOf(recordWorld(saving.context, saving.session), formula, { row: {} }));
    return coerce(field, encodeValue(field, value));
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    if (error instanceof FormulaRefused) throw refused(saving, field);
    throw error;
  }
};

/** Fills the defaults that are formulas into a new row that has no such fields. RowProblem for those not emulated. */
export const fillFormulaDefaults = (saving: Filling, values: Record<string, FieldValue>): void => {
  for (const each of saving.plan.formulaDefaults) {
    if (!(each.field.name in values)) values[each.field.name] = evaluated(saving, each);
  }
};
