/**
 * Texts that were damaged on their way: UTF-8 read as Windows-1252 (`FranÃ§ois`), HTML character references
 * (`Fran&ccedil;ois`), letters lost to `?` or U+FFFD. What cannot be mended stays as it is.
 */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009dž\u009fŸ';
const SUSPECT = /[ÃÂÅÄ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

const byteOf = (character: string): number => {
  const code = character.charCodeAt(0);
  if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code;
  const at = WINDOWS_1252.indexOf(character);
  return at < 0 ? -1 : 0x80 + at;
};

const decoded = (text: string): string | undefined => {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) {
    const byte = byteOf(text.charAt(i));
    if (byte < 0) return undefined;
    bytes[i] = byte;
  }
  try {
    const text8 = utf8.decode(bytes);
    return /[\u0080-\u009f]/.test(text8) ? undefined : text8;
  } catch (error) {
    if (error instanceof TypeError) return undefined; // not UTF-8 after all: the letters were meant
    throw error;
  }
};

const MARKS: Readonly<Record<string, string>> = {
  grave: '\u0300',
  acute: '\u0301',
  circ: '\u0302',
  tilde: '\u0303',
  uml: '\u0308',
  ring: '\u030a',
  cedil: '\u0327',
};
const NAMED: Readonly<Record<string, string>> = { amp: '&', apos: "'", quot: '"', nbsp: ' ', szlig: 'ß' };

const ofNumber = (whole: string, hexadecimal: boolean, digits: string): string => {
  const code = parseInt(digits, hexadecimal ? 16 : 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
};

const reference = (whole: string, name: string): string => {
  const number = /^#(x?)([0-9a-f]{1,6})$/i.exec(name);
  if (number !== null) return ofNumber(whole, number[1] !== '', number[2] ?? '');
  const [, letter, mark] = /^([a-zA-Z])(grave|acute|circ|tilde|uml|ring|cedil)$/.exec(name) ?? [];
  if (letter !== undefined && mark !== undefined) return `${letter}${MARKS[mark] ?? ''}`;
  const ligature = /^(ae|oe)lig$/i.exec(name)?.[1];
  return ligature ?? NAMED[name] ?? whole;
};

/** Mended text; the same text when nothing is wrong with it. */
export const repairText = (text: string): string => {
  let mended = text;
  if (text.includes('&') && text.includes(';')) mended = mended.replace(/&(#?\w{2,8});/g, reference);
  for (let round = 0; round < 2 && SUSPECT.test(mended); round += 1) {
    const again = decoded(mended);
    if (again === undefined) break;
    mended = again;
  }
  if (!mended.includes('?') && !mended.includes('\ufffd')) return mended;
  return mended.replace(/(\p{L})[?\ufffd]+(?=\p{L})/gu, '$1');
};
