import { requireCount, requireLiteral, requireType, resultName, typeName, wrongCount, wrongType } from './checks.ts';
import { FormulaError, FormulaRefused } from './errors.ts';
import { functionNamed, isFunctionElsewhere, isRefusedFunction } from './functions/catalog.ts';
import type { FunctionSpecification } from './functions/specification.ts';
import type { Position } from './lexer.ts';
import { Decimal, checked, parseNumber, zero } from './numbers.ts';
import { binaryOperator, unaryOperator } from './operators.ts';
import { parseFormula, type Call, type Node } from './parser.ts';
import { specialForm } from './specialForms.ts';
import type { Expression, FormulaType, FormulaUse, Frame, Value } from './types.ts';

/** What a name of a formula stands for. */
export type ResolvedName<T> = {
  readonly type: FormulaType;
  /** Of a lookup: the object it leads to. */
  readonly lookupOf?: string;
  /** Blank counts as zero where the formula says so. */
  readonly numeric: boolean;
  /** Same key = same reference. */
  readonly key: string;
  /** Whatever the caller needs to fetch the value. */
  readonly target: T;
};

export type CompileOptions<T> = {
  /** Finds a name, dotted as written. FormulaError or FormulaRefused when it may not be used. */
  readonly resolve: (name: string, at: Position) => ResolvedName<T>;
  /** Finds a column, `$ObjectType.Zip__c.Fields.City__c`, as VLOOKUP takes them; absent: nothing can be looked up. */
  readonly resolveColumn?: (name: string, at: Position) => ResolvedName<T>;
  readonly use: FormulaUse;
  readonly blankAsZero: boolean;
  /** What the result must be; absent = anything. */
  readonly expected?: FormulaType;
};

export type CompiledFormula<T> = {
  readonly type: FormulaType;
  /** In the order `Frame.read` counts them. */
  readonly references: readonly T[];
  /** EvaluationError where the platform shows `#Error!`. Blank text is null. */
  readonly evaluate: (frame: Frame) => Value;
};

/** Operators in a row beyond this many are refused: each holds a place on the stack. */
const maxChain = 600;

class Compiler<T> {
  readonly #options: CompileOptions<T>;
  readonly #indexes = new Map<string, number>();
  readonly references: T[] = [];

  constructor(options: CompileOptions<T>) {
    this.#options = options;
  }

  expression(node: Node): Expression {
    switch (node.kind) {
      case 'number':
        return constantNumber(node.text, node.at);
      case 'text': {
        const { text } = node;
        return { type: 'Text', evaluate: () => text, literal: text };
      }
      case 'constant': {
        const { value } = node;
        return { type: value === null ? 'Null' : 'Boolean', evaluate: () => value };
      }
      case 'field':
        return this.#field(node.text, node.at);
      case 'call':
        return node.operator ? this.#operators(node) : this.#function(node);
    }
  }

  #field(name: string, at: Position): Expression {
    const resolved = this.#options.resolve(name, at);
    return reading(resolved, { index: this.#indexOf(resolved), name }, this.#options.blankAsZero);
  }

  #indexOf({ key, target }: ResolvedName<T>): number {
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const index = this.references.push(target) - 1;
    this.#indexes.set(key, index);
    return index;
  }

  /**
   * VLOOKUP(column to return, record name column, value), in validation rules alone.
   * Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_vlookup.htm
   */
  #lookUp(call: Call): Expression {
    const { use, resolveColumn } = this.#options;
    if (resolveColumn === undefined) throw new FormulaRefused('formula function VLOOKUP()', call.at);
    if (use !== 'validation') throw notHere(call);
    requireCount(call, 3);
    const [column, key, value] = call.args;
    if (value === undefined || column?.kind !== 'field' || key?.kind !== 'field') {
      throw new FormulaError(`Incorrect parameter for function 'VLOOKUP()'. Expected Field Reference.`, call.at);
    }
    const returned = resolveColumn(column.text, column.at);
    const [place, by] = [this.#indexOf(returned), this.#indexOf(resolveColumn(key.text, key.at))];
    const wanted = this.expression(value);
    requireType(call, wanted, 'Text');
    return {
      type: returned.type,
      evaluate: (frame) => {
        const given = wanted.evaluate(frame);
        return given === null ? null : (frame.lookUp?.(place, by, given) ?? null);
      },
    };
  }

