const BLANK = 32;
const COMMA = 44;

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isLetter = (byte: number): boolean => (byte >= 97 && byte <= 122) || byte >= 128;
const ends = (byte: number): boolean => byte === BLANK || byte === COMMA;

const texts = (...words: readonly string[]): readonly Buffer[] => words.map((word) => Buffer.from(word));
const JOINED = texts('bis', 'ter', 'quater', 'a', 'b', 'c', 'd', 'e', 'f');
const APART = texts('bis', 'ter', 'quater');
const LONGEST_NUMBER = 5;

/** Where one of the additions that begins at `from` ends, as a word; 0 when none does. */
const additionEnd = (bytes: Uint8Array, length: number, from: number, additions: readonly Buffer[]): number => {
  for (const addition of additions) {
    const end = from + addition.length;
    if (end < length && ends(bytes[end] ?? 0) && addition.every((byte, i) => bytes[from + i] === byte)) return end;
  }
  return 0;
};

/** First byte of what follows the number: blanks and commas passed over. */
export const streetStart = (bytes: Uint8Array, length: number, end: number): number => {
  let at = end;
  while (at < length && ends(bytes[at] ?? 0)) at += 1;
  return at;
};

const digitsAtStart = (bytes: Uint8Array, length: number): number => {
  let digits = 0;
  while (digits < length && isDigit(bytes[digits] ?? 0)) digits += 1;
  return digits > LONGEST_NUMBER ? 0 : digits;
};

/**
 * Where a house number (`12`, `12 bis`, `12b`) that begins a folded address line ends; 0 when the line does not begin with
 * one that is followed by words.
 */
export const numberEnd = (bytes: Uint8Array, length: number): number => {
  const digits = digitsAtStart(bytes, length);
  if (digits === 0) return 0;
  const end = ends(bytes[digits] ?? 0)
    ? additionEnd(bytes, length, streetStart(bytes, length, digits), APART) || digits
    : additionEnd(bytes, length, digits, JOINED);
  const start = streetStart(bytes, length, end);
  const words = start + 1 < length && isLetter(bytes[start] ?? 0) && isLetter(bytes[start + 1] ?? 0);
  return end > 0 && words ? end : 0;
};
