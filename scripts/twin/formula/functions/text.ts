import { EvaluationError } from '../errors.ts';
import { dateText, dateTimeText, timeText } from '../dates.ts';
import { Decimal, integerOf, parseNumber, plainText, storedNumber, zero } from '../numbers.ts';
import type { FormulaType, Value } from '../types.ts';
import { checkedText, instantOf, numberOf, textOf } from '../values.ts';
import type { FunctionSpecification, FunctionTable } from './specification.ts';

/** Source of all: https://help.salesforce.com/s/articleView?id=platform.customize_functions.htm (Text Functions). */

const orNull = (text: string): Value => (text === '' ? null : text);

const change = (compute: (text: string) => string): FunctionSpecification => ({
  parameters: ['Text'],
  result: 'Text',
  takesBlanks: true,
  run: ([text]) => checkedText(compute(textOf(text))),
});

/** A change of letters by the rules of a language, `tr`; without one, or with one nobody knows, of none. */
const letters = (compute: (text: string, locale: string) => string): FunctionSpecification => ({
  parameters: ['Text', 'Text'],
  optional: 1,
  result: 'Text',
  takesBlanks: true,
  run: ([text, language]) => checkedText(compute(textOf(text), localeOf(textOf(language)))),
});

const localeOf = (language: string): string => {
  const tag = language.replaceAll('_', '-');
  return /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(tag) ? tag : 'und';
};

const test = (compute: (text: string, part: string) => boolean): FunctionSpecification => ({
  parameters: ['Text', 'Text'],
  result: 'Boolean',
  takesBlanks: true,
  run: ([text, part]) => compute(textOf(text), textOf(part)),
});

const part = (cut: (text: string, count: number) => string): FunctionSpecification => ({
  parameters: ['Text', 'Number'],
  result: 'Text',
  run: ([text, count]) => {
    const length = integerOf(numberOf(count));
    return length <= 0 ? null : orNull(cut(textOf(text), length));
  },
});

const maxPadded = 100_000;

const padding = (join: (text: string, filling: string) => string): FunctionSpecification => ({
  parameters: ['Text', 'Number', 'Text'],
  optional: 1,
  result: 'Text',
  run: ([given, count, filler]) => {
    const text = textOf(given);
    const length = integerOf(numberOf(count));
    if (text === '' || length <= 0) return null;
    if (length <= text.length) return text.slice(0, length);
    if (length > maxPadded) throw new EvaluationError('#Too Big!');
    const unit = filler === undefined || filler === '' ? ' ' : textOf(filler);
    return join(text, unit.repeat(Math.ceil(length / unit.length)).slice(0, length - text.length));
  },
});

const between = (text: string, start: number, count: number): Value =>
  count <= 0 ? null : orNull(text.slice(start, start + count));

/** Starts below zero count from the end. */
const substring = (text: string, start: number, count: number): Value => {
  if (start >= 0) return between(text, Math.max(0, start - 1), count);
  return -start > text.length ? null : between(text, text.length + start, count);
};

const piece = (
  cut: (text: string, start: number, count: number) => Value,
  optional: number,
): FunctionSpecification => ({
  parameters: ['Text', 'Number', 'Number'],
  optional,
  result: 'Text',
  run: ([text, start, count]) =>
    cut(
      textOf(text),
      integerOf(numberOf(start)),
      count === undefined ? Number.MAX_SAFE_INTEGER : integerOf(numberOf(count)),
    ),
});

const capitalised = (text: string): string =>
  text.replace(/[\p{L}\p{N}]+/gu, (word) => {
    const [first = '', ...rest] = word;
    return first.toUpperCase() + rest.join('').toLowerCase();
  });

const writers: Partial<Record<FormulaType, (value: Value) => string>> = {
  Number: (value) => plainText(numberOf(value)),
  Date: (value) => dateText(instantOf(value)),
  DateTime: (value) => dateTimeText(instantOf(value)),
  Time: (value) => timeText(instantOf(value)),
};

