import { compileDefault } from '../engine/formulaDefaults.ts';
import { compileRule, compiledRules } from '../engine/validation.ts';
import { FormulaError, FormulaRefused } from '../formula/errors.ts';
import { formulasOf } from '../formula/fieldFormulas.ts';
import type { FormulaTarget } from '../formula/fieldNames.ts';
import { globalName, missingBehind, missingRow } from '../formula/namedRows.ts';
import type { FieldDefinition, ObjectDefinition, SchemaRegistry } from '../schema/definitions.ts';
import type { DeployContext } from './deployContext.ts';
import { names } from './manifest.ts';
import { ComponentProblem } from './problem.ts';
import { textIn, type XmlElement } from './xmlTree.ts';

/** By type and full name. */
type Component = { readonly type: string; readonly fullName: string };

/** What does not compile fails to deploy; what this engine does not do is kept and listed as not rehearsed. */
const compiling = (work: () => void, element: XmlElement): void => {
  try {
    work();
  } catch (error) {
    if (error instanceof FormulaRefused) return;
    if (error instanceof FormulaError) throw new ComponentProblem(error.message, element);
    throw error;
  }
};

/** Records of the same package come after the objects whose formulas name them. */
const isArriving = ({ manifest }: DeployContext, { object, named }: FormulaTarget): boolean =>
  object.name.endsWith('__mdt') &&
  names(manifest, 'CustomMetadata', `${object.name.slice(0, -'__mdt'.length)}.${named?.name ?? ''}`);

/** Fields of managed packages may name what only their package sees. */
const isPackaged = (name: string): boolean => name.split('__').length > 2;

/** Refuses a formula that names a label, custom permission or custom metadata record which the org does not have. */
const requireNamed = (context: DeployContext, owner: string, references: readonly FormulaTarget[]): void => {
  const there = references.filter((target) => !isArriving(context, target));
  const missing = missingRow((object, field, value) => context.store.find(object, field, value), there);
  if (missing === undefined) return;
  if (isPackaged(owner)) throw new FormulaRefused(`${globalName(missing)}, which this org does not have`);
  throw new FormulaError(`Field ${globalName(missing)} does not exist. Check spelling.`);
};

/** Compiles a formula field as it stands in the schema. */
export const checkFieldFormula = (context: DeployContext, object: string, name: string, element: XmlElement): void => {
  const definition = context.registry.object(object);
  const field = context.registry.field(object, name);
  if (definition === undefined || field?.formula === undefined) return;
  compiling(
    () => requireNamed(context, field.name, formulasOf(context.registry).of(definition, field).formula.references),
    element,
  );
};

/** Compiles the default value of a field that is a formula. */
export const checkDefaultFormula = (
  context: DeployContext,
  object: ObjectDefinition,
  field: FieldDefinition,
  element: XmlElement,
): void => {
  const { defaultFormula } = field;
  if (defaultFormula === undefined) return;
  compiling(
    () => requireNamed(context, field.name, compileDefault(context.registry, object, field, defaultFormula).references),
    element,
  );
};

const required = (element: XmlElement, name: string): string => {
  const text = textIn(element, name);
  if (text === undefined) throw new ComponentProblem(`Required field is missing: ${name}`, element);
  return text;
};

/** Puts a validation rule on its object: from now on, saves answer to it. */
export const applyValidationRule = (
  context: DeployContext,
  { object, name, element }: { readonly object: string; readonly name: string; readonly element: XmlElement },
): void => {
  const definition = context.registry.object(object);
  const condition = required(element, 'errorConditionFormula');
  const message = required(element, 'errorMessage');
  if (definition === undefined) throw new ComponentProblem('Parent entity failed to deploy', element);
  const shown = textIn(element, 'errorDisplayField');
  const field = shown === undefined ? undefined : context.registry.field(object, shown);
  if (shown !== undefined && field === undefined) {
    throw new ComponentProblem(`Could not find field for errorDisplayField: ${shown}`, element);
  }
  compiling(
    () => requireNamed(context, name, compileRule(context.registry, definition, condition).references),
    element,
  );
  const rule = {
    ...{ name, condition, message, active: textIn(element, 'active') === 'true' },
    ...(field === undefined ? {} : { field: field.name }),
  };
  const others = (definition.validationRules ?? []).filter((each) => each.name.toLowerCase() !== name.toLowerCase());
  context.registry.put({ ...definition, validationRules: [...others, rule] });
};

/** Takes a validation rule off its object; false when it has none of the name. */
export const removeValidationRule = (context: DeployContext, fullName: string): boolean => {
  const [objectName = '', name = ''] = fullName.split('.');
  const object = context.registry.object(objectName);
  const rules = object?.validationRules ?? [];
  const left = rules.filter((rule) => rule.name.toLowerCase() !== name.toLowerCase());
  if (object === undefined || left.length === rules.length) return false;
  context.registry.put({ ...object, validationRules: left });
  return true;
};

type Formulas = { readonly registry: SchemaRegistry; readonly find: Parameters<typeof missingRow>[0] };

const rulesNotRun = ({ registry, find }: Formulas, object: ObjectDefinition): readonly Component[] => {
  const active = (object.validationRules ?? []).filter((rule) => rule.active);
  if (active.length === 0) return [];
  const run = new Set(
    compiledRules(registry, object)
      .filter(({ condition }) => missingRow(find, condition.references) === undefined)
      .map(({ rule }) => rule),
  );
  return active
    .filter((rule) => !run.has(rule))
    .map((rule) => ({ type: 'ValidationRule', fullName: `${object.name}.${rule.name}` }));
};

const isRun = (world: Formulas, object: ObjectDefinition, field: FieldDefinition): boolean =>
  formulasOf(world.registry).problem(object, field) === undefined && missingBehind(world, object, field) === undefined;

/** Formula fields and active validation rules that this engine keeps without computing them. */
export const formulasNotRun = (world: Formulas): readonly Component[] =>
  world.registry
    .objects()
    .flatMap((object) => [
      ...rulesNotRun(world, object),
      ...object.fields
        .filter((field) => field.formula !== undefined && !isRun(world, object, field))
        .map((field) => ({ type: 'CustomField', fullName: `${object.name}.${field.name}` })),
    ]);
