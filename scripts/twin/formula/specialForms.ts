import { commonType, commonTypeOf, requireCount, requireType, wrongArgument, wrongCount, wrongType } from './checks.ts';
import { EvaluationError, FormulaError } from './errors.ts';
import { equality, negation } from './operators.ts';
import type { Call } from './parser.ts';
import type { Expression, FormulaType, FormulaUse, Frame } from './types.ts';
import { isBlank } from './values.ts';

/** Functions that do not evaluate all of their arguments, or look at more than values. */
type Form = (call: Call, args: readonly Expression[], use: FormulaUse) => Expression;

const always: Expression = { type: 'Null', evaluate: () => null };

const at = (args: readonly Expression[], index: number): Expression => args[index] ?? always;

const choose: Form = (call, args) => {
  requireCount(call, 3);
  const [condition, yes, no] = [at(args, 0), at(args, 1), at(args, 2)];
  requireType(call, condition, 'Boolean');
  return {
    type: commonTypeOf(call, [yes, no]),
    evaluate: (frame) => (condition.evaluate(frame) === true ? yes : no).evaluate(frame),
  };
};

/** IFS(condition, value, …, otherwise). Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_ifs.htm */
const chooseMany: Form = (call, args) => {
  if (args.length < 3 || args.length % 2 === 0) throw wrongCount(call, Math.max(3, args.length + 1));
  const conditions = args.filter((_arg, index) => index % 2 === 0 && index < args.length - 1);
  for (const condition of conditions) requireType(call, condition, 'Boolean');
  const results = args.filter((_arg, index) => index % 2 === 1);
  const otherwise = at(args, args.length - 1);
  return {
    type: commonTypeOf(call, [...results, otherwise]),
    evaluate: (frame) => {
      const found = conditions.findIndex((condition) => condition.evaluate(frame) === true);
      return (found < 0 ? otherwise : at(results, found)).evaluate(frame);
    },
  };
};

const checkCases = (call: Call, subject: Expression, cases: readonly Expression[]): FormulaType => {
  let type = subject.type;
  for (const entry of cases) {
    if (entry.type === 'Boolean') throw wrongArgument(call);
    if (subject.type === 'Picklist' && entry.literal === undefined) throw wrongType(call, ['Text'], entry);
    const common = subject.type === 'Picklist' ? 'Picklist' : commonType(type, entry.type);
    if (common === undefined) throw wrongType(call, [type], entry);
    type = common;
  }
  return type;
};

/** CASE(expression, value, result, …, otherwise). Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_case.htm */
const cases: Form = (call, args) => {
  if (args.length < 4 || args.length % 2 !== 0) {
    throw wrongCount(call, 4 + Math.max(0, Math.floor((args.length - 4) / 2)) * 2);
  }
  const subject = at(args, 0);
  if (['Boolean', 'Location', 'MultiPicklist'].includes(subject.type)) throw wrongArgument(call);
  const values = args.filter((_arg, index) => index % 2 === 1 && index < args.length - 1);
  const results = args.filter((_arg, index) => index % 2 === 0 && index > 0);
  const otherwise = at(args, args.length - 1);
  const type = checkCases(call, subject, values);
  const result = commonTypeOf(call, [...results, otherwise]);
  if (result === 'Boolean') throw wrongArgument(call);
  return {
    type: result,
    evaluate: (frame) => {
      const value = subject.evaluate(frame);
      const found = values.findIndex((entry) => equality(type, value, entry.evaluate(frame)) === true);
      return (found < 0 ? otherwise : at(results, found)).evaluate(frame);
    },
  };
};

const every =
  (wanted: boolean): Form =>
  (call, args) => {
    requireCount(call, 1, Number.MAX_SAFE_INTEGER);
    for (const arg of args) requireType(call, arg, 'Boolean');
    return {
      type: 'Boolean',
      evaluate: (frame) =>
        wanted ? args.every((arg) => arg.evaluate(frame) === true) : args.some((arg) => arg.evaluate(frame) === true),
    };
  };

const not: Form = (call, args) => {
  requireCount(call, 1);
  requireType(call, at(args, 0), 'Boolean');
  return negation(at(args, 0));
};

/** Text is never null, only blank: ISNULL and NULLVALUE do not see an empty one. */
const neverNull = (type: FormulaType): boolean => type === 'Text' || type === 'Picklist' || type === 'MultiPicklist';

