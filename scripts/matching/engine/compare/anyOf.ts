import type { Data } from './contract.ts';

/** The columns of a field, one for each value a row may have. */
export const columnsOf = (data: Data, field: string): readonly Int32Array[] =>
  Array.from({ length: data.plan.width[field] ?? 0 }, (_, i) => data.columns[`${field}${i}`]).filter(
    (column) => column !== undefined,
  );
