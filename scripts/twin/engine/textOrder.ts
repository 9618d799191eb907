import type { DatabaseSync } from 'node:sqlite';

/** Text as compared by `=`, IN and LIKE: letter case does not count, accents do. */
export const fold = (text: string): string => text.toLowerCase();

const ascii = /^[\x20-\x7e]*$/;
const marks = /\p{M}+/gu;

/**
 * Text as ordered by ORDER BY, `<` and `>`: base letters first, accents only between texts otherwise equal.
 * node:sqlite has no collations of its own making, hence a key.
 */
export const orderKey = (text: string): string => {
  const lower = text.toLowerCase();
  if (ascii.test(lower)) return lower;
  return `${lower.normalize('NFD').replace(marks, '').replaceAll('œ', 'oe').replaceAll('æ', 'ae').replaceAll('ß', 'ss')}\u0001${lower}`;
};

/** SQL functions `fold(text)` and `order_key(text)`; other types pass through. */
export const addTextFunctions = (database: DatabaseSync): void => {
  const onText = (change: (text: string) => string) => (value: unknown) =>
    typeof value === 'string' ? change(value) : (value as number | null);
  database.function('fold', { deterministic: true }, onText(fold));
  database.function('order_key', { deterministic: true }, onText(orderKey));
};
