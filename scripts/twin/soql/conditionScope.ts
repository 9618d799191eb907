import type { Resolved } from './fieldPath.ts';
import type { Scope } from './scope.ts';
import type { Expression } from './syntax.ts';

export type Target = Pick<Resolved, 'sql' | 'field' | 'text' | 'at'>;

/** What the names of a condition mean: WHERE reads fields, HAVING reads aggregates too. */
export type ConditionScope = {
  readonly scope: Scope;
  /** Fields the condition filters on, as resolved; semi-joins and required filters are judged by them. */
  readonly filtered: string[];
  readonly aggregate?: (expression: Expression) => Target;
  semiJoins: number;
};

/** Where in the condition a leaf stands. */
export type Place = { readonly negated: boolean; readonly topLevel: boolean; readonly underOr: boolean };
