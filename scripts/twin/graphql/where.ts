import { isObject } from '../http/exchange.ts';
import { GraphQLProblem } from './problem.ts';
import type { FieldInfo, ObjectInfo, Objects } from './objects.ts';

const OPERATORS: Readonly<Record<string, string>> = {
  eq: '=',
  ne: '!=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'LIKE',
  in: 'IN',
  nin: 'NOT IN',
  includes: 'INCLUDES',
  excludes: 'EXCLUDES',
};

const NUMBERS = new Set(['int', 'double', 'currency', 'percent', 'long']);

const quoted = (text: string): string =>
  `'${text.replace(/[\\'"\n\r\t]/g, (character) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ?? `\\${character}`)}'`;

const wrong = (field: FieldInfo, value: unknown): GraphQLProblem =>
  new GraphQLProblem(
    `Validation error of type WrongType: a ${typeof value} is not a valid value of ${field.name} (${field.type})`,
  );

const DATE = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/;

const rangeLiteral = (range: unknown): string | undefined => {
  const [name, count] = isObject(range) ? (Object.entries(range)[0] ?? []) : [];
  if (name === undefined || !/^[a-z_]+$/i.test(name) || !Number.isInteger(count)) return undefined;
  return `${name.toUpperCase()}:${String(count)}`;
};

const dateLiteral = (field: FieldInfo, value: unknown): string => {
  if (value === null) return 'null';
  if (isObject(value)) {
    const { literal: name, range } = value;
    if (typeof name === 'string' && /^[A-Z_]+$/.test(name)) return name;
    return rangeLiteral(range) ?? dateLiteral(field, value['value']);
  }
  if (typeof value === 'string' && (field.type === 'date' ? DATE : INSTANT).test(value)) return value;
  throw wrong(field, value);
};

/** A SOQL literal of the field's type; nothing of the value reaches the query unescaped. */
const literal = (field: FieldInfo, value: unknown): string => {
  if (value === null) return 'null';
  if (field.type === 'date' || field.type === 'datetime') return dateLiteral(field, value);
  if (field.type === 'boolean' && typeof value === 'boolean') return String(value);
  if (NUMBERS.has(field.type) && typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string' || field.type === 'boolean' || NUMBERS.has(field.type)) throw wrong(field, value);
  return quoted(value);
};

const semiJoin = (value: unknown, objects: Objects, negative: boolean): string => {
  if (!isObject(value)) throw new GraphQLProblem('Validation error of type WrongType: inq needs an object');
  const entry = Object.entries(value).find(([name]) => name !== 'ApiName');
  if (entry === undefined || typeof value['ApiName'] !== 'string')
    throw new GraphQLProblem('Validation error of type WrongType: inq needs an object filter and ApiName');
  const object = objects(entry[0]);
  const field = object.field(value['ApiName']);
  if (field === undefined) throw unknownFilter(object, value['ApiName']);
  const filter = whereClause(entry[1], object, objects);
  return `${negative ? 'NOT IN' : 'IN'} (SELECT ${field.name} FROM ${object.name}${filter === '' ? '' : ` WHERE ${filter}`})`;
};

const unknownFilter = (object: ObjectInfo, name: string): GraphQLProblem =>
  new GraphQLProblem(
    `Validation error of type WrongType: argument 'where' contains a field not in '${object.name}_Filter': '${name}'`,
  );

const comparison = (path: string, field: FieldInfo, given: unknown, objects: Objects): string => {
  if (!isObject(given))
    throw new GraphQLProblem(`Validation error of type WrongType: the filter of ${path} needs an operator`);
  const parts = Object.entries(given).map(([operator, value]) => {
    if (operator === 'inq' || operator === 'ninq') return `${path} ${semiJoin(value, objects, operator === 'ninq')}`;
    const soql = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
    if (soql === undefined)
      throw new GraphQLProblem(`Validation error of type WrongType: unknown operator '${operator}' on ${path}`);
    if (/IN|CLUDES/.test(soql)) {
      const values = Array.isArray(value) ? value : [value];
      if (values.length === 0)
        throw new GraphQLProblem(`Validation error of type WrongType: '${operator}' on ${path} needs values`);
      return `${path} ${soql} (${values.map((one) => literal(field, one)).join(', ')})`;
    }
    return `${path} ${soql} ${literal(field, value)}`;
  });
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' AND ')})`;
};

const joined = (parts: readonly string[], connective: 'AND' | 'OR'): string => {
  const real = parts.filter((part) => part !== '');
  if (real.length <= 1) return real[0] ?? '';
  return `(${real.join(` ${connective} `)})`;
};

const manyOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const condition = (name: string, value: unknown, scope: Scope): string => {
  const connective = name.toUpperCase();
  if (connective === 'AND' || connective === 'OR') {
    return joined(
      manyOf(value).map((one) => build(one, scope)),
      connective,
    );
  }
  if (connective === 'NOT')
    return `(NOT ${joined(
      manyOf(value).map((one) => build(one, scope)),
      'AND',
    )})`;
  const field = scope.object.field(name);
  if (field !== undefined) return comparison(scope.prefix + field.name, field, value, scope.objects);
  const relation = scope.object.relationship(name);
  const [parent] = relation?.referenceTo ?? [];
  if (relation === undefined || parent === undefined) throw unknownFilter(scope.object, name);
  return build(value, {
    ...scope,
    object: scope.objects(parent),
    prefix: `${scope.prefix}${relation.relationshipName ?? ''}.`,
  });
};

type Scope = { readonly object: ObjectInfo; readonly objects: Objects; readonly prefix: string };

const build = (given: unknown, scope: Scope): string => {
  if (given === null || given === undefined) return '';
  if (!isObject(given)) throw new GraphQLProblem(`Validation error of type WrongType: 'where' must be an object`);
  return joined(
    Object.entries(given).map(([name, value]) => condition(name, value, scope)),
    'AND',
  );
};

/** A SOQL condition from a `where` argument; empty text when there is none. Throws GraphQLProblem. */
export const whereClause = (given: unknown, object: ObjectInfo, objects: Objects): string =>
  build(given, { object, objects, prefix: '' });

/** `ORDER BY` from an `orderBy` argument; empty text when there is none. */
export const orderClause = (given: unknown, object: ObjectInfo, objects: Objects, prefix = ''): string => {
  const parts = manyOf(given ?? {}).flatMap((one) => (isObject(one) ? Object.entries(one) : []));
  return parts
    .map(([name, value]) => {
      const field = object.field(name);
      if (field === undefined) {
        const relation = object.relationship(name);
        const [parent] = relation?.referenceTo ?? [];
        if (relation === undefined || parent === undefined) throw unknownFilter(object, name);
        return orderClause(value, objects(parent), objects, `${prefix}${relation.relationshipName ?? ''}.`);
      }
      const { order, nulls } = isObject(value) ? value : {};
      return `${prefix}${field.name} ${order === 'DESC' ? 'DESC' : 'ASC'}${nulls === 'LAST' ? ' NULLS LAST' : nulls === 'FIRST' ? ' NULLS FIRST' : ''}`;
    })
    .filter((part) => part !== '')
    .join(', ');
};
