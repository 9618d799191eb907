import { TwinError } from '../contract.ts';

/** Characters shown before and after the culprit, each side prolonged to the end of its word. */
const excerptReach = 30;

const isBreak = (character: string | undefined): boolean => character === undefined || /[\s,]/.test(character);

/** The part of the line around a place, as the platform cuts it: thirty characters each way, then to a blank or comma. */
const excerpt = (line: string, column: number): { readonly start: number; readonly end: number } => {
  let start = Math.max(0, column - excerptReach);
  while (start > 0 && !isBreak(line[start - 1])) start -= 1;
  let end = column + excerptReach;
  while (end < line.length && !isBreak(line[end])) end += 1;
  return { start, end: Math.min(end, line.length) };
};

type Spot = { readonly line: string; readonly row: number; readonly column: number };

const spotOf = (soql: string, position: number): Spot => {
  const before = soql.slice(0, position);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = soql.indexOf('\n', position);
  return {
    line: soql.slice(lineStart, lineEnd === -1 ? undefined : lineEnd),
    row: before.split('\n').length,
    column: position - lineStart,
  };
};

const pointed = ({ line, row, column }: Spot, message: string): string => {
  const { start, end } = excerpt(line, column);
  return `\n${line.slice(start, end)}\n${' '.repeat(column - start)}^\nERROR at Row:${row}:Column:${column + 1}\n${message}`;
};

/**
 * The platform's error text: the line around the culprit, a caret under it, row and column, the message.
 * Recorded through REST: INVALID_FIELD and INVALID_TYPE of several orgs, whole lines and cut ones.
 */
export const withCaret = (soql: string, position: number | undefined, message: string): string =>
  position === undefined ? message : pointed(spotOf(soql, position), message);

/**
 * MALFORMED_QUERY for a word that cannot stand where it does. The caret stands one before it, as recorded
 * (`SELECT Id, FROM Account`: column 11); without one at the very start and the very end.
 */
export const unexpectedToken = (soql: string, position: number, text: string): TwinError => {
  const message = `unexpected token: '${text}'`;
  const spot = spotOf(soql, position);
  if (position === 0 || text === '<EOF>') return new TwinError('MALFORMED_QUERY', message);
  return new TwinError('MALFORMED_QUERY', pointed({ ...spot, column: Math.max(0, spot.column - 1) }, message));
};

const customHint = (thing: string, suffix: string, where: string): string =>
  `If you are attempting to use a custom ${thing}, be sure to append the '${suffix}' after the ${where}. Please reference your WSDL or the describe call for the appropriate names.`;

/** A name in the statement and where it stands. */
export type Named = { readonly text: string; readonly at: number };

/** `undefined` for statements the twin made itself: they have no text to point into. */
const place = (soql: string, { at }: Named): number | undefined => (soql === '' ? undefined : at);

export const noSuchColumn = (soql: string, entity: string, path: Named): TwinError => {
  const name = path.text.split('.').at(-1) ?? path.text;
  const message = `No such column '${name}' on entity '${entity}'. ${customHint('field', '__c', 'custom field name')}`;
  return new TwinError('INVALID_FIELD', withCaret(soql, place(soql, path), message));
};

export const noSuchRelationship = (soql: string, path: Named, relationship: string): TwinError =>
  new TwinError(
    'INVALID_FIELD',
    withCaret(
      soql,
      place(soql, path),
      `Didn't understand relationship '${relationship}' in field path. ${customHint('relationship', '__r', 'custom relationship name')}`,
    ),
  );

export const noSuchChildRelationship = (soql: string, name: Named): TwinError =>
  new TwinError(
    'INVALID_TYPE',
    withCaret(
      soql,
      place(soql, name),
      `Didn't understand relationship '${name.text}' in FROM part of query call. ${customHint('relationship', '__r', 'custom relationship name')}`,
    ),
  );

export const noSuchObject = (soql: string, name: Named): TwinError =>
  new TwinError(
    'INVALID_TYPE',
    withCaret(
      soql,
      place(soql, name),
      `sObject type '${name.text}' is not supported. ${customHint('object', '__c', 'entity name')}`,
    ),
  );

/** MALFORMED_QUERY, with a caret under `where` when given. */
export const malformed = (message: string, soql = '', where?: Named): TwinError =>
  new TwinError('MALFORMED_QUERY', where === undefined ? message : withCaret(soql, place(soql, where), message));

/** INVALID_FIELD with a caret under `where`. */
export const invalidField = (soql: string, where: Named, message: string): TwinError =>
  new TwinError('INVALID_FIELD', withCaret(soql, place(soql, where), message));

/** INVALID_QUERY_FILTER_OPERATOR with a caret under `where`. */
export const invalidFilter = (soql: string, where: Named, message: string): TwinError =>
  new TwinError('INVALID_QUERY_FILTER_OPERATOR', withCaret(soql, place(soql, where), message));
