import { z } from 'zod';

/** What a column of people, households or organisations may hold; `identifier:<scheme>` is beside these. */
export const COLUMN_ROLES = [
  'id',
  'given-name',
  'family-name',
  'birth-name',
  'full-name',
  'organisation-name',
  'sex',
  'civility',
  'birth-date',
  'birth-place',
  'email',
  'phone',
  'street',
  'house-number',
  'address-line',
  'postcode',
  'city',
  'region',
  'country',
  'ignore',
] as const;

/** `identifier:siren`, `identifier:member-number`: equal values are strong evidence, as strong as they turn out to be. */
export const identifierRole = z.templateLiteral(['identifier:', z.string().regex(/^[a-z][a-z0-9-]*$/)]);
export const columnRole = z.union([z.enum(COLUMN_ROLES), identifierRole]);
export type ColumnRole = z.infer<typeof columnRole>;

/** `map.yml` of `garde match file --columns`: column name → what it holds. */
export const columnMap = z.record(z.string().min(1), columnRole);
export type ColumnMap = z.infer<typeof columnMap>;
