import { notEmulated, TwinError } from '../contract.ts';

/** What a record must hold; `words` follow one another in one field, `*` and `?` in them stand for letters. */
export type SearchExpression =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly SearchExpression[] }
  | { readonly kind: 'not'; readonly inner: SearchExpression };

type Token = { readonly kind: 'words' | 'AND' | 'OR' | 'NOT' | '(' | ')'; readonly words: readonly string[] };

const marks = /\p{M}+/gu;

/** Letter case and accents do not count. */
const plain = (text: string): string => text.normalize('NFD').replace(marks, '').toLowerCase();

/** The tokens of a record's text: what stands between blanks and punctuation. */
export const tokensOf = (text: string): readonly string[] =>
  plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '');

const invalid = (term: string): TwinError =>
  new TwinError('INVALID_SEARCH', `search term must be longer than one character: ${term}`);

/** A mark for escaped characters, which are punctuation and never wildcards. */
const unescape = (text: string): string => text.replace(/\\[^]/g, ' ');

const wordsOf = (text: string): readonly string[] => {
  const words = plain(unescape(text))
    .split(/[^\p{L}\p{N}*?]+/u)
    .filter((word) => word !== '');
  if (words.some((word) => /^[*?]/.test(word))) throw notEmulated(`SOSL wildcard at the beginning of ${text}`);
  return words;
};

const pattern = /"((?:\\[^]|[^"\\])*)"|([()])|((?:\\[^]|[^\s"()\\])+)/g;

const operators = new Set(['AND', 'OR', 'NOT']);

const tokenOf = ([, phrase, parenthesis, word]: RegExpMatchArray): Token => {
  if (parenthesis === '(' || parenthesis === ')') return { kind: parenthesis, words: [] };
  const upper = word?.toUpperCase() ?? '';
  if (operators.has(upper)) return { kind: upper as 'AND' | 'OR' | 'NOT', words: [] };
  return { kind: 'words', words: wordsOf(phrase ?? word ?? '') };
};

class Reading {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(query: string) {
    const tokens = [...query.matchAll(pattern)].map(tokenOf);
    this.#tokens = tokens.filter((token) => token.kind !== 'words' || token.words.length > 0);
  }

  #is(kind: Token['kind']): boolean {
    return this.#tokens[this.#at]?.kind === kind;
  }

  #take(kind: Token['kind']): boolean {
    if (!this.#is(kind)) return false;
    this.#at += 1;
    return true;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** OR binds least; words beside each other are joined by AND. */
  either(): SearchExpression {
    const parts = [this.#both()];
    while (this.#take('OR')) parts.push(this.#both());
    return this.#joined('or', parts);
  }

  #both(): SearchExpression {
    const parts = [this.#one()];
    while (!this.done && !this.#is(')') && !this.#is('OR')) {
      this.#take('AND');
      parts.push(this.#take('NOT') ? { kind: 'not', inner: this.#one() } : this.#one());
    }
    return this.#joined('and', parts);
  }

  #joined(kind: 'and' | 'or', parts: readonly SearchExpression[]): SearchExpression {
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind, parts };
  }

  #one(): SearchExpression {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === 'words') return { kind: 'words', words: token.words };
    if (token?.kind !== '(') throw new TwinError('MALFORMED_SEARCH', 'The search query is not complete.');
    const inner = this.either();
    if (!this.#take(')')) throw new TwinError('MALFORMED_SEARCH', 'The search query lacks a closing parenthesis.');
    return inner;
  }
}

/** Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_syntax.htm */
const longestWithOperators = 4_000;

/**
 * A search query: words, `"phrases"`, `*` and `?`, AND, OR, AND NOT, parentheses.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_find.htm
 * @throws TwinError INVALID_SEARCH for terms of one character; NOT_EMULATED for what is not.
 */
export const parseSearch = (query: string): SearchExpression => {
  const text = query.trim();
  if (unescape(text).replace(/[^\p{L}\p{N}]/gu, '').length < 2) throw invalid(text);
  if (text.length > longestWithOperators) throw notEmulated('SOSL search queries over 4,000 characters');
  const reading = new Reading(text);
  const expression = reading.either();
  if (!reading.done) throw new TwinError('MALFORMED_SEARCH', 'The search query has a parenthesis too many.');
  return expression;
};

type Word = (token: string) => boolean;

const wordTest = (word: string): Word => {
  if (!/[*?]/.test(word)) return (token) => token === word;
  const source = word.replace(/[*?]+/g, (wild) => (wild.includes('*') ? '.*' : '.'.repeat(wild.length)));
  const test = new RegExp(`^${source}$`, 'u');
  return (token) => test.test(token);
};

/** Fields of a record, each as its tokens. */
type Fields = readonly (readonly string[])[];

const inField = (words: readonly Word[], tokens: readonly string[]): boolean =>
  tokens.some((_, start) => words.every((word, step) => word(tokens[start + step] ?? '')));

/** Whether a record's fields hold what is searched. */
export const matcherOf = (expression: SearchExpression): ((fields: Fields) => boolean) => {
  if (expression.kind === 'words') {
    const words = expression.words.map(wordTest);
    return (fields) => fields.some((tokens) => inField(words, tokens));
  }
  if (expression.kind === 'not') {
    const inner = matcherOf(expression.inner);
    return (fields) => !inner(fields);
  }
  const parts = expression.parts.map(matcherOf);
  return expression.kind === 'and'
    ? (fields) => parts.every((part) => part(fields))
    : (fields) => parts.some((part) => part(fields));
};
