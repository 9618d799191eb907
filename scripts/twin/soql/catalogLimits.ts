import { TwinError } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import { isAggregateFunction } from './aggregateValue.ts';
import type { QueryInput } from './queryInput.ts';
import type { Condition, Query } from './syntax.ts';

const unsupported = (message: string): TwinError => new TwinError('EXTERNAL_OBJECT_UNSUPPORTED_EXCEPTION', message);

const unequal = new Set(['!=', 'NOT IN']);

const checkCondition = (condition: Condition): void => {
  switch (condition.kind) {
    case 'or':
      throw unsupported('Disjunctions not supported');
    case 'not':
      throw unsupported('Only equals comparisons permitted');
    case 'and':
      condition.parts.forEach(checkCondition);
      break;
    case 'compare':
      if (unequal.has(condition.operator)) throw unsupported('Only equals comparisons permitted');
      if (condition.operator === 'INCLUDES' || condition.operator === 'EXCLUDES') {
        throw unsupported('Unsupported filter type');
      }
      break;
    case 'semiJoin':
  }
};

const isAggregate = ({ select, groupBy }: Query): boolean =>
  groupBy !== undefined ||
  select.some(
    (item) => item.kind === 'field' && item.expression.kind === 'function' && isAggregateFunction(item.expression.name),
  );

/**
 * The statement as it is answered. The metadata catalogue answers plain queries only, all of their rows. The texts are the documentation's; the codes it does not tell.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/tooling_soql_limitations.htm
 */
export const catalogQuery = ({ context }: QueryInput, object: ObjectDefinition, query: Query): Query => {
  const { objects, withoutAggregates, withoutLimit } = context.rules.catalog;
  if (!objects.includes(object.name)) return query;
  if (withoutAggregates.includes(object.name) && isAggregate(query)) {
    throw new TwinError(
      'INVALID_OPERATION',
      'The requested operation is not yet supported by this SObject storage type, contact salesforce.com support for more information.',
    );
  }
  if (query.where !== undefined) checkCondition(query.where);
  return withoutLimit.includes(object.name) ? { ...query, limit: undefined, offset: undefined } : query;
};
