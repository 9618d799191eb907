/** `a b c d` → a→b, c→d; `-` on the right stands for nothing. */
export const pairsOfWords = (text: string): readonly (readonly [string, string])[] => {
  const words = wordsOfText(text);
  return words.flatMap((word, i) =>
    i % 2 === 0 ? [[word, words[i + 1] === '-' ? '' : (words[i + 1] ?? '')] as const] : [],
  );
};

/** Words between blanks and line ends. */
export const wordsOfText = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** FNV-1a over UTF-16 units, 32 bits: the same on every machine. */
export const hashText = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
};

/** One of 32 bits for a text, 0 for none. */
export const markOf = (text: string): number => (text === '' ? 0 : 1 << (hashText(text) & 31));
export const marksOf = (texts: readonly string[]): number => texts.reduce((marks, text) => marks | markOf(text), 0);
