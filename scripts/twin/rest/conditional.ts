import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { TwinError } from '../contract.ts';
import { empty } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { READ_ONCE } from '../schema/readOnce.ts';

/*
 * Conditional requests: entity tags of account rows, dates of any row and of describes.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest_conditional_requests.htm
 */

const rules = z
  .strictObject({ dated: z.string(), source: z.string(), objectsWithEntityTags: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(new URL('../../../config/twin/rest-rules.json', import.meta.url), 'utf8')), READ_ONCE);

/** Whether rows of the object have an entity tag: on the platform, accounts alone. */
export const hasEntityTag = (object: string): boolean => rules.objectsWithEntityTags.includes(object);

/** The entity tag of a whole row as answered. */
export const entityTag = (row: unknown): string =>
  `"${createHash('sha256').update(JSON.stringify(row)).digest('base64')}--gzip"`;

/** An HTTP date or ISO instant in milliseconds. Throws INVALID_HEADER, HTTP 400. */
export const headerInstant = (exchange: Exchange, name: string): number | undefined => {
  const text = exchange.header(name);
  if (text === undefined) return undefined;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new TwinError('INVALID_HEADER', `The header ${name} is not a date.`);
  return instant;
};

const TAG = /^(?:\s*(?:W\/)?"[^"]*"\s*(?:,|$))+$/;

const tagsOf = (exchange: Exchange, name: string): readonly string[] | undefined => {
  const text = exchange.header(name);
  if (text === undefined) return undefined;
  if (text.trim() === '*') return ['*'];
  if (!TAG.test(text)) throw new TwinError('INVALID_HEADER', `The header ${name} is no list of entity tags.`);
  return text.split(',').map((tag) => tag.trim());
};

export const preconditionFailed = (): TwinError =>
  new TwinError('PRECONDITION_FAILED', 'One or more conditions in the request header have not been met', {
    status: 412,
  });

/** HTTP dates have whole seconds. */
const wholeSeconds = (instant: number): number => Math.floor(instant / 1000) * 1000;

export type Version = { readonly tag: string | undefined; readonly modified: number | undefined };

const matches = (tags: readonly string[], tag: string): boolean => tags.includes('*') || tags.includes(tag);

const checkTags = (exchange: Exchange, tag: string, failure: () => Answer): Answer | undefined => {
  const wanted = tagsOf(exchange, 'if-match');
  if (wanted !== undefined && !matches(wanted, tag)) throw preconditionFailed();
  const known = tagsOf(exchange, 'if-none-match');
  return known !== undefined && matches(known, tag) ? failure() : undefined;
};

/** 304 where nothing has changed, undefined where the request goes on. Throws PRECONDITION_FAILED (412). */
export const readConditions = (exchange: Exchange, { tag, modified }: Version): Answer | undefined => {
  const unchanged = tag === undefined ? undefined : checkTags(exchange, tag, () => empty(304));
  if (unchanged !== undefined || modified === undefined) return unchanged;
  const before = headerInstant(exchange, 'if-unmodified-since');
  if (before !== undefined && wholeSeconds(modified) > before) throw preconditionFailed();
  const since = headerInstant(exchange, 'if-modified-since');
  return since !== undefined && wholeSeconds(modified) <= since ? empty(304) : undefined;
};

/** Entity tags of a change; dates are the engine's matter. Throws PRECONDITION_FAILED (412). */
export const writeConditions = (exchange: Exchange, tag: () => string): void => {
  if (exchange.header('if-match') === undefined && exchange.header('if-none-match') === undefined) return;
  checkTags(exchange, tag(), () => {
    throw preconditionFailed();
  });
};
