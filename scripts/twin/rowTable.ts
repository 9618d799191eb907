import type { FieldValue, InputRow, RowTable } from './contract.ts';

/** The rows of a file as records: what a row does not give is left out. */
export const recordsOfTable = ({ fields, rows }: RowTable): readonly InputRow[] =>
  rows.map((cells) => {
    const row: Record<string, FieldValue> = {};
    fields.forEach((name, index) => {
      const cell = cells[index];
      if (cell !== undefined) row[name] = cell;
    });
    return row;
  });
