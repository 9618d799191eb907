import type { FunctionExp } from '@jetstreamapp/soql-parser-js';
import type { Resolved } from './fieldPath.ts';
import type { Scope } from './scope.ts';

/** What the names of a condition mean: WHERE reads fields, HAVING reads aggregates too. */
export type ConditionScope = {
  readonly scope: Scope;
  readonly alias: string | undefined;
  /** Fields the condition filters on, as resolved; semi-joins and required filters are judged by them. */
  readonly filtered: string[];
  readonly aggregate?: (fn: FunctionExp) => Pick<Resolved, 'sql' | 'field' | 'text'>;
  semiJoins: number;
};

/** Where in the condition a leaf stands. */
export type Place = { readonly negated: boolean; readonly topLevel: boolean; readonly underOr: boolean };
