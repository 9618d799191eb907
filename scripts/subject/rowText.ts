import type { OrgRow } from '../org/port.ts';

/** A text field of a row; empty when it holds nothing or no text. */
export const rowText = (row: OrgRow, field: string): string => {
  const value = row[field];
  return typeof value === 'string' ? value : '';
};
