/** What a SOQL statement says, with the place (0-based offset) of every name, for errors that point at it. */

/** A name or dotted path, as written. */
export type Path = { readonly kind: 'path'; readonly text: string; readonly at: number };

export type LiteralType =
  'string' | 'number' | 'currency' | 'boolean' | 'null' | 'date' | 'datetime' | 'time' | 'dateLiteral';

/** A value as written, quotes included. */
export type LiteralText = {
  readonly kind: 'literal';
  readonly type: LiteralType;
  readonly text: string;
  readonly at: number;
};

export type FunctionCall = {
  readonly kind: 'function';
  /** In capitals. */
  readonly name: string;
  readonly parameters: readonly (Path | FunctionCall | LiteralText)[];
  /** As written. */
  readonly text: string;
  readonly at: number;
};

export type Expression = Path | FunctionCall;

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN' | 'INCLUDES' | 'EXCLUDES';

export type Comparing = {
  readonly kind: 'compare';
  readonly left: Expression;
  readonly operator: Operator;
  readonly values: readonly LiteralText[];
};

/** `left [NOT] IN (SELECT …)` */
export type SemiJoin = {
  readonly kind: 'semiJoin';
  readonly left: Path;
  readonly negated: boolean;
  readonly query: Query;
};

export type Condition =
  | Comparing
  | SemiJoin
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] };

export type TypeOf = {
  readonly kind: 'typeof';
  readonly relationship: Path;
  readonly when: readonly { readonly object: Path; readonly fields: readonly Expression[] }[];
  readonly otherwise: readonly Expression[];
};

export type SelectItem =
  | { readonly kind: 'field'; readonly expression: Expression; readonly alias: Path | undefined }
  | { readonly kind: 'children'; readonly query: Query }
  | TypeOf;

export type OrderItem = {
  readonly expression: Expression;
  readonly direction: 'ASC' | 'DESC';
  readonly nulls: 'FIRST' | 'LAST';
};

export type Grouping = {
  readonly kind: 'plain' | 'ROLLUP' | 'CUBE';
  readonly items: readonly Expression[];
  readonly at: number;
};

export type Query = {
  readonly select: readonly SelectItem[];
  readonly from: Path;
  readonly alias: Path | undefined;
  /** `FROM Contact c, c.Account a`: further names for relationships. */
  readonly aliases: readonly { readonly path: Path; readonly alias: Path }[];
  readonly scope: Path | undefined;
  readonly where: Condition | undefined;
  readonly groupBy: Grouping | undefined;
  readonly having: Condition | undefined;
  readonly orderBy: readonly OrderItem[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
  /** `FOR VIEW`, `FOR REFERENCE`, `FOR UPDATE`. */
  readonly purposes: readonly string[];
  /** The clauses after WHERE that were written, and where: some places do not allow them. */
  readonly clauses: readonly { readonly word: string; readonly at: number }[];
};

export const pathNamed = (text: string): Path => ({ kind: 'path', text, at: 0 });

/** A plain SELECT of an object, for statements the twin makes itself. */
export const plainQuery = (object: string, fields: readonly string[], where?: Condition): Query => ({
  select: fields.map((text) => ({ kind: 'field', expression: pathNamed(text), alias: undefined })),
  from: pathNamed(object),
  alias: undefined,
  aliases: [],
  scope: undefined,
  where,
  groupBy: undefined,
  having: undefined,
  orderBy: [],
  limit: undefined,
  offset: undefined,
  purposes: [],
  clauses: [],
});
