import { TwinError } from '../contract.ts';

/** The text with string literals blanked out, so that searching finds syntax only. */
const withoutStrings = (soql: string): string =>
  soql.replace(/'(?:\\.|[^'\\])*'/g, (literal) => `'${' '.repeat(Math.max(0, literal.length - 2))}'`);

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Where a word stands in the statement (0-based), outside string literals; undefined when it does not. */
export const positionOf = (soql: string, word: string): number | undefined => {
  const match = new RegExp(`(?<![\\w.])${escapeRegExp(word)}(?![\\w])`, 'i').exec(withoutStrings(soql));
  return match?.index;
};

/**
 * The platform's error text: the line, a caret under the culprit, row and column, the message.
 * Recorded in org-behaviour evidence: INVALID_FIELD through REST.
 */
export const withCaret = (soql: string, position: number | undefined, message: string): string => {
  if (position === undefined) return message;
  const before = soql.slice(0, position);
  const row = before.split('\n').length;
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = soql.indexOf('\n', position);
  const line = soql.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  const column = position - lineStart;
  return `\n${line}\n${' '.repeat(column)}^\nERROR at Row:${row}:Column:${column + 1}\n${message}`;
};

const customHint = (thing: string, suffix: string, where: string): string =>
  `If you are attempting to use a custom ${thing}, be sure to append the '${suffix}' after the ${where}. Please reference your WSDL or the describe call for the appropriate names.`;

export const noSuchColumn = (soql: string, entity: string, path: string): TwinError => {
  const name = path.split('.').at(-1) ?? path;
  const message = `No such column '${name}' on entity '${entity}'. ${customHint('field', '__c', 'custom field name')}`;
  return new TwinError('INVALID_FIELD', withCaret(soql, positionOf(soql, path) ?? positionOf(soql, name), message));
};

export const noSuchRelationship = (soql: string, relationship: string): TwinError =>
  new TwinError(
    'INVALID_FIELD',
    withCaret(
      soql,
      positionOf(soql, relationship),
      `Didn't understand relationship '${relationship}' in field path. ${customHint('relationship', '__r', 'custom relationship name')}`,
    ),
  );

export const noSuchChildRelationship = (soql: string, relationship: string): TwinError =>
  new TwinError(
    'INVALID_TYPE',
    withCaret(
      soql,
      positionOf(soql, relationship),
      `Didn't understand relationship '${relationship}' in FROM part of query call. ${customHint('relationship', '__r', 'custom relationship name')}`,
    ),
  );

export const noSuchObject = (soql: string, object: string): TwinError =>
  new TwinError(
    'INVALID_TYPE',
    withCaret(
      soql,
      positionOf(soql, object),
      `sObject type '${object}' is not supported. ${customHint('object', '__c', 'entity name')}`,
    ),
  );

/** MALFORMED_QUERY, with a caret under `word` when given. */
export const malformed = (message: string, soql = '', word?: string): TwinError =>
  new TwinError('MALFORMED_QUERY', word === undefined ? message : withCaret(soql, positionOf(soql, word), message));

/** INVALID_FIELD with a caret under `word`. */
export const invalidField = (soql: string, word: string, message: string): TwinError =>
  new TwinError('INVALID_FIELD', withCaret(soql, positionOf(soql, word), message));
