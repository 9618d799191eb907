import { z } from 'zod';

const FIELD_TYPES = [
  'id',
  'string',
  'textarea',
  'email',
  'phone',
  'url',
  'picklist',
  'multipicklist',
  'combobox',
  'reference',
  'boolean',
  'int',
  'double',
  'currency',
  'percent',
  'long',
  'date',
  'datetime',
  'time',
  'base64',
  'encryptedstring',
  'address',
  'location',
  'anyType',
  'complexvalue',
] as const;

const rule = z.enum(['cascade', 'restrict', 'set-null', 'none']);
const value = z.union([
  z.string(),
  z.tuple([z.string(), z.string()]),
  z.tuple([z.string(), z.string(), z.literal(true)]),
]);

/** One field as shapes write it; what is left out has the platform's default for the type (docs/twin/schema.md). */
const shapeField = z.strictObject({
  type: z.enum(FIELD_TYPES).optional(),
  label: z.string().optional(),
  len: z.int().positive().optional(),
  num: z
    .string()
    .regex(/^\d+,\d+$/)
    .optional(),
  req: z.literal(true).optional(),
  ro: z.literal(true).optional(),
  create: z.literal(false).optional(),
  update: z.literal(false).optional(),
  fill: z.literal(true).optional(),
  dflt: z.union([z.string(), z.number(), z.boolean()]).optional(),
  on: z.string().optional(),
  off: z.string().optional(),
  pm: z.boolean().optional(),
  lookup: z.literal(true).optional(),
  uniq: z.literal(true).optional(),
  ext: z.literal(true).optional(),
  cs: z.literal(true).optional(),
  name: z.literal(true).optional(),
  auto: z.string().optional(),
  values: z.union([z.string().startsWith('@'), z.array(value)]).optional(),
  restricted: z.literal(true).optional(),
  ref: z.union([z.string(), z.array(z.string())]).optional(),
  joins: z.enum(['all', 'activities', 'feeds']).optional(),
  rel: z.string().nullable().optional(),
  spf: z.literal(true).optional(),
  bytes: z.int().positive().optional(),
  child: z.string().nullable().optional(),
  del: z.union([rule, z.record(z.string(), rule)]).optional(),
  refusedWhen: z.strictObject({ field: z.string(), values: z.array(z.string()) }).optional(),
  md: z.literal(true).optional(),
  of: z.string().optional(),
  extra: z.string().optional(),
  formula: z.string().optional(),
  reads: z.string().optional(),
  zero: z.literal(true).optional(),
  rollUp: z
    .strictObject({
      childObject: z.string(),
      childField: z.string(),
      operation: z.enum(['count', 'sum', 'min', 'max']),
      summarizedField: z.string().optional(),
      filters: z.array(z.strictObject({ field: z.string(), operation: z.string(), value: z.string() })),
    })
    .optional(),
  html: z.literal(true).optional(),
  help: z.string().optional(),
});

const shapeObject = z.strictObject({
  label: z.string().optional(),
  plural: z.string().optional(),
  prefix: z.string().length(3).optional(),
  prefixSource: z.literal('invented').optional(),
  /** Letters or `-`: c(reate) u(pdate) d(elete) u(ndelete) m(erge) q(uery) r(eplicate) s(earch) f(eed). */
  ops: z
    .string()
    .regex(/^[c-][u-][d-][u-][m-][q-][r-][s-][f-]$/)
    .optional(),
  sharing: z.enum(['Private', 'Read', 'ReadWrite', 'ControlledByParent', 'FullAccess']).optional(),
  history: z.string().optional(),
  historyOf: z.string().optional(),
  tooling: z.literal(true).optional(),
  scopes: z.array(z.string()).optional(),
  deepClone: z.literal(true).optional(),
  mru: z.boolean().optional(),
  retrieve: z.literal(false).optional(),
  layouts: z.literal(true).optional(),
  idLabel: z.string().optional(),
  activities: z.literal(true).optional(),
  access: z
    .union([
      z.strictObject({ parent: z.string() }),
      z.strictObject({ open: z.literal(true), read: z.string().optional(), write: z.string().optional() }),
    ])
    .optional(),
  sys: z.union([z.literal('full'), z.array(z.string())]).optional(),
  recordTypes: z
    .record(z.string(), z.strictObject({ label: z.string(), description: z.string().optional() }))
    .optional(),
  /** Fields whose history is tracked: an organisation's own choice. */
  tracks: z.array(z.string()).optional(),
  /** Adds fields and record types to an object of the base shape instead of defining a new one. */
  extends: z.literal(true).optional(),
  fields: z.record(z.string(), shapeField),
});

const shapeFile = z.strictObject({
  format: z.literal(1),
  about: z.string(),
  apiVersion: z.number(),
  base: z.string().optional(),
  picklists: z.record(z.string(), z.array(value)),
  packages: z.array(z.strictObject({ namespace: z.string(), name: z.string(), version: z.string() })).optional(),
  objects: z.record(z.string(), shapeObject),
});

export type ShapeField = z.infer<typeof shapeField>;
export type ShapeObject = z.infer<typeof shapeObject>;
export type ShapeFile = z.infer<typeof shapeFile>;
export type ShapeValue = z.infer<typeof value>;

/** Every problem of a shape and its path; empty when there is none. */
export const checkShape = (content: unknown): string => {
  const parsed = shapeFile.safeParse(content);
  return parsed.success ? '' : z.prettifyError(parsed.error);
};
