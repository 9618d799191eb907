import type { QueryRow } from '../contract.ts';
import { isObject } from '../http/exchange.ts';
import type { Resolver } from './connection.ts';
import { cursorAt, firstOf, nodeSelections, only } from './connection.ts';
import { undefinedField } from './document.ts';
import { GraphQLProblem } from './problem.ts';
import type { Selection } from './document.ts';
import type { ObjectInfo } from './objects.ts';
import { whereClause } from './where.ts';

const FUNCTIONS: Readonly<Record<string, string>> = {
  count: 'COUNT',
  countDistinct: 'COUNT_DISTINCT',
  sum: 'SUM',
  avg: 'AVG',
  min: 'MIN',
  max: 'MAX',
};

type Measure = { readonly alias: string; readonly soql: string; readonly field: Selection; readonly part: Selection };

const groupsOf = (selection: Selection, object: ObjectInfo): readonly string[] => {
  const groupBy = selection.args['groupBy'];
  return Object.entries(isObject(groupBy) ? groupBy : {}).map(([name, value]) => {
    const field = object.field(name);
    if (field === undefined)
      throw new GraphQLProblem(
        `Validation error of type WrongType: argument 'groupBy' contains a field not in '${object.name}_GroupBy': '${name}'`,
      );
    if (isObject(value) && value['function'] !== undefined) throw new GraphQLProblem('NOT_EMULATED: groupBy functions');
    return field.name;
  });
};

const measuresOf = (fields: readonly Selection[], object: ObjectInfo, path: readonly string[]): readonly Measure[] => {
  const measures: Measure[] = [];
  for (const field of fields) {
    const info = object.field(field.name);
    if (info === undefined) throw undefinedField(field, `${object.name}Aggregate`, path);
    for (const part of field.selections) {
      if (!Object.hasOwn(FUNCTIONS, part.name)) continue;
      const alias = `m${measures.length}`;
      measures.push({ alias, soql: `${FUNCTIONS[part.name] ?? ''}(${info.name}) ${alias}`, field, part });
    }
  }
  return measures;
};

const shapeField = (
  field: Selection,
  row: QueryRow,
  object: ObjectInfo,
  measures: readonly Measure[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    field.selections.map((part): [string, unknown] => {
      const measure = measures.find((one) => one.field === field && one.part === part);
      if (measure !== undefined) {
        return [
          part.key,
          Object.fromEntries(
            part.selections.map(({ key, name }) => [key, name === 'value' ? (row[measure.alias] ?? null) : null]),
          ),
        ];
      }
      if (part.name === 'value') return [part.key, row[object.field(field.name)?.name ?? ''] ?? null];
      throw undefinedField(part, 'AggregateValue', [field.key]);
    }),
  );

/** `uiapi { aggregate { X(where, groupBy) { edges { node { aggregate { F { count { value } } } } } } } }`. */
export const aggregate = (selection: Selection, resolver: Resolver): Readonly<Record<string, unknown>> => {
  const object = resolver.objects(selection.name);
  const fields = only(nodeSelections(selection), 'aggregate').flatMap(({ selections }) => selections);
  const groups = groupsOf(selection, object);
  const measures = measuresOf(fields, object, ['uiapi', 'aggregate', selection.key]);
  const columns = [...groups, ...measures.map(({ soql }) => soql)];
  if (columns.length === 0)
    throw new GraphQLProblem('An aggregate query needs a group or a measure.', { location: selection.location });
  const filter = whereClause(selection.args['where'], object, resolver.objects);
  const soql = `SELECT ${columns.join(', ')} FROM ${object.name}${filter === '' ? '' : ` WHERE ${filter}`}${groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`}`;
  const { totalSize, rows } = resolver.run(soql);
  const shown: QueryRow[] = [];
  for (const row of rows) if (shown.push(row) === firstOf(selection)) break;
  const node = (row: QueryRow): Readonly<Record<string, unknown>> => ({
    aggregate: Object.fromEntries(fields.map((field) => [field.key, shapeField(field, row, object, measures)])),
  });
  return Object.fromEntries(
    selection.selections.map((part): [string, unknown] => {
      if (part.name === 'totalCount') return [part.key, totalSize];
      if (part.name === 'edges')
        return [part.key, shown.map((row, i) => ({ node: node(row), cursor: cursorAt(i + 1) }))];
      throw undefinedField(part, `${object.name}AggregateConnection`, ['uiapi', 'aggregate']);
    }),
  );
};
