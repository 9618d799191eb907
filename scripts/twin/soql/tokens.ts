import { malformed, unexpectedToken } from './soqlErrors.ts';

/** `stray`: a character SOQL has no use for, refused where it is met. */
export type TokenKind =
  'word' | 'string' | 'number' | 'currency' | 'date' | 'datetime' | 'time' | 'symbol' | 'stray' | 'end';

export type Token = {
  readonly kind: TokenKind;
  readonly text: string;
  /** In capitals; words are compared with it. */
  readonly word: string;
  readonly at: number;
  readonly end: number;
};

/** Tried in this order at every place. Source of date-times: the SOQL page on date formats. */
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['datetime', /\d{4}-\d\d-\d\d[tT]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[zZ]|[+-]\d\d:?\d\d)?/y],
  ['date', /\d{4}-\d\d-\d\d/y],
  ['time', /\d\d:\d\d:\d\d(?:\.\d+)?[zZ]?/y],
  ['currency', /[a-zA-Z]{3}-?\d+(?:\.\d+)?(?![\w.])/y],
  ['number', /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[a-zA-Z_][a-zA-Z0-9_]*/y],
  ['symbol', /!=|<>|<=|>=|[=<>(),.:*]/y],
];

const stringPattern = /'(?:\\[^]|[^'\\])*'/y;

const tokenAt = (soql: string, at: number): Token => {
  stringPattern.lastIndex = at;
  const quoted = stringPattern.exec(soql)?.[0];
  if (quoted !== undefined) return { kind: 'string', text: quoted, word: '', at, end: at + quoted.length };
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const text = pattern.exec(soql)?.[0];
    if (text !== undefined) return { kind, text, word: text.toUpperCase(), at, end: at + text.length };
  }
  return { kind: 'stray', text: soql[at] ?? '', word: '', at, end: at + 1 };
};

/** The statement as tokens, ending with one of kind `end`. */
export const tokensOf = (soql: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < soql.length) {
    if (/\s/.test(soql[at] ?? '')) {
      at += 1;
      continue;
    }
    const token = tokenAt(soql, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '<EOF>', word: '', at: soql.length, end: soql.length });
  return tokens;
};

/** Reads tokens one after the other. */
export class TokenReader {
  readonly soql: string;
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(soql: string) {
    this.soql = soql;
    this.#tokens = tokensOf(soql);
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw malformed(`unexpected token: '<EOF>'`);
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  /** Whether the next token is this word or symbol. */
  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === 'word' || token.kind === 'symbol') && token.word === text;
  }

  /** Takes the word or symbol when it is next. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.#index += 1;
    return true;
  }

  expect(text: string): Token {
    if (!this.is(text)) throw this.unexpected();
    return this.next();
  }

  expectWord(): Token {
    const token = this.peek();
    if (token.kind !== 'word' && token.kind !== 'currency') throw this.unexpected();
    return this.next();
  }

  /** A whole number, not negative. */
  expectCount(): number {
    const token = this.peek();
    if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.unexpected();
    this.next();
    return Number(token.text);
  }

  unexpected(before = ''): Error {
    const { at, text } = this.peek();
    return unexpectedToken(this.soql, at, `${before}${text}`);
  }
}
