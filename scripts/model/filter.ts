import { z } from 'zod';
import { fieldPath } from './text.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One condition on a field; packs and charters state conditions as data, never as SOQL text. */
export const condition = z.strictObject({
  field: fieldPath,
  is: z.enum(['equal', 'not-equal', 'in', 'not-in', 'greater', 'at-least', 'less', 'at-most', 'like', 'not-like']),
  value: z.union([scalar, z.array(scalar).min(1)]),
});
export type Condition = z.infer<typeof condition>;

/** All conditions hold. */
export const filter = z.array(condition);
export type Filter = z.infer<typeof filter>;
