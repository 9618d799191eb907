import { commonType, requireType, wrongArgument, wrongType } from './checks.ts';
import { checkedInstant, dayMilliseconds } from './dates.ts';
import { EvaluationError } from './errors.ts';
import { checked, Decimal, power } from './numbers.ts';
import type { Call } from './parser.ts';
import type { Evaluate, Expression, FormulaType, Value } from './types.ts';
import { checkedText, instantOf, numberOf, textOf } from './values.ts';

type Strict = (left: Value, right: Value) => Value;

/** Blank on either side makes the result blank. */
const strict =
  (left: Expression, right: Expression, compute: Strict): Evaluate =>
  (frame) => {
    const one = left.evaluate(frame);
    const other = right.evaluate(frame);
    return one === null || other === null ? null : compute(one, other);
  };

const arithmetic: Readonly<Record<string, (one: Decimal, other: Decimal) => Decimal>> = {
  '+': (one, other) => one.plus(other),
  '-': (one, other) => one.minus(other),
  '*': (one, other) => one.times(other),
  '/': (one, other) => {
    if (other.isZero()) throw new EvaluationError('Division by zero');
    return one.dividedBy(other);
  },
  '^': power,
};

const numeric = (name: string): Strict => {
  const compute = arithmetic[name] ?? ((one: Decimal) => one);
  return (one, other) => checked(compute(numberOf(one), numberOf(other)));
};

const seconds = new Decimal(86_400);

/** Parts of days count to the second in date-times, and not at all in dates. */
const days = (count: Decimal, type: FormulaType): number =>
  type === 'Date'
    ? count.trunc().times(dayMilliseconds).toNumber()
    : count.times(seconds).toDecimalPlaces(0).times(1000).toNumber();

const shift =
  (type: FormulaType, sign: 1 | -1): Strict =>
  (instant, count) => {
    if (type !== 'Time') return checkedInstant(instantOf(instant) + sign * days(numberOf(count), type));
    const time = instantOf(instant) + sign * numberOf(count).trunc().toNumber();
    // Past midnight the clock begins anew; before it there is no time.
    if (time < 0) throw new EvaluationError('the time leaves its day');
    return time % dayMilliseconds;
  };

const difference =
  (type: FormulaType): Strict =>
  (one, other) => {
    const apart = instantOf(one) - instantOf(other);
    if (type === 'Time') return new Decimal((apart + dayMilliseconds) % dayMilliseconds);
    return new Decimal(apart).dividedBy(dayMilliseconds);
  };

const instants = new Set<FormulaType>(['Date', 'DateTime', 'Time']);

/** Text joins, blank counting as empty. */
const concatenation = (left: Expression, right: Expression): Expression => ({
  type: 'Text',
  evaluate: (frame) => checkedText(textOf(left.evaluate(frame)) + textOf(right.evaluate(frame))),
});

const isDay = (type: FormulaType): boolean => type === 'Date' || type === 'DateTime';

/** Dates and times moved by a number, or taken from one another. */
const moved = (call: Call, left: Expression, right: Expression): Expression | undefined => {
  const adds = call.name === '+';
  if (instants.has(left.type) && right.type === 'Number') {
    return { type: left.type, evaluate: strict(left, right, shift(left.type, adds ? 1 : -1)) };
  }
  if (adds) {
    if (left.type !== 'Number' || !isDay(right.type)) return undefined;
    return { type: right.type, evaluate: strict(right, left, shift(right.type, 1)) };
  }
  if (!instants.has(left.type) || left.type !== right.type) return undefined;
  return { type: 'Number', evaluate: strict(left, right, difference(left.type)) };
};

const addable = ['Number', 'Date', 'DateTime'] as const;

const sum = (call: Call, left: Expression, right: Expression): Expression => {
  const result = moved(call, left, right);
  if (result !== undefined) return result;
  if (call.name === '+' && left.type === 'Text') {
    requireType(call, right, 'Text');
    return concatenation(left, right);
  }
  if (left.type !== 'Number' && !instants.has(left.type)) throw wrongType(call, addable, left);
  throw wrongType(call, left.type === 'Number' ? addable : ['Number'], right);
};

const isNumeric = (expression: Expression): boolean => expression.type === 'Number' || expression.type === 'Null';

const plusOrMinus = (call: Call, left: Expression, right: Expression): Expression => {
  if (isNumeric(left) && isNumeric(right)) {
    return { type: 'Number', evaluate: strict(left, right, numeric(call.name)) };
  }
  if (left.type === 'Null' || right.type === 'Null') {
    const type = left.type === 'Null' ? right.type : left.type;
    if (type === 'Text' && call.name === '+') return concatenation(left, right);
    return { type, evaluate: () => null };
  }
  return sum(call, left, right);
};

