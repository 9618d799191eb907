/** Why a text is no JSON, and where: an index into the text. */
type Fault = { readonly message: string; readonly at: number };

/** Where a value stands; the root is neither. */
type Inside = 'OBJECT' | 'ARRAY' | 'ROOT';

class Broken extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const anyValue = "expected a valid value (number, String, array, object, 'true', 'false' or 'null')";
const literals: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /\w*/y;

/** Reads JSON to its first fault, in the words of the parser that the platform uses. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): void {
    this.#value('ROOT');
    if (this.#next() !== undefined) throw this.#unexpected(anyValue);
  }

  #next(): string | undefined {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    return this.#text[this.#at];
  }

  #unexpected(expected: string): Broken {
    const letter = this.#text[this.#at] ?? '';
    const code = letter.charCodeAt(0);
    const shown = code < 32 ? `(CTRL-CHAR, code ${code})` : `'${letter}' (code ${code})`;
    return new Broken(`Unexpected character (${shown}): ${expected}`, this.#at);
  }

  #end(within: Inside): Broken {
    return new Broken(`Unexpected end-of-input within/between ${within} entries`, this.#at);
  }

  #value(within: Inside): void {
    const letter = this.#next();
    if (letter === undefined) throw this.#end(within);
    if (letter === '{') this.#members();
    else if (letter === '[') this.#items();
    else if (letter === '"') this.#string();
    else if (literals[letter] !== undefined) this.#literal(literals[letter]);
    else this.#number();
  }

  #number(): void {
    number.lastIndex = this.#at;
    if (!number.test(this.#text)) throw this.#unexpected(anyValue);
    this.#at = number.lastIndex;
  }

  #literal(expected: string): void {
    word.lastIndex = this.#at;
    const found = word.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    if (found === expected) return;
    throw new Broken(`Unrecognized token '${found}': was expecting 'null', 'true', 'false' or NaN`, this.#at);
  }

  #string(): void {
    for (this.#at += 1; this.#text[this.#at] !== '"'; this.#at += 1) {
      const letter = this.#text[this.#at];
      if (letter === undefined) {
        throw new Broken('Unexpected end-of-input: was expecting closing quote for a string value', this.#at);
      }
      if (letter.charCodeAt(0) < 32) throw this.#control(letter);
      if (letter === '\\') this.#escape();
    }
    this.#at += 1;
  }

  #control(letter: string): Broken {
    const what = `((CTRL-CHAR, code ${letter.charCodeAt(0)}))`;
    return new Broken(
      `Illegal unquoted character ${what}: has to be escaped using backslash to be included in string value`,
      this.#at,
    );
  }

  #escape(): void {
    this.#at += 1;
    const letter = this.#text[this.#at] ?? '';
    if (!'"\\/bfnrtu'.includes(letter)) {
      throw new Broken(`Unrecognized character escape '${letter}' (code ${letter.charCodeAt(0)})`, this.#at);
    }
    if (letter !== 'u') return;
    const digits = /^[0-9a-fA-F]*/.exec(this.#text.slice(this.#at + 1, this.#at + 5))?.[0] ?? '';
    this.#at += digits.length;
    if (digits.length === 4) return;
    this.#at += 1;
    throw this.#unexpected('expected a hex-digit for character escape sequence');
  }

  #members(): void {
    this.#entries('OBJECT', '}', () => {
      if (this.#next() !== '"') throw this.#unexpected('was expecting double-quote to start field name');
      this.#string();
      const colon = this.#next();
      if (colon === undefined) throw this.#end('OBJECT');
      if (colon !== ':') throw this.#unexpected('was expecting a colon to separate field name and value');
      this.#at += 1;
      this.#value('OBJECT');
    });
  }

  #items(): void {
    this.#entries('ARRAY', ']', () => {
      this.#value('ARRAY');
    });
  }

  #entries(within: Inside, close: string, entry: () => void): void {
    this.#at += 1;
    for (let first = true; first || this.#next() !== close; first = false) {
      const letter = this.#next();
      if (first && letter === close) break;
      if (letter === undefined) throw this.#end(within);
      if (!first) {
        if (letter !== ',') throw this.#unexpected(`was expecting comma to separate ${within} entries`);
        this.#at += 1;
        if (this.#next() === undefined) throw this.#end(within);
      }
      entry();
    }
    this.#at += 1;
  }
}

const faultOf = (text: string): Fault | undefined => {
  try {
    new Reader(text).whole();
    return undefined;
  } catch (error) {
    if (error instanceof Broken) return { message: error.message, at: error.at };
    // Nested deeper than the stack: that it is no JSON was found before.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

/**
 * What the platform says of a body that is no JSON: `Unexpected character ('}' (code 125)): was expecting
 * double-quote to start field name at [line:5, column:2]`, as recorded.
 */
export const jsonFault = (text: string): string => {
  const fault = faultOf(text);
  if (fault === undefined) return 'The request body is not JSON.';
  const before = text.slice(0, fault.at).split('\n');
  return `${fault.message} at [line:${before.length}, column:${(before.at(-1)?.length ?? 0) + 1}]`;
};
