import { FormulaError } from './errors.ts';

export type Position = { readonly line: number; readonly column: number };

export type Token = {
  readonly kind: 'number' | 'text' | 'name' | 'symbol' | 'end';
  /** Literal text without quotes and escapes, or as written. */
  readonly text: string;
  readonly at: Position;
};

const symbols = [
  '&&',
  '||',
  '==',
  '<>',
  '!=',
  '<=',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '^',
  '&',
  '=',
  '<',
  '>',
  '(',
  ')',
  ',',
  '!',
];

const patterns = {
  space: /\s+/y,
  comment: /\/\*[\s\S]*?\*\//y,
  number: /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y,
  name: /\$?[A-Za-z_][\w]*(?:[.:]\$?[A-Za-z_]\w*)*/y,
};

/** The escapes text literals may have. Source: the lexer rules of https://github.com/salesforce/formula-engine */
const escapes = /^(?:[^\\]|\\["'\\nrtNRT])*$/;

/** Two escapes stand for their sign; the others keep their backslash. */
const unescape = (raw: string): string => raw.replace(/\\(["\\])/g, '$1');

class Lexer {
  readonly #source: string;
  #offset = 0;
  #line = 1;
  #lineStart = 0;

  constructor(source: string) {
    this.#source = source;
  }

  #position(): Position {
    return { line: this.#line, column: this.#offset - this.#lineStart + 1 };
  }

  #advance(text: string): void {
    for (let index = 0; index < text.length; index += 1) {
      if (text[index] !== '\n') continue;
      this.#line += 1;
      this.#lineStart = this.#offset + index + 1;
    }
    this.#offset += text.length;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#source)?.[0];
    if (found !== undefined) this.#advance(found);
    return found;
  }

  #skip(): void {
    while (this.#take(patterns.space) !== undefined || this.#take(patterns.comment) !== undefined);
  }

  #quoted(quote: string): Token {
    const at = this.#position();
    let end = this.#offset + 1;
    while (end < this.#source.length && this.#source[end] !== quote) end += this.#source[end] === '\\' ? 2 : 1;
    if (end >= this.#source.length) throw new FormulaError(`Syntax error. Missing '${quote}'`, at);
    const raw = this.#source.slice(this.#offset, end + 1);
    if (!escapes.test(raw)) throw new FormulaError(`Syntax error. Found '${quote}'`, at);
    this.#advance(raw);
    return { kind: 'text', text: unescape(raw.slice(1, -1)), at };
  }

  next(): Token {
    this.#skip();
    const at = this.#position();
    const letter = this.#source[this.#offset];
    if (letter === undefined) return { kind: 'end', text: '', at };
    if (letter === '"' || letter === "'") return this.#quoted(letter);
    const number = this.#take(patterns.number);
    if (number !== undefined) return { kind: 'number', text: number, at };
    const name = this.#take(patterns.name);
    if (name !== undefined) return { kind: 'name', text: name, at };
    const symbol = symbols.find((candidate) => this.#source.startsWith(candidate, this.#offset));
    if (symbol === undefined) throw new FormulaError(`Syntax error. Found '${letter}'`, at);
    this.#advance(symbol);
    return { kind: 'symbol', text: symbol, at };
  }
}

/** The tokens of a formula, the last one being `end`. FormulaError on an unclosed text or a strange character. */
export const tokensOf = (source: string): readonly Token[] => {
  const lexer = new Lexer(source);
  const tokens: Token[] = [];
  for (;;) {
    const token = lexer.next();
    tokens.push(token);
    if (token.kind === 'end') return tokens;
  }
};
