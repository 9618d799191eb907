import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { READ_ONCE } from '../schema/readOnce.ts';

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
  /** Rows that may not be deleted by themselves while they are in this state (they may go with a parent). */
  rowGuards: z.array(
    z.strictObject({
      object: z.string(),
      field: z.string(),
      values: z.array(value).min(1),
      statusCode: z.string(),
      message: z.string(),
      source: z.string(),
    }),
  ),
  /** Deletions that are refused by name: what the platform does besides is not emulated. */
  refusedDeletes: z.array(
    z.strictObject({ object: z.string(), field: z.string(), values: z.array(value).min(1), what: z.string() }),
  ),
  recycleBin: z.strictObject({
    keptDays: z.number().int().positive(),
    /** Rows it holds per MB of data storage; past that the oldest go, once they have been there so many hours. */
    recordsPerMegabyte: z.number().int().positive(),
    minimumHours: z.number().positive(),
    /** Whoever may empty and restore what others deleted. */
    othersPermission: z.string(),
    source: z.string(),
  }),
  /** Fields the platform computes from a picklist or a switch on save; `on`: of changed rows alone. */
  derivedFields: z.array(
    z.strictObject({
      object: z.string(),
      from: z.string(),
      on: z.literal('update').optional(),
      values: z.record(z.string(), values),
      otherwise: values,
      source: z.string(),
    }),
  ),
  /** Fields the platform works out of others on save, in this order; `fills`: only where that field is given and this is not. */
  computedFields: z.strictObject({
    fields: z.array(
      z.strictObject({
        object: z.string(),
        field: z.string(),
        fills: z.string().optional(),
        needs: z.array(z.string()),
        formula: z.string(),
        source: z.string(),
      }),
    ),
    /** What a row may not be afterwards. */
    refused: z.array(
      z.strictObject({
        object: z.string(),
        needs: z.array(z.string()),
        formula: z.string(),
        statusCode: z.string(),
        message: z.string(),
        fields: z.array(z.string()),
        source: z.string(),
      }),
    ),
    /** What a row must have afterwards. */
    required: z.array(
      z.strictObject({ object: z.string(), fields: z.array(z.string()), unless: z.string(), source: z.string() }),
    ),
  }),
  /** Rows the platform writes below a new one. */
  firstChildren: z.array(
    z.strictObject({
      object: z.string(),
      child: z.string(),
      lookup: z.string(),
      rows: z.array(values).min(1),
      source: z.string(),
    }),
  ),
  /** Fields that name a row among those of the same parent: the default one when left out; what that row says is copied. */
  chosenRows: z.array(
    z.strictObject({
      object: z.string(),
      field: z.string(),
      /** The lookups to that parent. */
      within: z.string(),
      child: z.string(),
      lookup: z.string(),
      label: z.string(),
      default: z.string(),
      copies: z.array(z.string()),
      source: z.string(),
    }),
  ),
  /** Switches that one row of a parent has: the one it was last given to. */
  onlyOnes: z.array(z.strictObject({ object: z.string(), field: z.string(), within: z.string(), source: z.string() })),
  /** Lookups of an object to itself by which no row may be above itself. */
  hierarchies: z.strictObject({
    fields: z.array(z.strictObject({ object: z.string(), field: z.string() })),
    statusCode: z.string(),
    message: z.string(),
    source: z.string(),
  }),
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
  /** Objects of the metadata catalogue, whose queries know neither OR nor NOT nor aggregates. */
  catalog: z.strictObject({
    objects: z.array(z.string()),
    withoutAggregates: z.array(z.string()),
    /** LIMIT and OFFSET are ignored. */
    withoutLimit: z.array(z.string()),
    withoutCountOfIds: z.array(z.string()),
    source: z.string(),
  }),
  /** Standard lookups that undelete fills again when nothing replaced them; custom lookups always are. */
  restoredLookups: z.array(z.strictObject({ object: z.string(), field: z.string() })),
  restoredLookupsSource: z.string(),
  /** Children that are not moved to the master of a merge but go with the losers; field history always does. */
  lostInMerge: z.array(z.string()),
  lostInMergeSource: z.string(),
  merge: z.strictObject({
    maxLosers: z.number().int().positive(),
    /** Links that master and loser may share: the master's stays, the loser's goes with it. */
    sharedOnce: z.array(z.strictObject({ object: z.string(), fields: z.array(z.string()).min(2), source: z.string() })),
    /** Values that children of a loser lose when they move. */
    resets: z.array(z.strictObject({ object: z.string(), field: z.string(), value, source: z.string() })),
    /** Relations of which master and loser may not have the same: both are named in the refusal. */
    relations: z.array(
      z.strictObject({
        object: z.string(),
        fields: z.tuple([z.string(), z.string()]),
        /** The relation that follows from a lookup of the record itself: dropped when both have it, else it becomes an ordinary one. */
        direct: z.strictObject({ field: z.string(), of: z.string(), lookup: z.string() }),
        source: z.string(),
      }),
    ),
    /** Lookups of users to the record: merging losers that have one is refused by name. */
    portalUsers: z.array(z.strictObject({ object: z.string(), field: z.string() })),
    /** The privacy record of the master is kept, or the one changed last where the org says so. */
    privacyRecord: z.strictObject({
      field: z.string(),
      object: z.string(),
      preference: z.strictObject({ object: z.string(), field: z.string() }),
      source: z.string(),
    }),
    /** A record that is two: its second half's children move along. */
    pairs: z.array(z.strictObject({ object: z.string(), is: z.string(), other: z.string(), source: z.string() })),
    source: z.string(),
  }),
  hardDeletePermission: z.string(),
  files: z.strictObject({
    document: z.string(),
    version: z.string(),
    link: z.string(),
    seeAllPermission: z.string(),
    /** Links to these objects share with that user only, not with all who may read the row. */
    grantNothing: z.array(z.string()),
    /** The link of this share type to the document's owner cannot be deleted. */
    ownerShare: z.string(),
    ownerShareSource: z.string(),
    source: z.string(),
  }),
});

export type PlatformRules = z.infer<typeof schema>;

/** What the platform does object by object, as data with sources: config/twin/platform-rules.json. */
export const readPlatformRules = (): PlatformRules =>
  schema.parse(
    JSON.parse(readFileSync(new URL('../../../config/twin/platform-rules.json', import.meta.url), 'utf8')),
    READ_ONCE,
  );
