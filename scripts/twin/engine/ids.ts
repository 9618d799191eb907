import { TwinError } from '../contract.ts';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const checksumLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const idPattern = /^[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?$/;

/** Instance and reserved characters of every id this twin mints. */
const pod = 'Gd0';

/**
 * The 3-character suffix that makes a 15-character id safe to compare without case.
 * Source: https://help.salesforce.com/s/articleView?id=000383751 (each of three 5-character groups yields one letter
 * whose bits tell which characters are upper case).
 *
 * @param id15 its first 15 characters count.
 */
const checksum = (id15: string): string => {
  let suffix = '';
  for (let group = 0; group < 15; group += 5) {
    let bits = 0;
    for (let offset = 0; offset < 5; offset += 1) {
      const code = id15.charCodeAt(group + offset);
      if (code >= 65 && code <= 90) bits |= 1 << offset;
    }
    suffix += checksumLetters.charAt(bits);
  }
  return suffix;
};

/** Whether the text has the shape of an id: 15 characters, or 18 with a right checksum. */
export const isId = (text: string): boolean =>
  idPattern.test(text) && (text.length === 15 || checksum(text.slice(0, 15)) === text.slice(15).toUpperCase());

/** The 18-character form of a 15- or 18-character id, or undefined when it is not one. */
export const toId18 = (text: string): string | undefined => {
  if (!idPattern.test(text)) return undefined;
  const letters = checksum(text);
  if (text.length === 15) return text + letters;
  if (text.endsWith(letters)) return text;
  return text.slice(15).toUpperCase() === letters ? text.slice(0, 15) + letters : undefined;
};

/** As `toId18`, refusing what is no id with MALFORMED_ID. */
export const requireId = (text: string, label = 'Record'): string => {
  const id = toId18(text);
  if (id === undefined) {
    throw new TwinError('MALFORMED_ID', `${label} ID: id value of incorrect type: ${text}`, { fields: ['Id'] });
  }
  return id;
};

const base62 = (value: number): string => {
  let rest = value;
  let text = '';
  do {
    text = digits.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  } while (rest > 0);
  return text.padStart(9, '0');
};

/** An organisation's id of its own: two twins must not pass for each other where a plan names its org. */
export const mintOrgId = (random: (bytes: number) => Uint8Array): string => {
  const tail = Array.from(random(9), (byte) => digits.charAt(byte % digits.length)).join('');
  const id15 = `00D${pod}${tail}`;
  return id15 + checksum(id15);
};

const fromBase62 = (text: string): number => {
  let value = 0;
  for (let index = 0; index < text.length; index += 1) value = value * 62 + digits.indexOf(text.charAt(index));
  return value;
};

/** Whether ids of 18 characters follow one another as they are minted, without a gap. */
export const areConsecutive = (ids: readonly string[]): boolean => {
  const [first = ''] = ids;
  let before = '';
  for (const id of ids) {
    // digits, upper and lower case ascend as the characters do
    if (id.length !== 18 || id <= before) return false;
    before = id;
  }
  const isOneKind = before.slice(0, 6) === first.slice(0, 6);
  return isOneKind && fromBase62(before.slice(6, 15)) - fromBase62(first.slice(6, 15)) === ids.length - 1;
};

/** So many ids from `first` on, as they are minted. */
export const consecutiveIds = (first: string, count: number): readonly string[] => {
  const number = fromBase62(first.slice(6, 15));
  return Array.from({ length: count }, (_, after) => {
    const id15 = first.slice(0, 6) + base62(number + after);
    return id15 + checksum(id15);
  });
};

export type IdMint = {
  /** A new 18-character id with the prefix; ids of one prefix ascend. */
  next(keyPrefix: string): string;
  /** Keeps later ids of the prefix clear of one that came from outside. */
  seen(id: string): void;
  /** A mint of its own that goes on from here. */
  copy(): IdMint;
};

/** Everything of an id but its last five characters, with the letters that check it: they change once in 62⁵ ids. */
type Head = { readonly key: number; readonly text: string; readonly letters: string };

const tailSize = 62 ** 5;

const headOf = (keyPrefix: string, key: number): Head => {
  const text = keyPrefix + pod + base62(key).slice(5);
  return { key, text, letters: checksum(`${text}00000`).slice(0, 2) };
};

/** One counter per key prefix, since history objects share theirs. */
export const createIdMint = (from: ReadonlyMap<string, number> = new Map()): IdMint => {
  const counters = new Map(from);
  const heads = new Map<string, Head>();
  const withTail = (head: Head, tail: number): string => {
    let rest = tail;
    let text = '';
    let bits = 0;
    for (let place = 4; place >= 0; place -= 1) {
      const digit = rest % 62;
      rest = (rest - digit) / 62;
      text = digits.charAt(digit) + text;
      // digits 10 to 35 are the upper-case letters
      if (digit >= 10 && digit < 36) bits |= 1 << place;
    }
    return head.text + text + head.letters + checksumLetters.charAt(bits);
  };
  return {
    next(keyPrefix) {
      const count = (counters.get(keyPrefix) ?? 0) + 1;
      counters.set(keyPrefix, count);
      const key = Math.floor(count / tailSize);
      let head = heads.get(keyPrefix);
      if (head?.key !== key) {
        head = headOf(keyPrefix, key);
        heads.set(keyPrefix, head);
      }
      return withTail(head, count % tailSize);
    },
    seen(id) {
      if (!id.startsWith(pod, 3)) return;
      const prefix = id.slice(0, 3);
      counters.set(prefix, Math.max(counters.get(prefix) ?? 0, fromBase62(id.slice(6, 15))));
    },
    copy: () => createIdMint(counters),
  };
};
