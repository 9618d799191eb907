import { parseQuery, type Query } from '@jetstreamapp/soql-parser-js';
import { malformed, positionOf, withCaret } from './soqlErrors.ts';
import { TwinError } from '../contract.ts';

/** Source: https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_soslsoql.htm */
const maxLength = 100_000;

const foundToken = (message: string): string | undefined =>
  /found(?: -->|:) ?'?([^']*?)'?(?: <--)?$/s.exec(message.trimEnd())?.[1]?.trim();

const unexpected = (soql: string, error: Error): TwinError => {
  const lexing = /unexpected character: ->(.+?)<- at offset: (\d+)/s.exec(error.message);
  if (lexing !== null) {
    const text = `unexpected token: '${lexing[1] ?? ''}'`;
    return new TwinError('MALFORMED_QUERY', withCaret(soql, Number(lexing[2]), text));
  }
  const token = foundToken(error.message) ?? '';
  if (token === '') return new TwinError('MALFORMED_QUERY', `unexpected token: '<EOF>'`);
  const position = positionOf(soql, token) ?? soql.indexOf(token);
  const message = `unexpected token: '${token}'`;
  if (position <= 0) return new TwinError('MALFORMED_QUERY', message);
  return new TwinError('MALFORMED_QUERY', withCaret(soql, position, message));
};

/** Parses a statement; TwinError MALFORMED_QUERY in the platform's words. */
export const parseSoql = (soql: string): Query => {
  if (soql.length > maxLength) {
    throw new TwinError('QUERY_TOO_COMPLICATED', `SOQL statements cannot be longer than ${maxLength} characters.`);
  }
  let query: Query;
  try {
    query = parseQuery(soql.trim());
  } catch (error) {
    throw unexpected(soql, error instanceof Error ? error : new Error(String(error)));
  }
  if (query.sObject === undefined || query.fields === undefined) throw malformed(`unexpected token: '<EOF>'`);
  return query;
};
