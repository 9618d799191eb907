/** Phrases of folded words, found longest first. */
export type Phrases<T> = ReadonlyMap<string, readonly { readonly words: readonly string[]; readonly value: T }[]>;

export const makePhrases = <T>(entries: readonly (readonly [string, T])[]): Phrases<T> => {
  const phrases = new Map<string, { readonly words: readonly string[]; readonly value: T }[]>();
  for (const [text, value] of entries) {
    const words = text.split(' ').filter((word) => word !== '');
    const [first] = words;
    if (first === undefined) continue;
    const at = phrases.get(first) ?? [];
    if (!at.some((one) => one.words.join(' ') === text)) at.push({ words, value });
    phrases.set(first, at);
  }
  for (const at of phrases.values()) at.sort((a, b) => b.words.length - a.words.length);
  return phrases;
};

/** The longest phrase that stands in `words` at `at`. */
export const phraseAt = <T>(
  phrases: Phrases<T>,
  words: readonly string[],
  at: number,
): { readonly length: number; readonly value: T } | undefined => {
  const found = phrases.get(words[at] ?? '')?.find((one) => one.words.every((word, i) => words[at + i] === word));
  return found === undefined ? undefined : { length: found.words.length, value: found.value };
};
