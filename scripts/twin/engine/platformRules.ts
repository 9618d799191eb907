import { readFileSync } from 'node:fs';
import { z } from 'zod';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const values = z.record(z.string(), value);

const schema = z.strictObject({
  dated: z.iso.date(),
  /** Deletes the platform refuses although no lookup restricts them. */
  deleteGuards: z.array(
    z.strictObject({
      parent: z.string(),
      child: z.string(),
      childField: z.string(),
      when: values,
      reason: z.string(),
      source: z.string(),
    }),
  ),
  /** Read-only fields the platform computes from a picklist on save. */
  derivedFields: z.array(
    z.strictObject({
      object: z.string(),
      from: z.string(),
      values: z.record(z.string(), values),
      otherwise: values,
      source: z.string(),
    }),
  ),
  /** Junctions that may exist once. `{Field}` in the message is the row's value. */
  uniqueTogether: z.array(
    z.strictObject({
      object: z.string(),
      fields: z.array(z.string()).min(2),
      statusCode: z.string(),
      message: z.string(),
      source: z.string(),
    }),
  ),
  /** Objects that refuse a query without one of these filters. */
  requiredFilters: z.array(
    z.strictObject({
      object: z.string(),
      fields: z.array(z.string()),
      unlessPermission: z.string().optional(),
      errorCode: z.string(),
      message: z.string(),
      source: z.string(),
    }),
  ),
  /** Standard lookups that undelete fills again when nothing replaced them; custom lookups always are. */
  restoredLookups: z.array(z.strictObject({ object: z.string(), field: z.string() })),
  restoredLookupsSource: z.string(),
  /** Children that are not moved to the master of a merge but go with the losers; field history always does. */
  lostInMerge: z.array(z.string()),
  lostInMergeSource: z.string(),
  hardDeletePermission: z.string(),
  files: z.strictObject({
    document: z.string(),
    version: z.string(),
    link: z.string(),
    seeAllPermission: z.string(),
    /** Links to these objects share with that user only, not with all who may read the row. */
    grantNothing: z.array(z.string()),
    source: z.string(),
  }),
});

export type PlatformRules = z.infer<typeof schema>;

/** What the platform does object by object, as data with sources: config/twin/platform-rules.json. */
export const readPlatformRules = (): PlatformRules =>
  schema.parse(JSON.parse(readFileSync(new URL('../../../config/twin/platform-rules.json', import.meta.url), 'utf8')));
