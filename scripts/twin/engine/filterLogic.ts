/** A filter logic text (`1 AND (2 OR NOT 3)`), ready to be asked with the outcome of each numbered condition. */
export type FilterLogic = (outcome: (index: number) => boolean) => boolean;

const token = /\s*(\(|\)|\d+|AND\b|OR\b|NOT\b)/iy;

const tokensOf = (text: string): readonly string[] | undefined => {
  const tokens: string[] = [];
  token.lastIndex = 0;
  let end = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    tokens.push((match[1] ?? '').toUpperCase());
    end = token.lastIndex;
  }
  return text.slice(end).trim() === '' ? tokens : undefined;
};

class LogicParser {
  readonly #tokens: readonly string[];
  readonly #conditions: number;
  #at = 0;

  constructor(tokens: readonly string[], conditions: number) {
    this.#tokens = tokens;
    this.#conditions = conditions;
  }

  whole(): FilterLogic | undefined {
    const logic = this.#either();
    return this.#at === this.#tokens.length ? logic : undefined;
  }

  #take(word: string): boolean {
    if (this.#tokens[this.#at] !== word) return false;
    this.#at += 1;
    return true;
  }

  /** Conditions joined by one word: AND and OR side by side need brackets, as on the platform. */
  #either(): FilterLogic | undefined {
    const first = this.#one();
    if (first === undefined) return undefined;
    const parts = [first];
    const word = this.#tokens[this.#at];
    if (word !== 'AND' && word !== 'OR') return first;
    while (this.#take(word)) {
      const next = this.#one();
      if (next === undefined) return undefined;
      parts.push(next);
    }
    if (this.#tokens[this.#at] === 'AND' || this.#tokens[this.#at] === 'OR') return undefined;
    return word === 'AND'
      ? (outcome) => parts.every((part) => part(outcome))
      : (outcome) => parts.some((part) => part(outcome));
  }

  #one(): FilterLogic | undefined {
    if (this.#take('NOT')) {
      const inner = this.#one();
      return inner === undefined ? undefined : (outcome) => !inner(outcome);
    }
    if (this.#take('(')) {
      const inner = this.#either();
      return inner !== undefined && this.#take(')') ? inner : undefined;
    }
    const index = Number(this.#tokens[this.#at]) - 1;
    if (!Number.isInteger(index) || index < 0 || index >= this.#conditions) return undefined;
    this.#at += 1;
    return (outcome) => outcome(index);
  }
}

/** The logic of a filter over so many conditions, all of them where no text is given; undefined when it cannot be read. */
export const filterLogic = (text: string | undefined, conditions: number): FilterLogic | undefined => {
  if (text === undefined || text.trim() === '') {
    return (outcome) => Array.from({ length: conditions }, (_, index) => index).every(outcome);
  }
  const tokens = tokensOf(text);
  return tokens === undefined ? undefined : new LogicParser(tokens, conditions).whole();
};
