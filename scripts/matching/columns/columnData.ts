import { z } from 'zod';
import { columnRole } from '../../model/columnMap.ts';
import { source } from '../../model/text.ts';

const word = z.string().min(1);

/** config/matching/columns.yml */
export const columnData = z.strictObject({
  source,
  frame: z.array(word),
  never: z.array(word),
  roles: z.array(z.strictObject({ role: columnRole, exact: z.array(word), within: z.array(word) })),
  identifiers: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.array(word)),
  references: z.array(word),
});
export type ColumnData = z.infer<typeof columnData>;
