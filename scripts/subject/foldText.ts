/** Spaces, dashes and digits as typed on any keyboard, one character for one: offsets stay those of the original. */
export const plainCharacters = (text: string): string =>
  text
    .replace(/[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\t]/g, ' ')
    .replace(/[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/g, '-')
    .replace(/[\uFF10-\uFF19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xff10 + 48))
    .replace(/[\u2018\u2019\u02BC]/g, "'");

/** Lower case without accents: `Hélène` → `helene`, `Œuvre` → `oeuvre`. */
export const foldText = (text: string): string =>
  plainCharacters(text)
    .replace(/[œŒ]/g, 'oe')
    .replace(/[æÆ]/g, 'ae')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();

export type FoldedWord = { readonly word: string; readonly start: number; readonly end: number };

/** Folded words with their offsets in the original text. */
export const foldedWords = (text: string): readonly FoldedWord[] =>
  [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map((match) => ({
    word: foldText(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));
