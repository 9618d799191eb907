import { FormulaError, FormulaRefused } from './errors.ts';
import { tokensOf, type Position, type Token } from './lexer.ts';

/** Operators and functions are both calls; operators carry their sign as name. */
export type Node =
  | { readonly kind: 'number' | 'text' | 'field'; readonly text: string; readonly at: Position }
  | { readonly kind: 'constant'; readonly value: boolean | null; readonly at: Position }
  | Call;

export type Call = {
  readonly kind: 'call';
  /** Upper case. */
  readonly name: string;
  readonly operator: boolean;
  readonly args: readonly Node[];
  readonly at: Position;
};

/** Source: https://help.salesforce.com/s/articleView?id=platform.formula_field_limits.htm (3,900 characters). */
export const maxCharacters = 3900;
/** Own limit: deeper nesting would exhaust the stack. */
const maxDepth = 200;

/**
 * Binary operators from the loosest to the tightest; all of them group from the left. Powers are taken after products:
 * `2 * 3 ^ 2` is 36, as the grammar of Salesforce's engine has it and an org answers.
 */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['=', '==', '<>', '!='],
  ['<', '>', '<=', '>='],
  ['+', '-', '&'],
  ['^'],
  ['*', '/'],
];

const synonyms: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' };

const constants: Readonly<Record<string, boolean | null>> = { TRUE: true, FALSE: false, NULL: null };

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  #peek(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    if (token === undefined) throw new FormulaError('Syntax error');
    return token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #isSymbol(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'symbol' && token.text === text;
  }

  #expect(text: string): void {
    if (!this.#isSymbol(text)) throw new FormulaError(`Syntax error. Missing '${text}'`, this.#peek().at);
    this.#take();
  }

  whole(): Node {
    const node = this.#binary(0);
    const rest = this.#peek();
    if (rest.kind === 'symbol' && rest.text === ')') throw new FormulaError("Syntax error. Extra ')'", rest.at);
    if (rest.kind === 'symbol' && rest.text === ',') throw new FormulaError("Syntax error. Extra ','", rest.at);
    if (rest.kind !== 'end') throw new FormulaError(`Syntax error. Found '${rest.text}'`, rest.at);
    return node;
  }

  #binary(level: number): Node {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const token = this.#peek();
      if (token.kind !== 'symbol' || !operators.includes(token.text)) return left;
      this.#take();
      const right = this.#binary(level + 1);
      left = {
        kind: 'call',
        name: synonyms[token.text] ?? token.text,
        operator: true,
        args: [left, right],
        at: token.at,
      };
    }
  }

  #unary(): Node {
    this.#depth += 1;
    if (this.#depth > maxDepth)
      throw new FormulaRefused(`a formula nested more than ${maxDepth} deep`, this.#peek().at);
    const token = this.#peek();
    let node: Node;
    if (token.kind === 'symbol' && ['-', '+', '!'].includes(token.text)) {
      this.#take();
      node = { kind: 'call', name: token.text, operator: true, args: [this.#unary()], at: token.at };
    } else node = this.#primary();
    this.#depth -= 1;
    return node;
  }

  #primary(): Node {
    const token = this.#take();
    const { kind, text, at } = token;
    if (kind === 'number' || kind === 'text') return { kind, text, at };
    if (kind === 'name') return this.#isSymbol('(') ? this.#call(token) : nameNode(token);
    if (kind === 'end') throw new FormulaError('Syntax error. Found end of formula', at);
    if (text !== '(') throw new FormulaError(`Syntax error. Found '${text}'`, at);
    const node = this.#binary(0);
    this.#expect(')');
    return node;
  }

  #call(name: Token): Node {
    this.#expect('(');
    const args: Node[] = [];
    if (!this.#isSymbol(')')) {
      args.push(this.#binary(0));
      while (this.#isSymbol(',')) {
        this.#take();
        args.push(this.#binary(0));
      }
    }
    this.#expect(')');
    return { kind: 'call', name: name.text.toUpperCase(), operator: false, args, at: name.at };
  }
}

const nameNode = ({ text, at }: Token): Node => {
  const value = constants[text.toUpperCase()];
  return value === undefined ? { kind: 'field', text, at } : { kind: 'constant', value, at };
};

/** The tree of a formula. FormulaError in the platform's words where it is not one. */
export const parseFormula = (source: string): Node => {
  if (source.length > maxCharacters) {
    throw new FormulaError(
      `Formula is too long (${source.length.toLocaleString('en-US')} characters).  Maximum length is 3,900 characters`,
    );
  }
  return new Parser(tokensOf(source)).whole();
};
