import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { soqlName } from '../kernel/soql.ts';

/** Whose rows come along. */
export type Selection =
  | { readonly kind: 'nothing' }
  /** Records of a plan, what the org deletes with them and what would refuse their deletion. */
  | { readonly kind: 'records'; readonly records: Iterable<{ readonly object: string; readonly id: string }> }
  | { readonly kind: 'objects'; readonly objects: readonly string[]; readonly where?: string }
  | { readonly kind: 'all' };

const file = z.strictObject({
  format: z.literal(1),
  about: z.string(),
  checked: z.iso.date(),
  leftOut: z.array(
    z.strictObject({ objects: z.array(z.string()), because: z.string(), why: z.string(), source: z.string() }),
  ),
  throughParent: z.array(
    z.strictObject({ object: z.string(), field: z.string(), parent: z.string(), source: z.string() }),
  ),
});
export type PullRules = Pick<z.infer<typeof file>, 'leftOut' | 'throughParent'>;

/** `config/pull.json`: what `--all` leaves in the org, and objects that answer only with a filter. */
export const readPullRules = (): PullRules =>
  file.parse(JSON.parse(readFileSync(new URL('../../config/pull.json', import.meta.url), 'utf8')));

const describedField = z.object({
  name: z.string(),
  type: z.string(),
  calculated: z.boolean().default(false),
  calculatedFormula: z.string().nullable().default(null),
});
const described = z.object({
  name: z.string(),
  queryable: z.boolean().default(false),
  keyPrefix: z.string().nullable().default(null),
  fields: z.array(describedField),
  childRelationships: z
    .array(
      z.object({
        childSObject: z.string(),
        field: z.string().nullable(),
        cascadeDelete: z.boolean().default(false),
        restrictedDelete: z.boolean().default(false),
      }),
    )
    .default([]),
});
/** As much of a describe as choosing rows needs. */
export type PulledObject = z.infer<typeof described>;
export const pulledObject = (answer: unknown): PulledObject => described.parse(answer);

/** Compounds are their parts, bytes are fetched one by one, formulas are computed where they are read. */
const NOT_READ = new Set(['address', 'location', 'base64', 'complexvalue']);

/** The fields whose values come along. */
export const readFields = (object: PulledObject): readonly string[] =>
  object.fields
    .filter(({ type, calculatedFormula }) => !NOT_READ.has(type) && calculatedFormula === null)
    .map(({ name }) => name);

/** `SELECT <every stored field> FROM <object>`, with conditions that all hold. */
export const selectRows = (object: PulledObject, conditions: readonly string[]): string => {
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.map((one) => `(${one})`).join(' AND ')}`;
  return `SELECT ${readFields(object).map(soqlName).join(', ')} FROM ${soqlName(object.name)}${where}`;
};
