import type { OrgRow } from '../../org/port.ts';

/** A text field of a row; '' when it is empty, not asked for or something else. */
export const textIn = (row: OrgRow, field: string): string => {
  const value = row[field];
  return typeof value === 'string' ? value : '';
};
