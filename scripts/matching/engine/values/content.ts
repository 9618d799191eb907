import { mixed } from '../text/fold.ts';
import type { ValueTable, ValueTables } from './contract.ts';

const TABLE_OF: Readonly<Record<string, keyof ValueTables>> = {
  given: 'given',
  family: 'family',
  organisation: 'organisation',
  street: 'street',
  city: 'place',
  birthPlace: 'place',
};

const fieldName = (slot: string): string => slot.replace(/\d$/, '');

/**
 * Mixes what rows hold into their column `content`: a number that does not depend on where a row stands, for choosing
 * samples. Where the row stands in its file (`:at`) is left out.
 */
export const fillContent = (
  columns: Readonly<Record<string, Int32Array>>,
  values: ValueTables,
  slots: readonly string[],
  range: { readonly firstRow: number; readonly rows: number },
): void => {
  const content = columns['content'];
  if (content === undefined) return;
  const end = range.firstRow + range.rows;
  slots.forEach((slot, i) => {
    const column = columns[slot];
    if (column === undefined || slot.endsWith(':at') || slot === 'full') return;
    const table: ValueTable | undefined = values[TABLE_OF[fieldName(slot)] ?? 'full'];
    const slotSeed = mixed(0x51ed270b + i);
    const isText = TABLE_OF[fieldName(slot)] !== undefined && table !== undefined;
    for (let row = range.firstRow; row < end; row += 1) {
      const value = column[row] ?? 0;
      if (value === 0) continue;
      const own = isText ? (table.identity[value] ?? 0) : value;
      content[row] = mixed(Math.imul(content[row] ?? 0, 31) + Math.imul(own, 0x9e3779b1) + slotSeed) | 0;
    }
  });
};
