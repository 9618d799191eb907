/** Calls of the engine that take rows or ids and answer one result each. */
export const ROW_OPERATIONS = [
  'insert',
  'update',
  'upsert',
  'delete',
  'undelete',
  'hardDelete',
  'emptyRecycleBin',
  'merge',
] as const;

export type RowOperation = (typeof ROW_OPERATIONS)[number];
