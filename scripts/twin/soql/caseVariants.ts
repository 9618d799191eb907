/** More spellings than this and the text is compared by its folded form. */
const maxVariants = 64;

/** The two cases of a letter that ASCII folding does not know; undefined when there are more than two, or longer ones. */
const casesOf = (character: string): readonly string[] | undefined => {
  const lower = character.toLowerCase();
  const upper = character.toUpperCase();
  if (lower === upper) return lower === character ? [character] : undefined;
  const isPair = lower.length === 1 && upper.length === 1 && upper.toLowerCase() === lower;
  return isPair && (character === lower || character === upper) ? [lower, upper] : undefined;
};

const ascii = /^[\x00-\x7f]*$/;

const isAscii = (character: string): boolean => character <= '\u007f';

/**
 * The spellings of a text that an index folding ASCII case only must be asked for, to find the text in any case:
 * `Béal` → `Béal`, `BÉal`. Undefined when they are too many or a letter has no plain pair of cases.
 */
export const caseVariants = (text: string): readonly string[] | undefined => {
  if (ascii.test(text)) return [text];
  let variants: readonly string[] = [''];
  for (const character of text) {
    const cases = isAscii(character) ? [character] : casesOf(character);
    if (cases === undefined || variants.length * cases.length > maxVariants) return undefined;
    variants = variants.flatMap((start) => cases.map((one) => start + one));
  }
  return variants;
};
