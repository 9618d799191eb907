import { createContext, Script } from 'node:vm';
import { EvaluationError, FormulaRefused } from '../errors.ts';
import { Decimal } from '../numbers.ts';
import type { Value } from '../types.ts';
import { textOf } from '../values.ts';
import type { FunctionTable } from './specification.ts';

/** Milliseconds one match may take; patterns that could take long run where they can be stopped. */
const allowance = 200;
const maxKept = 500;
/** Below this many characters, a pattern without nested repetition ends at once. */
const shortText = 300;

const sandbox = createContext(Object.create(null) as object);
const matcher = new Script('pattern.test(text)');

/** Named classes of Java's expressions. */
const classes: Readonly<Record<string, string>> = {
  Alpha: 'A-Za-z',
  Digit: '0-9',
  Alnum: 'A-Za-z0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  Punct: '!-\\/:-@\\[-`{-~',
  Space: '\\s',
  XDigit: '0-9A-Fa-f',
  IsLetter: '\\p{L}',
  IsDigit: '\\p{Nd}',
};

const translateClass = (source: string): string =>
  source.replace(/\\p\{(\w+)\}/g, (whole, name: string, offset: number) => {
    const members = classes[name];
    if (members === undefined) return whole;
    const opened = source.slice(0, offset).replace(/\\./g, '');
    return opened.lastIndexOf('[') > opened.lastIndexOf(']') ? members : `[${members}]`;
  });

const unsupported: readonly (readonly [RegExp, string])[] = [
  [/[*+?}]\+/, 'possessive quantifiers'],
  [/\(\?>/, 'atomic groups'],
  [/&&\[/, 'intersections of character classes'],
  [/\\[GQEXRhH]/, 'this escape'],
];

/** A pattern of Java as one of JavaScript that must match the whole text. */
const translate = (source: string): RegExp => {
  const bare = source.replace(/\\\\/g, '');
  for (const [sign, what] of unsupported) {
    if (sign.test(bare)) throw new FormulaRefused(`${what} in REGEX()`);
  }
  const flags = /^\(\?([ims]+)\)/.exec(source);
  const body = translateClass(flags === null ? source : source.slice(flags[0].length))
    .replaceAll('\\A', '^')
    .replace(/\\[zZ]/g, '$');
  const unicode = body.includes('\\p{') ? 'u' : '';
  try {
    return new RegExp(`^(?:${body})$`, `${flags?.[1] ?? ''}${unicode}`);
  } catch (error) {
    if (error instanceof SyntaxError) throw new EvaluationError('the regular expression is not valid');
    throw error;
  }
};

type Kept = { readonly pattern: RegExp; readonly quick: boolean };
const kept = new Map<string, Kept>();

const patternOf = (source: string): Kept => {
  const known = kept.get(source);
  if (known !== undefined) return known;
  if (kept.size >= maxKept) kept.clear();
  // Repeated groups, back references and many repetitions side by side are what makes matching slow.
  const slow = /\)[*+{]/.test(source) || /\\[1-9k]/.test(source) || (source.match(/[*+{]/g) ?? []).length > 3;
  const made = { pattern: translate(source), quick: !slow };
  kept.set(source, made);
  return made;
};

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** Whether the whole text matches. EvaluationError for a wrong pattern, or one that takes too long. */
const matches = (text: string, source: string): boolean => {
  const { pattern, quick } = patternOf(source);
  if (quick && text.length <= shortText) return pattern.test(text);
  Object.assign(sandbox, { pattern, text });
  try {
    return matcher.runInContext(sandbox, { timeout: allowance }) === true;
  } catch (error) {
    if (isTimeout(error)) throw new EvaluationError('Regular expression runtime exceeded');
    throw error;
  }
};

type Wild = { readonly any: boolean; readonly letter: string | undefined };

const wildcards = (pattern: string): readonly Wild[] => {
  const parts: Wild[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const letter = pattern[index] ?? '';
    if (letter === '\\' && index + 1 < pattern.length) {
      index += 1;
      parts.push({ any: false, letter: pattern[index] ?? '' });
    } else if (letter === '%') parts.push({ any: true, letter: undefined });
    else parts.push({ any: false, letter: letter === '_' ? undefined : letter });
  }
  return parts;
};

/** `%` is any text and `_` any character; a backslash makes them plain. Goes back to the last `%` only. */
const like = (text: string, pattern: string): boolean => {
  const parts = wildcards(pattern);
  let [at, next, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    const part = parts[next];
    if (part?.any === true) {
      star = next;
      mark = at;
      next += 1;
    } else if (part !== undefined && (part.letter === undefined || part.letter === text[at])) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      next = star + 1;
      mark += 1;
      at = mark;
    } else return false;
  }
  return parts.slice(next).every((part) => part.any);
};

const picked = (value: Value | undefined): readonly string[] =>
  textOf(value)
    .split(';')
    .filter((entry) => entry !== '');

/** Picklist values are the same in any case. */
const sameValue = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Functions that look into texts and picklists. */
export const matchingFunctions: FunctionTable = {
  /** Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_regex.htm */
  REGEX: {
    parameters: ['Text', 'Text'],
    result: 'Boolean',
    takesBlanks: true,
    uses: ['validation', 'default'],
    run: ([text, pattern]) => matches(textOf(text), textOf(pattern)),
  },
  LIKE: {
    parameters: ['Text', 'Text'],
    result: 'Boolean',
    takesBlanks: true,
    run: ([text, pattern]) => like(textOf(text), textOf(pattern)),
  },
  /** Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_ispickval.htm */
  ISPICKVAL: {
    parameters: ['Picklist', 'Text'],
    result: 'Boolean',
    takesBlanks: true,
    quoted: 1,
    run: ([value, wanted]) => sameValue(textOf(value), textOf(wanted)),
  },
  /** Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_includes.htm */
  INCLUDES: {
    parameters: ['MultiPicklist', 'Text'],
    result: 'Boolean',
    takesBlanks: true,
    quoted: 1,
    run: ([value, wanted]) => picked(value).some((entry) => sameValue(entry, textOf(wanted))),
  },
  /** Source: https://help.salesforce.com/s/articleView?id=platform.customize_functions_picklistcount.htm */
  PICKLISTCOUNT: {
    parameters: ['MultiPicklist'],
    result: 'Number',
    takesBlanks: true,
    run: ([value]) => new Decimal(picked(value).length),
  },
};
