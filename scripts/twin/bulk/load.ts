import { TwinError } from '../contract.ts';
import type { DataEngine, InputRow, RowResult, RowTable, Session } from '../contract.ts';
import type { Clock } from '../clock.ts';
import type { WireSchema } from '../wireSchema.ts';
import type { Outcomes } from './outcomes.ts';
import type { JobFault } from '../faults/jobFaults.ts';
import { nextTurn } from './slices.ts';

export const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What a job does with rows, whichever API they came by. */
export type Load = {
  readonly session: Session;
  readonly object: string;
  readonly operation: Operation;
  readonly externalIdFieldName: string | undefined;
};

export type LoadPorts = { readonly engine: DataEngine; readonly schema: WireSchema; readonly clock: Clock };

type Cells = RowTable['rows'][number];

/** A row of a file: by name, or its values in the order of the file's fields. */
export type LoadRow = InputRow | Cells;

/** Some rows of one file, and what their values mean where they name no fields. A row that could not be read is its error. */
export type LoadGroup = {
  readonly fields: readonly string[] | undefined;
  readonly rows: readonly (LoadRow | TwinError)[];
};

/** A failure that the host of the twin planned. */
export class PlannedFailure extends Error {}

/** Rows that share one engine transaction, as the platform's trigger batches do. */
const BATCH = 200;

const idOf = (row: InputRow): string => {
  for (const name in row) {
    const value = row[name];
    if (name.toLowerCase() === 'id' && typeof value === 'string') return value;
  }
  return '';
};

type Batch = { readonly fields: readonly string[] | undefined; readonly rows: readonly LoadRow[] };

const isCells = (row: LoadRow): row is Cells => row instanceof Array;
const isRecord = (row: LoadRow): row is InputRow => !isCells(row);

/** Writes rows as the load says; what that means is the same for all of its rows. */
const writer = (load: Load, engine: DataEngine): ((batch: Batch) => readonly RowResult[]) => {
  const { session, object, operation, externalIdFieldName: externalIdField } = load;
  const options = { allOrNone: false, ...(externalIdField === undefined ? {} : { externalIdField }) };
  return (batch) => {
    if (batch.fields !== undefined) {
      return engine.insertTable(session, object, { fields: batch.fields, rows: batch.rows.filter(isCells) }, options);
    }
    const rows = batch.rows.filter(isRecord);
    if (operation === 'delete') return engine.delete(session, rows.map(idOf), options);
    if (operation === 'hardDelete') return engine.hardDelete(session, object, rows.map(idOf));
    return engine[operation](session, object, rows, options);
  };
};

/** `CODE:message:fields --`, as result files write it; several errors follow each other. */
const errorCell = (result: RowResult): string => {
  if (result.errors.length === 0) return 'UNKNOWN_EXCEPTION:no reason was given:--';
  return result.errors
    .map(({ statusCode, message, fields }) => {
      const named = fields.length === 0 ? '' : `${fields.join(',')} `;
      return `${statusCode}:${message}:${named}--`;
    })
    .join(';');
};

const record = (outcomes: Outcomes, results: readonly RowResult[]): void => {
  for (const result of results) {
    if (result.success) outcomes.saved(result.id ?? '', result.created);
    else outcomes.refused(errorCell(result));
  }
};

/**
 * Writes rows, 200 a transaction, letting others be served in between. A row that could not be read comes as its error.
 * Stops between two transactions when `isStopped` says so.
 */
export const loadRows = async (
  load: Load,
  groups: AsyncIterable<LoadGroup>,
  outcomes: Outcomes,
  ports: {
    readonly engine: DataEngine;
    readonly isStopped: () => boolean;
    readonly failure?: JobFault['failure'] | undefined;
  },
): Promise<void> => {
  const write = writer(load, ports.engine);
  let batch: LoadRow[] = [];
  let fields: readonly string[] | undefined;
  const most = ports.failure?.afterRows ?? Number.POSITIVE_INFINITY;
  const flush = (): void => {
    const rows = batch.slice(0, Math.max(0, most - outcomes.count));
    if (rows.length > 0) record(outcomes, write({ fields, rows }));
    batch = [];
    if (outcomes.count >= most) throw new PlannedFailure(ports.failure?.message);
  };
  for await (const group of groups) {
    fields = group.fields;
    for (const row of group.rows) {
      if (row instanceof TwinError) {
        flush();
        outcomes.refused(`${row.errorCode}:${row.message}:--`);
        continue;
      }
      batch.push(row);
      if (batch.length < BATCH) continue;
      if (ports.isStopped()) return;
      flush();
      await nextTurn();
    }
  }
  if (!ports.isStopped()) flush();
};

/** Refuses a job whose object the user cannot see or whose operation needs a permission the user lacks. */
export const checkLoad = (engine: DataEngine, load: Load): void => {
  if (load.operation !== 'hardDelete') return;
  try {
    // Asks for nothing but the permission, so that the job is refused and not each of its rows.
    engine.hardDelete(load.session, load.object, []);
  } catch (error) {
    if (!(error instanceof TwinError)) throw error;
    throw new TwinError(
      'FEATURENOTENABLED',
      'hardDelete operation requires special user profile permission, please contact your system administrator',
    );
  }
};
