import { TwinError } from '../contract.ts';
import { isObject } from '../http/exchange.ts';

const REFERENCE = /@\{([^}]+)\}/g;

const step = (value: unknown, name: string): unknown => {
  if (Array.isArray(value)) return value[Number(name)] as unknown;
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
};

/** Source: https://developer.salesforce.com/docs/platform/api-rest/guide/resources-composite-composite-post.html */
export const badReferenceId = (given: string): string =>
  `Provided referenceId ('${given}') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').`;

const lookUp = (expression: string, results: ReadonlyMap<string, unknown>): unknown => {
  const parts = expression.split(/[.[\]]+/).filter((part) => part !== '');
  const [reference = '', ...path] = parts;
  let value = results.get(reference);
  for (const part of path) value = step(value, part);
  if (value === undefined) {
    throw new TwinError(
      'PROCESSING_HALTED',
      `Invalid reference specified. No value for ${expression} found in ${reference}. ${badReferenceId(expression)}`,
    );
  }
  return value;
};

const inText = (text: string, results: ReadonlyMap<string, unknown>): unknown => {
  const whole = /^@\{([^}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined) return lookUp(whole, results);
  return text.replace(REFERENCE, (_all, expression: string) => String(lookUp(expression, results)));
};

/** Replaces `@{ref.field}` and `@{ref.records[0].Id}` in all texts of a value. Throws PROCESSING_HALTED. */
export const resolveReferences = (value: unknown, results: ReadonlyMap<string, unknown>): unknown => {
  if (typeof value === 'string') return value.includes('@{') ? inText(value, results) : value;
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, results));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolveReferences(item, results)]));
};
