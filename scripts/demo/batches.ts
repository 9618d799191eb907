import { unitsOf, type Unit } from './people.ts';
import type { World } from './world.ts';

export type DemoRow = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Up to 2,000 rows of one object, all with the same columns.
 *
 * - Columns named `<relationship>.Demo_Key__c` are references by external id, as the Bulk API and JSON rows take them.
 * - Columns named `<Field>Key` stand for `<Field>` and hold a `Demo_Key__c`: whoever loads replaces them by the record's
 *   id, looked up in the object that `objectOfKey` names. They occur for polymorphic fields (`WhoIdKey`), for files, and
 *   wherever ids are the only way in.
 * - null is an empty cell.
 *
 * `via: 'bulk'`: Bulk API 2.0 by a user with Set Audit Fields upon Record Creation, as rows carry `CreatedDate` and
 * `LastModifiedDate`. `via: 'files'`: ContentVersion, one request or collection at a time; `VersionData` is base64.
 * `via: 'admin'`: rows no API can insert (field history), for an admin load that keeps ids and audit fields.
 * `operation: 'delete'`: rows hold `IdKey` alone; they go to the recycle bin after everything else is in.
 */
export type DemoBatch = {
  readonly object: string;
  readonly rows: readonly DemoRow[];
  readonly via: 'bulk' | 'files' | 'admin';
  readonly operation: 'insert' | 'delete';
};

/** One kind of row of the org: which object, how it is loaded, and the rows, made one by one. */
export type Stage = Omit<DemoBatch, 'rows'> & { readonly rows: (world: World) => Iterable<DemoRow> };

/** Rows that belong to one household or lead. */
export type RowsOfUnit = (world: World, unit: Unit) => readonly DemoRow[];

/** Rows unit by unit: one unit in memory at a time. */
export const perUnit = (rowsOf: RowsOfUnit): Stage['rows'] =>
  function* (world) {
    for (const unit of unitsOf(world)) yield* rowsOf(world, unit);
  };

export const bulk = (object: string, rows: Stage['rows']): Stage => ({
  object,
  via: 'bulk',
  operation: 'insert',
  rows,
});

export const BATCH_ROWS = 2_000;

/** Cuts stages into batches; never holds more than one batch. */
export function* batchesOf(world: World, stages: readonly Stage[], size: number = BATCH_ROWS): Generator<DemoBatch> {
  for (const { object, via, operation, rows } of stages) {
    let batch: DemoRow[] = [];
    for (const row of rows(world)) {
      batch.push(row);
      if (batch.length < size) continue;
      yield { object, via, operation, rows: batch };
      batch = [];
    }
    if (batch.length > 0) yield { object, via, operation, rows: batch };
  }
}
