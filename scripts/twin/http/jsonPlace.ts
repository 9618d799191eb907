/** The texts that bodies were parsed from, while the bodies are in use. */
const texts = new WeakMap<object, string>();

/** Parses JSON, remembering its text for `placeIn`. */
export const parseWithText = (text: string): unknown => {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null) texts.set(value, text);
  return value;
};

const blank = /[\s,:]*/y;
const quoted = /"(?:\\[^]|[^"\\])*"/y;
const plain = /[^\s,\]}]+/y;

const endOf = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
};

const endOfValue = (text: string, at: number): number => {
  if (text[at] === '"') return endOf(quoted, text, at);
  if (text[at] !== '{' && text[at] !== '[') return endOf(plain, text, at);
  let depth = 0;
  for (let next = at; next < text.length; next += 1) {
    const letter = text[next];
    if (letter === '"') next = endOf(quoted, text, next) - 1;
    else if (letter === '{' || letter === '[') depth += 1;
    else if (letter === '}' || letter === ']') depth -= 1;
    if (depth === 0) return next + 1;
  }
  return text.length;
};

/** Where the member of an object or the item of a list begins; undefined when there is none. */
const step = (text: string, start: number, wanted: string | number): number | undefined => {
  let at = endOf(blank, text, start + 1);
  for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index += 1) {
    let name: unknown = index;
    if (typeof wanted === 'string') {
      const end = endOf(quoted, text, at);
      name = JSON.parse(text.slice(at, end));
      at = endOf(blank, text, end);
    }
    if (name === wanted) return at;
    at = endOf(blank, text, endOfValue(text, at));
  }
  return undefined;
};

/** Line and column, both from 1, of a value in the text that `body` was parsed from, or would be written as. */
export const placeIn = (
  body: object,
  path: readonly (string | number)[],
): { readonly line: number; readonly column: number } => {
  const text = texts.get(body) ?? JSON.stringify(body);
  let at = endOf(blank, text, 0);
  for (const wanted of path) at = step(text, at, wanted) ?? at;
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};
