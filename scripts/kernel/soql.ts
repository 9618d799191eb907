const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  // line ends of Unicode, which not every reader of SOQL takes inside a literal
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/**
 * A quoted SOQL string. jsforce escapes the quote but not the backslash, so that a value ending in `\` breaks out of
 * its literal: every literal in Garde is made here.
 * https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm
 */
export const soqlString = (value: string): string =>
  `'${value.replace(/[\\'"\n\r\t\b\f\u2028\u2029]/g, (character) => ESCAPES[character] ?? character)}'`;

/** A string for LIKE that matches the value literally: `%` and `_` escaped too. */
export const soqlLikeLiteral = (value: string): string =>
  value
    .replace(/[\\'"\n\r\t\b\f\u2028\u2029]/g, (character) => ESCAPES[character] ?? character)
    .replace(/[%_]/g, '\\$&');

/**
 * A quoted phrase for the braces of SOSL's FIND, every reserved character escaped; undefined when fewer than two letters or
 * figures are left, which the platform refuses.
 * https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_find.htm
 */
export const soslPhrase = (value: string): string | undefined => {
  const text = value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  if (text.replace(/[^\p{L}\p{N}]/gu, '').length < 2) return undefined;
  return `"${text.replace(/[?&|!{}[\]()^~*:\\"'+-]/g, '\\$&')}"`;
};

/** `('a','b')` for IN; SOQL refuses an empty list, so do we. */
export const soqlList = (values: readonly string[]): string => {
  if (values.length === 0) throw new RangeError('SOQL has no empty IN list');
  return `(${values.map(soqlString).join(',')})`;
};

const NAME = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/;

/** An object, field or relationship path, checked: names cannot be quoted in SOQL, so anything else is refused. */
export const soqlName = (name: string): string => {
  if (!NAME.test(name)) throw new RangeError('not an object, field or relationship path');
  return name;
};

/** Splits ids so that a query stays under the platform's 100,000 characters with room for its other parts. */
export const inChunks = <T>(values: readonly T[], size = 400): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));
