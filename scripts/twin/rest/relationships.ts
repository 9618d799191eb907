import { TwinError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { isObject, json, signedIn } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { noResource } from './objects.ts';
import { openPage } from './query.ts';
import { rowShaper } from './shape.ts';

type Asked = {
  readonly object: string;
  readonly id: string;
  readonly relationship: string;
  readonly fields: readonly string[] | undefined;
};

const same = (a: unknown, b: string): boolean => typeof a === 'string' && a.toLowerCase() === b.toLowerCase();

const entries = (
  described: Readonly<Record<string, unknown>>,
  part: string,
): readonly Readonly<Record<string, unknown>>[] =>
  (Array.isArray(described[part]) ? (described[part] as readonly unknown[]) : []).filter(isObject);

const parentRow = (exchange: Exchange, context: TwinContext, asked: Asked, field: string): Answer => {
  const { engine, schema } = context.org;
  const session = signedIn(exchange);
  const parentId = engine.retrieve(session, asked.object, asked.id, [field])[field];
  const parent = typeof parentId === 'string' ? engine.objectOfId(parentId) : undefined;
  if (parent === undefined) throw noResource();
  return json(rowShaper(schema)(engine.retrieve(session, parent, String(parentId), asked.fields)));
};

const childRows = (
  exchange: Exchange,
  context: TwinContext,
  asked: Asked,
  child: Readonly<Record<string, unknown>>,
): Answer => {
  const { engine } = context.org;
  const session = signedIn(exchange);
  const [object, field] = [String(child['childSObject']), String(child['field'])];
  const { Id } = engine.retrieve(session, asked.object, asked.id, ['Id']);
  const readable = entries(engine.describe(session, object), 'fields')
    .filter(({ type }) => type !== 'base64')
    .map(({ name }) => String(name));
  const named = asked.fields ?? readable;
  const odd = named.find((name) => !/^[a-z]\w*(?:\.[a-z]\w*)*$/i.test(name));
  if (odd !== undefined) throw new TwinError('INVALID_FIELD', `No such column '${odd}' on sobject of type ${object}`);
  return openPage(exchange, context, `SELECT ${named.join(',')} FROM ${object} WHERE ${field} = '${String(Id)}'`);
};

/**
 * The parent row or child rows behind a relationship's name in the address.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_relationships.htm
 * @throws TwinError NOT_FOUND: no such relationship, or the lookup is empty.
 */
export const related = (exchange: Exchange, context: TwinContext, asked: Asked): Answer => {
  const described = context.org.engine.describe(signedIn(exchange), asked.object);
  const lookup = entries(described, 'fields').find(({ relationshipName }) =>
    same(relationshipName, asked.relationship),
  );
  if (lookup !== undefined) return parentRow(exchange, context, asked, String(lookup['name']));
  const child = entries(described, 'childRelationships').find(({ relationshipName }) =>
    same(relationshipName, asked.relationship),
  );
  if (child === undefined) throw noResource();
  return childRows(exchange, context, asked, child);
};
