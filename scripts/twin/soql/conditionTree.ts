import type { Condition, HavingClause, ValueQueryCondition, WhereClause } from '@jetstreamapp/soql-parser-js';
import { malformed } from './soqlErrors.ts';

export type Leaf = Exclude<Condition | ValueQueryCondition, { openParen: number; field?: never; fn?: never }>;

export type ConditionTree =
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  | { readonly kind: 'not'; readonly inner: ConditionTree }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly ConditionTree[] };

type Token = { readonly kind: 'leaf'; readonly leaf: Leaf } | { readonly kind: 'AND' | 'OR' | 'NOT' | '(' | ')' };

type Clause = { readonly left: unknown; readonly operator?: string; readonly right?: unknown };
type Left = {
  readonly openParen?: number;
  readonly closeParen?: number;
  readonly field?: unknown;
  readonly fn?: unknown;
};

const repeat = (kind: '(' | ')', count: number | undefined): Token[] =>
  Array.from({ length: count ?? 0 }, () => ({ kind }));

const isLeaf = (left: Left): left is Left & Leaf => left.field !== undefined || left.fn !== undefined;

/** The parser answers a chain with counted parentheses: back to tokens it goes. */
const tokensOf = (where: WhereClause | HavingClause): Token[] => {
  const tokens: Token[] = [];
  let clause: Clause | undefined = where;
  while (clause !== undefined) {
    const left = clause.left as Left | null;
    if (left !== null) {
      tokens.push(...repeat('(', left.openParen));
      if (isLeaf(left)) tokens.push({ kind: 'leaf', leaf: left }, ...repeat(')', left.closeParen));
    }
    if (clause.operator !== undefined) tokens.push({ kind: clause.operator as 'AND' | 'OR' | 'NOT' });
    clause = clause.right as Clause | undefined;
  }
  return tokens;
};

class Folding {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  #peek(): Token['kind'] | undefined {
    return this.#tokens[this.#at]?.kind;
  }

  /** One level between parentheses: all AND or all OR, never mixed. */
  level(): ConditionTree {
    const parts = [this.#unary()];
    const first = this.#peek();
    while (this.#peek() === 'AND' || this.#peek() === 'OR') {
      const operator = this.#peek();
      if (operator !== first) throw malformed(`unexpected token: '${String(operator)}'`);
      this.#at += 1;
      parts.push(this.#unary());
    }
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return only;
    return { kind: first === 'OR' ? 'or' : 'and', parts };
  }

  #unary(): ConditionTree {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === 'NOT') return { kind: 'not', inner: this.#unary() };
    if (token?.kind === 'leaf') return { kind: 'leaf', leaf: token.leaf };
    if (token?.kind !== '(') throw malformed(`unexpected token: '${token?.kind ?? '<EOF>'}'`);
    const inner = this.level();
    if (this.#peek() !== ')') throw malformed(`unexpected token: '${this.#peek() ?? '<EOF>'}'`);
    this.#at += 1;
    return inner;
  }

  isDone(): boolean {
    return this.#at === this.#tokens.length;
  }
}

/** The condition as a tree. AND and OR on one level without parentheses are refused, as the platform does. */
export const conditionTree = (where: WhereClause | HavingClause): ConditionTree => {
  const folding = new Folding(tokensOf(where));
  const tree = folding.level();
  if (!folding.isDone()) throw malformed(`unexpected token: ')'`);
  return tree;
};