  /** Long rows of operators are a chain to the left, walked without recursion. */
  #operators(outermost: Call): Expression {
    const chain: Call[] = [];
    let node: Node = outermost;
    while (node.kind === 'call' && node.operator && node.args.length === 2) {
      chain.push(node);
      const [left]: readonly Node[] = node.args;
      if (left === undefined) break;
      node = left;
    }
    if (chain.length > maxChain) throw new FormulaRefused(`more than ${maxChain} operators in a row`, outermost.at);
    let result = chain.length === 0 ? this.#sign(outermost) : this.expression(node);
    for (const call of chain.reverse()) {
      const [, right] = call.args;
      if (right !== undefined) result = binaryOperator(call, result, this.expression(right));
    }
    return result;
  }

  #sign(call: Call): Expression {
    const [operand] = call.args;
    if (operand === undefined) throw wrongCount(call, 1);
    return unaryOperator(call, this.expression(operand));
  }

  #function(call: Call): Expression {
    if (call.name === 'VLOOKUP') return this.#lookUp(call);
    const form = specialForm(call.name);
    const specification = functionNamed(call.name);
    if (form === undefined && specification === undefined) throw unknownFunction(call);
    const args = call.args.map((arg) => this.expression(arg));
    if (form !== undefined) return form(call, args, this.#options.use);
    return specification === undefined ? constantNull : this.#applied(call, specification, args);
  }

  #applied(call: Call, specification: FunctionSpecification, args: readonly Expression[]): Expression {
    const { use } = this.#options;
    if (specification.uses !== undefined && !specification.uses.includes(use)) {
      throw notHere(call);
    }
    checkArguments(call, specification, args);
    const types = args.map((arg) => arg.type);
    const { result, takesBlanks = false } = specification;
    const run = runOf(specification, use, args);
    return {
      type: typeof result === 'string' ? result : result(types),
      evaluate: (frame) => {
        const values = args.map((arg) => arg.evaluate(frame));
        return !takesBlanks && values.includes(null) ? null : run(values, frame, types);
      },
    };
  }
}

const notHere = (call: Call): FormulaError =>
  new FormulaError(`Function ${call.name} may not be used in this type of formula`, call.at);

const unknownFunction = (call: Call): FormulaError => {
  if (isRefusedFunction(call.name)) return new FormulaRefused(`formula function ${call.name}()`, call.at);
  if (isFunctionElsewhere(call.name)) return notHere(call);
  return new FormulaError(`Unknown function ${call.name}. Check spelling.`, call.at);
};

const constantNull: Expression = { type: 'Null', evaluate: () => null };

const constantNumber = (text: string, at: Position): Expression => {
  const number = parseNumber(text);
  if (number === undefined) throw new FormulaError(`The value '${text}' is not a valid number.`, at);
  const value = number.abs().greaterThan(new Decimal('1e400')) ? checked(number) : number;
  return { type: 'Number', evaluate: () => value, writtenOut: true };
};

const reading = (
  { type, numeric, lookupOf }: Pick<ResolvedName<unknown>, 'type' | 'numeric' | 'lookupOf'>,
  reference: NonNullable<Expression['reference']>,
  blankAsZero: boolean,
): Expression => {
  const { index } = reference;
  if (numeric && blankAsZero) return { type, reference, evaluate: (frame) => frame.read(index) ?? zero };
  if (type === 'Boolean') return { type, reference, evaluate: (frame) => frame.read(index) ?? false };
  const lookup = lookupOf === undefined ? {} : { lookupOf };
  return { type, reference, ...lookup, evaluate: (frame) => frame.read(index) };
};

const runOf = (
  { run, fields, literals }: FunctionSpecification,
  use: FormulaUse,
  args: readonly Expression[],
): FunctionSpecification['run'] => {
  if (use !== 'field' || fields === undefined) return run;
  return literals === 'as written' && args.every((arg) => arg.writtenOut === true) ? run : fields;
};

const checkArguments = (call: Call, specification: FunctionSpecification, args: readonly Expression[]): void => {
  const { repeats = false } = specification;
  const { parameters, optional = 0 } = specification.parametersOf?.(args.map((arg) => arg.type)) ?? specification;
  const least = parameters.length - optional;
  if (args.length < least) throw wrongCount(call, least);
  if (args.length > parameters.length && !repeats) throw wrongCount(call, parameters.length);
  for (const [index, arg] of args.entries()) {
    const parameter = parameters[index] ?? parameters.at(-1);
    if (parameter !== undefined) requireType(call, arg, parameter);
    if (index === specification.quoted) requireLiteral(call, arg);
  }
};

const requireResult = (expression: Expression, expected: FormulaType | undefined, node: Node): void => {
  const { type } = expression;
  if (type === 'Picklist' || type === 'MultiPicklist' || type === 'Location') {
    const call: Call = { kind: 'call', name: 'TEXT', operator: false, args: [], at: node.at };
    throw wrongType(call, ['Text'], expression);
  }
  if (expected === undefined || type === 'Null' || type === expected) return;
  throw new FormulaError(
    `Formula result is data type (${typeName(expression)}), incompatible with expected data type (${resultName(expected)}).`,
    node.at,
  );
};

/**
 * Compiles a formula: names found, types checked, ready to evaluate as often as wanted.
 * @throws FormulaError in the platform's words, FormulaRefused for what this engine does not do.
 */
export const compileFormula = <T>(source: string, options: CompileOptions<T>): CompiledFormula<T> => {
  const compiler = new Compiler(options);
  const node = parseFormula(source);
  const expression = compiler.expression(node);
  requireResult(expression, options.expected, node);
  const { evaluate, type } = expression;
  return {
    type,
    references: compiler.references,
    evaluate: (frame) => {
      const value = evaluate(frame);
      if (value === '') return null;
      return type === 'Boolean' ? value === true : value;
    },
  };
};