const product = (call: Call, left: Expression, right: Expression): Expression => {
  requireType(call, left, 'Number');
  requireType(call, right, 'Number');
  const writtenOut = call.name === '^' && left.writtenOut === true && right.writtenOut === true;
  const result: Expression = { type: 'Number', evaluate: strict(left, right, numeric(call.name)) };
  return writtenOut ? { ...result, writtenOut } : result;
};

const equal = (one: Value, other: Value): boolean =>
  one instanceof Decimal && other instanceof Decimal ? one.equals(other) : one === other;

/** Whether two values of one type are equal: null when either is blank, except that blank text is empty text. */
export const equality = (type: FormulaType, one: Value, other: Value): boolean | null => {
  if (type === 'Text' || type === 'Picklist') return textOf(one) === textOf(other);
  return one === null || other === null ? null : equal(one, other);
};

const comparable = (call: Call, left: Expression, right: Expression): FormulaType => {
  const picklist = [left, right].find(({ type }) => type === 'Picklist' || type === 'MultiPicklist');
  if (picklist !== undefined) throw wrongType(call, ['Text'], picklist);
  const type = commonType(left.type, right.type);
  if (type === undefined) throw wrongType(call, [left.type], right);
  if (type === 'Location') throw wrongArgument(call);
  return type;
};

const equals = (call: Call, left: Expression, right: Expression): Expression => {
  const type = comparable(call, left, right);
  const negated = call.name === '<>';
  // A condition that is neither true nor false counts as false beside TRUE and FALSE.
  const known = (value: Value): Value => (type === 'Boolean' ? value === true : value);
  return {
    type: 'Boolean',
    evaluate: (frame) => {
      const result = equality(type, known(left.evaluate(frame)), known(right.evaluate(frame)));
      return result === null ? null : result !== negated;
    },
  };
};

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const orderOf = (one: Value, other: Value): number => {
  if (one instanceof Decimal) return one.comparedTo(numberOf(other));
  if (typeof one === 'string') {
    const right = textOf(other);
    if (one === right) return 0;
    return one < right ? -1 : 1;
  }
  return instantOf(one) - instantOf(other);
};

const comparison = (call: Call, left: Expression, right: Expression): Expression => {
  const type = comparable(call, left, right);
  if (type === 'Boolean') throw wrongArgument(call);
  const test = orders[call.name] ?? (() => false);
  const blankText = type === 'Text';
  return {
    type: 'Boolean',
    evaluate: strict(left, right, (one, other) =>
      blankText && (one === '' || other === '') ? null : test(orderOf(one, other)),
    ),
  };
};

const logical = (call: Call, left: Expression, right: Expression): Expression => {
  requireType(call, left, 'Boolean');
  requireType(call, right, 'Boolean');
  const both = call.name === '&&';
  return {
    type: 'Boolean',
    evaluate: (frame) => {
      if ((left.evaluate(frame) === true) !== both) return !both;
      return right.evaluate(frame) === true;
    },
  };
};

const joined = (call: Call, left: Expression, right: Expression): Expression => {
  requireType(call, left, 'Text');
  requireType(call, right, 'Text');
  return concatenation(left, right);
};

type Binary = (call: Call, left: Expression, right: Expression) => Expression;

const binaries: Readonly<Record<string, Binary>> = {
  '+': plusOrMinus,
  '-': plusOrMinus,
  '*': product,
  '/': product,
  '^': product,
  '&': joined,
  '=': equals,
  '<>': equals,
  '<': comparison,
  '<=': comparison,
  '>': comparison,
  '>=': comparison,
  '&&': logical,
  '||': logical,
};

/** The expression of a binary operator. FormulaError when its operands do not fit. */
export const binaryOperator = (call: Call, left: Expression, right: Expression): Expression =>
  (binaries[call.name] ?? product)(call, left, right);

/** The expression of `-`, `+` or `!` before one operand. */
export const unaryOperator = (call: Call, operand: Expression): Expression => {
  requireType(call, operand, call.name === '!' ? 'Boolean' : 'Number');
  if (call.name === '!') return negation(operand);
  if (call.name === '+') return operand;
  return {
    type: 'Number',
    evaluate: (frame) => {
      const value = operand.evaluate(frame);
      return value === null ? null : numberOf(value).negated();
    },
  };
};

/** NOT: blank stays blank. */
export const negation = (operand: Expression): Expression => ({
  type: 'Boolean',
  evaluate: (frame) => {
    const value = operand.evaluate(frame);
    return value === null ? null : value !== true;
  },
});
