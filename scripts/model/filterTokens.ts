/** One word of a filter's text, and where it stands. */
export type Token = {
  readonly kind: 'name' | 'text' | 'number' | 'date' | 'sign' | 'end';
  readonly value: string;
  readonly at: number;
};

/** What is wrong with a filter's text, and where. */
export class FilterTextError extends Error {
  public readonly at: number;
  public constructor(message: string, at: number) {
    super(`${message} (at character ${String(at + 1)})`);
    this.name = 'FilterTextError';
    this.at = at;
  }
}

const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['date', /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z)?(?![\w.:-])/y],
  ['number', /[+-]?\d+(?:\.\d+)?(?![\w.])/y],
  ['name', /[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*(?::\d+)?/y],
  ['sign', /<=|>=|!=|<>|[=<>(),]/y],
];

const ESCAPED: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', n: '\n', N: '\n', r: '\r', R: '\r', t: '\t', T: '\t' },
  ...{ b: '\b', B: '\b', f: '\f', F: '\f' },
};

/** A quoted text from its opening quote on; escapes as SOQL has them, `\%` and `\_` kept for LIKE. */
const quoted = (text: string, from: number): { readonly value: string; readonly next: number } => {
  let value = '';
  for (let i = from + 1; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (character === "'") return { value, next: i + 1 };
    if (character !== '\\') {
      value += character;
      continue;
    }
    i += 1;
    const sign = text.charAt(i);
    const unicode = /^u([0-9a-fA-F]{4})/.exec(text.slice(i, i + 5))?.[1];
    if (unicode !== undefined) {
      value += String.fromCharCode(Number.parseInt(unicode, 16));
      i += 4;
      continue;
    }
    const plain = ESCAPED[sign] ?? (sign === '%' || sign === '_' ? `\\${sign}` : undefined);
    if (plain === undefined) throw new FilterTextError('a backslash that stands for nothing', i - 1);
    value += plain;
  }
  throw new FilterTextError('a text without its closing quote', from);
};

const next = (text: string, at: number): Token | undefined => {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const [value] = pattern.exec(text) ?? [];
    if (value !== undefined) return { kind, value, at };
  }
  return undefined;
};

/** The words of a filter's text in order, the end last. Error: FilterTextError. */
export const filterTokens = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    if (text.charAt(at) === "'") {
      const { value, next: after } = quoted(text, at);
      tokens.push({ kind: 'text', value, at });
      at = after;
      continue;
    }
    const token = next(text, at);
    if (token === undefined) throw new FilterTextError('a character that no filter has', at);
    tokens.push(token);
    at += token.value.length;
  }
  return [...tokens, { kind: 'end', value: '', at }];
};
