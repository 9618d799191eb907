import { EvaluationError } from '../errors.ts';
import type { Value } from '../types.ts';
import { textOf } from '../values.ts';
import type { FunctionTable } from './specification.ts';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw new EvaluationError('the text is no JSON');
    throw error;
  }
};

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

const written = (value: unknown): Value => {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** `$.a.b[0]['c']` as keys; other paths of JSONPath are an error. */
const keysOf = (path: string): readonly string[] => {
  if (!/^\$(?:\.[\w-]+|\[\d+\]|\['[^']*'\])*$/.test(path)) throw new EvaluationError('the path is not supported');
  return [...path.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]/g)].map(
    (found) => found[1] ?? found[2] ?? found[3] ?? '',
  );
};

/** Source of both: https://github.com/salesforce/formula-engine */
export const jsonFunctions: FunctionTable = {
  JSONVALUE: {
    parameters: ['Text', 'Text'],
    result: 'Text',
    run: ([json, key]) => (json === '' ? null : written(member(parse(textOf(json)), textOf(key)))),
  },
  JSONPATHVALUE: {
    parameters: ['Text', 'Text'],
    result: 'Text',
    run: ([json, path]) =>
      json === '' ? null : written(keysOf(textOf(path)).reduce<unknown>(member, parse(textOf(json)))),
  },
};
