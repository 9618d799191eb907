const nibbleAt = (bits: number): number => (31 - Math.clz32(bits & -bits)) & ~3;

/**
 * Numbers packed four bits a digit: one digit changed, or two neighbours swapped. Equal numbers are no digit away.
 * Digits that differ show as one run of bits in the exclusive or.
 */
export const oneDigitAway = (a: number, b: number): boolean => {
  const difference = a ^ b;
  if (difference === 0) return false;
  const low = nibbleAt(difference);
  const rest = difference >>> low;
  if ((rest & ~15) === 0) return true;
  if ((rest & ~255) !== 0) return false;
  const first = (a >>> low) & 255;
  const second = (b >>> low) & 255;
  return first >>> 4 === (second & 15) && (first & 15) === second >>> 4;
};

/** Day and month of a packed date (YYYYMMDD, four bits a digit) exchanged. */
export const dayAndMonthSwapped = (packed: number): number =>
  (packed & ~0xffff) | ((packed & 0xff) << 8) | ((packed >>> 8) & 0xff);

const digitPair = (bits: number): number => ((bits >>> 4) & 15) * 10 + (bits & 15);

export const yearOf = (packed: number): number => digitPair(packed >>> 24) * 100 + digitPair(packed >>> 16);
export const monthBits = (packed: number): number => (packed >>> 8) & 0xff;
export const dayBits = (packed: number): number => packed & 0xff;
export const yearBits = (packed: number): number => packed >>> 16;
