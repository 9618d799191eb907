import type { FieldValue, RowResult, RowTable, SaveOptions, Session } from '../contract.ts';
import { recordsOfTable } from '../rowTable.ts';
import { requiredMissing } from './problems.ts';
import { fullName } from './recordNames.ts';
import { stamp } from './rowStore.ts';
import { insertRows, loopParts, savingOf, type SaveParts } from './save.ts';
import { requireTargets } from './saveChecks.ts';
import { eachRow } from './saveLoop.ts';
import type { Saving } from './saving.ts';
import { sharedRows } from './sharing.ts';
import { tableColumns } from './tableColumns.ts';
import { blankLine, lineRow, tableLine, type Cells, type TableLine } from './tableLine.ts';
import { requireUnique, requireUniqueTogether } from './uniqueness.ts';

type Values = (FieldValue | undefined)[];

/** What was worked out for the rows of one file: good for as long as it would be worked out alike. */
type Prepared = {
  readonly saving: Saving;
  readonly options: SaveOptions;
  readonly version: number;
  readonly line: TableLine | undefined;
  /** Names given by rows without some of the columns, by which ones. */
  readonly given: Map<string, readonly string[]>;
  /** Changes with the rows that lookups were found to point to. */
  state: number;
};

const read = (line: TableLine, blank: Cells, cells: Cells): Values => {
  const values = blank.slice();
  for (let index = 0; index < line.columns.length; index += 1) {
    const cell = cells[index];
    const column = line.columns[index];
    if (cell === undefined || column === undefined) continue;
    values[index] = cell === null ? column.empty : column.read(cell);
  }
  for (const at of line.refilled) values[at] ??= blank[at];
  if (line.nameParts.length > 0) values[line.nameAt] = fullName(line.nameParts.map((at) => values[at]));
  return values;
};

const check = (saving: Saving, line: TableLine, values: Cells): void => {
  const { context, plan } = saving;
  for (const { at } of line.required) {
    if (values[at] === null) {
      throw requiredMissing(line.required.filter((one) => values[one.at] === null).map(({ name }) => name));
    }
  }
  for (const { at, field } of line.lookups) {
    const id = values[at];
    if (typeof id === 'string' && saving.targets.get(field)?.has(id) !== true) {
      requireTargets(saving, [field], { [field.name]: id });
    }
  }
  if (plan.unique.length === 0 && plan.uniqueTogether.length === 0) return;
  const row = lineRow(line, values);
  requireUnique(context, plan, row, '');
  requireUniqueTogether(context, plan, row, '');
};

const givenNames = ({ line, given }: Prepared, cells: Cells): readonly string[] => {
  let missing = '';
  const columns = line?.columns ?? [];
  for (let index = 0; index < columns.length; index += 1) if (cells[index] === undefined) missing += `${index},`;
  const known = given.get(missing);
  if (known !== undefined) return known;
  const names = columns.filter((_, index) => cells[index] !== undefined).map(({ field }) => field.name);
  given.set(missing, names);
  return names;
};

const write = (saving: Saving, line: TableLine, values: Values, fields: readonly string[]): string => {
  const { context, plan } = saving;
  const { name } = plan.object;
  for (const { at, field } of line.autoNumbers) values[at] = saving.autoNumbers(plan.object, field);
  const id = context.store.newId(name);
  if (plan.nameFallsBackToId) values[line.nameAt] ??= id.slice(0, 15);
  values[line.idAt] = id;
  context.store.insertValues(name, line.names, values);
  context.journal.write({ object: name, id, change: 'insert', cause: 'direct', fields });
  if (saving.rollUps.concern(name)) saving.rollUps.noteChild(name, lineRow(line, values));
  if (plan.tracked.length > 0) saving.created.push(id);
  return id;
};

/** A number that stays the same while the lookups' targets do; NaN where who may reach them depends on more rows. */
const targetState = ({ context, session }: Saving, { lookups }: TableLine): number => {
  let state = 0;
  for (const { field } of lookups) {
    for (const name of field.referenceTo) {
      const target = context.registry.object(name);
      if (target === undefined) continue;
      if (sharedRows({ context, session, right: 'read' }, target, 't') !== undefined) return Number.NaN;
      // revisions only grow
      state += context.store.revision(target.name);
    }
  }
  return state;
};

/** One request to save rows of a file. */
type Call = {
  readonly session: Session;
  readonly object: string;
  readonly table: RowTable;
  readonly options: SaveOptions;
};

const prepare = (parts: SaveParts, { session, object, table, options }: Call): Prepared => {
  const saving = savingOf(parts, session, object, options);
  const { context, plan, access } = saving;
  const truncate = options.allowFieldTruncation === true;
  const columns = tableColumns({ context, session, plan, access, writing: 'insert', truncate }, table.fields);
  const line = columns === undefined ? undefined : tableLine(plan, columns);
  const { version } = context.registry;
  return { saving, options, version, line, given: new Map(), state: Number.NaN };
};

const isCurrent = ({ saving, options, version }: Prepared, call: Call): boolean =>
  saving.session === call.session &&
  options === call.options &&
  version === saving.context.registry.version &&
  saving.access === saving.context.accessOf(call.session.userId) &&
  saving.plan.object.name === saving.context.registry.object(call.object)?.name;

/** The request's own saving; what earlier requests for the same file found of lookups stays known while it is true. */
const savingNow = (prepared: Prepared, line: TableLine): Saving => {
  const { saving } = prepared;
  const state = targetState(saving, line);
  if (state !== prepared.state) saving.targets.clear();
  prepared.state = state;
  return { ...saving, saved: new Set(), created: [], now: stamp(saving.context.clock.now()) };
};

/** Inserts rows of files; answers the same as inserting each as a record does, in less time where the object allows it. */
export const createTableInserts = (parts: SaveParts): ((call: Call) => readonly RowResult[]) => {
  const known = new WeakMap<readonly string[], Prepared>();
  return (call) => {
    const { session, object, table, options } = call;
    const before = known.get(table.fields);
    const prepared = before !== undefined && isCurrent(before, call) ? before : prepare(parts, call);
    known.set(table.fields, prepared);
    const { line } = prepared;
    if (line === undefined) {
      return insertRows(parts, session, object, { rows: recordsOfTable(table), options });
    }
    const saving = savingNow(prepared, line);
    const blank = blankLine(line, saving.plan, { userId: session.userId, now: saving.now });
    return eachRow(loopParts(parts, saving), table.rows, options.allOrNone, (cells) => {
      const values = read(line, blank, cells);
      check(saving, line, values);
      return { id: write(saving, line, values, givenNames(prepared, cells)), created: true };
    });
  };
};
