import type { FieldValue, RowError, Session } from '../contract.ts';
import { EvaluationError, FormulaError, FormulaRefused } from '../formula/errors.ts';
import type { CompiledFormula } from '../formula/compile.ts';
import { formulasOf } from '../formula/fieldFormulas.ts';
import type { FormulaTarget } from '../formula/fieldNames.ts';
import { frameOf } from '../formula/recordFormulas.ts';
import type { ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import type { CompiledRule } from './plan.ts';
import type { EngineContext } from './engineContext.ts';
import { RowProblem } from './problems.ts';
import { recordWorld } from './recordWorld.ts';

type Row = Readonly<Record<string, FieldValue>>;

/** A save that answers to the rules of its object. */
type Ruled = {
  readonly context: EngineContext;
  readonly session: Session;
  readonly plan: { readonly rules: readonly CompiledRule[] };
};

/**
 * Compiles the condition of a rule: true means that the row may not be saved.
 * @throws FormulaError in the platform's words, FormulaRefused for what this engine does not do.
 */
export const compileRule = (
  registry: SchemaRegistry,
  object: ObjectDefinition,
  condition: string,
): CompiledFormula<FormulaTarget> =>
  formulasOf(registry).compile(object, condition, { use: 'validation', blankAsZero: false, expected: 'Boolean' });

/** The rules that run on rows of an object; those that this engine does not do are left to `notRehearsed`. */
export const compiledRules = (registry: SchemaRegistry, object: ObjectDefinition): readonly CompiledRule[] =>
  (object.validationRules ?? [])
    .filter((rule) => rule.active)
    .flatMap((rule) => {
      try {
        return [{ rule, condition: compileRule(registry, object, rule.condition) }];
      } catch (error) {
        if (error instanceof FormulaError) return [];
        throw error;
      }
    });

const failure = ({ rule }: CompiledRule, message = rule.message): RowError => ({
  statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
  message,
  fields: rule.field === undefined ? [] : [rule.field],
});

const judge = (compiled: CompiledRule, failed: (compiled: CompiledRule) => boolean): readonly RowError[] => {
  try {
    return failed(compiled) ? [failure(compiled)] : [];
  } catch (error) {
    if (error instanceof FormulaRefused) {
      return [{ statusCode: 'NOT_EMULATED', message: `${error.message} (rule ${compiled.rule.name})`, fields: [] }];
    }
    if (!(error instanceof EvaluationError)) throw error;
    // The words as orgs answer them (`… Invalid (Division by zero)`); the platform documents none.
    return [failure(compiled, `Validation Formula "${compiled.rule.name}" Invalid (${error.message})`)];
  }
};

/**
 * Runs the active validation rules on a row as it would be saved; `before` is absent for a new row. All failing rules
 * are answered together, each with its message and the field it is shown at.
 * Source: https://help.salesforce.com/s/articleView?id=platform.fields_about_field_validation.htm
 * @throws RowProblem FIELD_CUSTOM_VALIDATION_EXCEPTION
 */
export const requireValid = (saving: Ruled, row: Row, before?: Row): void => {
  const { plan, context, session } = saving;
  if (plan.rules.length === 0) return;
  const world = recordWorld(context, session);
  const record = { row, isNew: before === undefined, ...(before === undefined ? {} : { before }) };
  const errors = plan.rules.flatMap((compiled) =>
    judge(compiled, ({ condition }) => condition.evaluate(frameOf(world, condition, record)) === true),
  );
  const [first, ...more] = errors;
  if (first !== undefined) throw new RowProblem(first.statusCode, first.message, first.fields, more);
};