const isNull: Form = (call, args) => {
  requireCount(call, 1);
  const value = at(args, 0);
  if (value.type === 'Boolean') throw wrongArgument(call);
  return {
    type: 'Boolean',
    evaluate: (frame) => {
      const given = value.evaluate(frame);
      return !neverNull(value.type) && given === null;
    },
  };
};

const isBlankForm: Form = (call, args) => {
  requireCount(call, 1);
  const value = at(args, 0);
  if (value.type === 'Boolean') throw wrongArgument(call);
  return { type: 'Boolean', evaluate: (frame) => isBlank(value.evaluate(frame)) };
};

const substitute =
  (seesBlankText: boolean): Form =>
  (call, args) => {
    requireCount(call, 2);
    const [value, other] = [at(args, 0), at(args, 1)];
    const type = commonTypeOf(call, [value, other]);
    const keeps = !seesBlankText && neverNull(value.type);
    return {
      type,
      evaluate: (frame) => {
        const given = value.evaluate(frame);
        return isBlank(given) && !keeps ? other.evaluate(frame) : given;
      },
    };
  };

/** The second value where the first ends in an error. */
const ifError: Form = (call, args) => {
  requireCount(call, 2);
  const [value, other] = [at(args, 0), at(args, 1)];
  return {
    type: commonTypeOf(call, [value, other]),
    evaluate: (frame) => {
      try {
        return value.evaluate(frame);
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        return other.evaluate(frame);
      }
    },
  };
};

const oneOf: Form = (call, args) => {
  requireCount(call, 2, Number.MAX_SAFE_INTEGER);
  const type = commonTypeOf(call, args);
  const [value, ...list] = args;
  if (type === 'Location') throw wrongArgument(call);
  return {
    type: 'Boolean',
    evaluate: (frame) => {
      const given = value?.evaluate(frame) ?? null;
      return !isBlank(given) && list.some((entry) => equality(type, given, entry.evaluate(frame)) === true);
    },
  };
};

const notInFields = (call: Call, use: FormulaUse): void => {
  if (use !== 'validation') {
    throw new FormulaError(`Function ${call.name} may not be used in this type of formula`, call.at);
  }
};

const requireReference = (call: Call, value: Expression): number => {
  if (value.reference === undefined) {
    throw new FormulaError(`Incorrect parameter for function '${call.name}()'. Expected Field Reference.`, call.at);
  }
  return value.reference.index;
};

const changed = (frame: Frame, index: number, type: FormulaType): boolean => {
  if (frame.isNew) return false;
  const [now, before] = [frame.read(index), frame.prior(index)];
  if (isBlank(now) || isBlank(before)) return isBlank(now) !== isBlank(before);
  return equality(type === 'MultiPicklist' ? 'Text' : type, now, before) !== true;
};

/** Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_ischanged.htm */
const isChanged: Form = (call, args, use) => {
  requireCount(call, 1);
  notInFields(call, use);
  const index = requireReference(call, at(args, 0));
  const { type } = at(args, 0);
  return { type: 'Boolean', evaluate: (frame) => changed(frame, index, type) };
};

/** Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_priorvalue.htm */
const priorValue: Form = (call, args, use) => {
  requireCount(call, 1);
  notInFields(call, use);
  const field = at(args, 0);
  const index = requireReference(call, field);
  return { type: field.type, evaluate: (frame) => (frame.isNew ? field.evaluate(frame) : frame.prior(index)) };
};

const isNew: Form = (call, _args, use) => {
  requireCount(call, 0);
  notInFields(call, use);
  return { type: 'Boolean', evaluate: (frame) => frame.isNew };
};

/** Records are cloned in the user interface only. */
const isClone: Form = (call, _args, use) => {
  requireCount(call, 0);
  notInFields(call, use);
  return { type: 'Boolean', evaluate: () => false };
};

const forms: Readonly<Record<string, Form>> = {
  IF: choose,
  IFS: chooseMany,
  CASE: cases,
  AND: every(true),
  OR: every(false),
  NOT: not,
  ISNULL: isNull,
  ISBLANK: isBlankForm,
  NULLVALUE: substitute(false),
  BLANKVALUE: substitute(true),
  IFERROR: ifError,
  IN: oneOf,
  ISCHANGED: isChanged,
  PRIORVALUE: priorValue,
  ISNEW: isNew,
  ISCLONE: isClone,
};

export const specialForm = (name: string): Form | undefined => forms[name];

/** Their names, for the support matrix. */
export const specialForms = (): readonly string[] => [...Object.keys(forms), 'VLOOKUP'].sort();