/** TEXT() of a value of a type. */
export const writeText = (value: Value, type: FormulaType | undefined): Value => {
  if (value === null) return null;
  const writer = type === undefined ? undefined : writers[type];
  return writer === undefined ? textOf(value) : writer(value);
};

const find: FunctionSpecification = {
  parameters: ['Text', 'Text', 'Number'],
  optional: 1,
  result: 'Number',
  takesBlanks: true,
  run: ([search, text, start]) => {
    const wanted = textOf(search);
    if (wanted === '' || start === null) return zero;
    const from = start === undefined ? 0 : integerOf(numberOf(start)) - 1;
    return new Decimal(textOf(text).indexOf(wanted, Math.max(0, from)) + 1);
  },
};

const substitute: FunctionSpecification = {
  parameters: ['Text', 'Text', 'Text'],
  result: 'Text',
  takesBlanks: true,
  run: ([given, old, replacement]) => {
    const [text, wanted, put] = [textOf(given), textOf(old), textOf(replacement)];
    if (wanted === '') return given ?? null;
    const pieces = text.split(wanted);
    if (text.length + pieces.length * put.length > 2_000_000) throw new EvaluationError('#Too Big!');
    return checkedText(pieces.join(put));
  },
};

const character: FunctionSpecification = {
  parameters: ['Number'],
  result: 'Text',
  run: ([code]) => {
    const point = integerOf(numberOf(code));
    if (point > 0x10ffff) throw new EvaluationError('no such character');
    return point <= 0 ? null : String.fromCodePoint(point);
  },
};

export const textFunctions: FunctionTable = {
  LEN: {
    parameters: ['Text'],
    result: 'Number',
    takesBlanks: true,
    run: ([text]) => new Decimal(textOf(text).length),
  },
  LEFT: part((text, count) => text.slice(0, count)),
  RIGHT: part((text, count) => text.slice(-count)),
  MID: piece((text, start, count) => between(text, Math.max(0, start - 1), count), 0),
  SUBSTR: piece(substring, 1),
  LPAD: padding((text, filling) => filling + text),
  RPAD: padding((text, filling) => text + filling),
  TRIM: change((text) => text.trim()),
  UPPER: letters((text, locale) => text.toLocaleUpperCase(locale)),
  LOWER: letters((text, locale) => text.toLocaleLowerCase(locale)),
  INITCAP: change(capitalised),
  REVERSE: change((text) => Array.from(text).reverse().join('')),
  /** Whether blank text begins with anything is not known; every text begins with nothing. */
  BEGINS: {
    parameters: ['Text', 'Text'],
    result: 'Boolean',
    takesBlanks: true,
    run: ([text, start]) => (textOf(text) === '' ? null : textOf(text).startsWith(textOf(start))),
  },
  CONTAINS: test((text, inner) => text.includes(inner)),
  ENDS: test((text, end) => text.endsWith(end)),
  FIND: find,
  SUBSTITUTE: substitute,
  TEXT: {
    parameters: [['Number', 'Date', 'DateTime', 'Time', 'Picklist', 'Null']],
    result: 'Text',
    run: ([value], _frame, [type]) => writeText(value ?? null, type),
    fields: ([value], _frame, [type]) =>
      type === 'Number' && value !== null ? storedNumber(numberOf(value)) : writeText(value ?? null, type),
    literals: 'as written',
  },
  VALUE: {
    parameters: ['Text'],
    result: 'Number',
    run: ([text]) => {
      if (text === '') return null;
      const number = parseNumber(textOf(text));
      if (number === undefined) throw new EvaluationError('the text is not a valid number');
      return number;
    },
  },
  ISNUMBER: {
    parameters: ['Text'],
    result: 'Boolean',
    takesBlanks: true,
    run: ([text]) => parseNumber(textOf(text)) !== undefined,
  },
  CHR: character,
  ASCII: {
    parameters: ['Text'],
    result: 'Number',
    run: ([text]) => {
      const code = textOf(text).codePointAt(0);
      return code === undefined ? null : new Decimal(code);
    },
  },
  BR: { parameters: [], result: 'Text', run: () => '<br>' },
};
