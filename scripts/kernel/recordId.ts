/** An 18-character, case-safe record id. Made only by `parseRecordId`. */
export type RecordId = string & { readonly __brand: 'RecordId' };

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The three characters that make a 15-character id case-safe: one per five characters, a bit per capital. */
export const idSuffix = (id15: string): string =>
  [0, 5, 10]
    .map((start) => {
      const bits = Array.from(id15.slice(start, start + 5)).reduce(
        (sum, character, i) => sum + (character >= 'A' && character <= 'Z' ? 2 ** i : 0),
        0,
      );
      return ALPHABET.charAt(bits);
    })
    .join('');

/** A record id from 15 or 18 characters; undefined when the shape or the checksum is wrong. */
export const parseRecordId = (text: string): RecordId | undefined => {
  if (!/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(text)) return undefined;
  const id15 = text.slice(0, 15);
  const id18 = id15 + idSuffix(id15);
  return text.length === 15 || text.toUpperCase() === id18.toUpperCase() ? (id18 as RecordId) : undefined;
};
