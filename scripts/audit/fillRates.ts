import { inChunks, soqlName } from '../kernel/soql.ts';
import type { ModelField, ModelObject } from '../model/orgModel.ts';
import { GardeError } from '../kernel/result.ts';
import type { Org } from '../org/port.ts';

/** Types that `COUNT(field)` accepts: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_agg_functions_field_types.htm */
const COUNTABLE = new Set([
  'string',
  'email',
  'phone',
  'url',
  'picklist',
  'combobox',
  'reference',
  'int',
  'double',
  'currency',
  'percent',
  'date',
  'datetime',
  'id',
  'long',
]);

/** Aggregates of one query; more would only make one answer slower. */
const COUNTS_PER_QUERY = 50;

export type Fill = {
  readonly rows: number | null;
  /** Problem code when rows could not be counted. */
  readonly notCounted?: string;
  /** Filled rows by field; fields that cannot be counted are missing. */
  readonly filled: ReadonlyMap<string, number>;
};

/** Fields whose fill is asked by aggregate; long texts are counted while they are read. */
export const countableFields = (object: ModelObject): readonly ModelField[] =>
  object.fields.filter(
    (field) =>
      field.category !== undefined &&
      field.filterable &&
      !field.calculated &&
      !field.freeText &&
      field.aggregatable !== false &&
      COUNTABLE.has(field.type),
  );

/** Short texts, multi-select lists and the few fields of other types that aggregates refuse: one call each by `!= null`. */
const askedOneByOne = (object: ModelObject): readonly ModelField[] =>
  object.fields.filter(
    (field) =>
      field.category !== undefined &&
      field.filterable &&
      !field.calculated &&
      !field.freeText &&
      (['textarea', 'multipicklist'].includes(field.type) ||
        (field.aggregatable === false && COUNTABLE.has(field.type))),
  );

const countFields = async (org: Org, object: ModelObject): Promise<ReadonlyMap<string, number>> => {
  const filled = new Map<string, number>();
  const from = soqlName(object.name);
  for (const part of inChunks(countableFields(object), COUNTS_PER_QUERY)) {
    const counts = part.map((field, i) => `COUNT(${soqlName(field.name)}) f${i}`);
    for await (const row of org.query(`SELECT ${counts.join(', ')} FROM ${from}`)) {
      part.forEach((field, i) => filled.set(field.name, Number(row[`f${i}`] ?? 0)));
    }
  }
  for (const { name } of askedOneByOne(object)) {
    filled.set(name, await org.count(`SELECT COUNT() FROM ${from} WHERE ${soqlName(name)} != null`));
  }
  return filled;
};

/**
 * Visible rows of an object and how many of them fill each field: one call for the rows, one per 50 fields and one per
 * short text, whatever the size. An object that refuses to be counted is reported with the refusal's code, the others go
 * on.
 */
export const readFill = async (org: Org, object: ModelObject): Promise<Fill> => {
  try {
    const rows = await org.count(`SELECT COUNT() FROM ${soqlName(object.name)}`);
    return { rows, filled: rows === 0 ? new Map() : await countFields(org, object) };
  } catch (error) {
    if (!(error instanceof GardeError)) throw error;
    return { rows: null, notCounted: error.name, filled: new Map() };
  }
};
