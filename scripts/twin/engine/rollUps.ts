import type { SQLInputValue } from 'node:sqlite';
import type { FieldValue } from '../contract.ts';
import type { FieldDefinition, ObjectDefinition, RollUp, SchemaRegistry } from '../schema/definitions.ts';
import { coerce, roundTo } from './coerce.ts';
import type { EngineContext } from './engineContext.ts';
import { RowProblem } from './problems.ts';
import { encode } from './columnWrites.ts';
import { stamp, type StoredRow } from './rowStore.ts';
import { isStored, quote } from './tables.ts';

type Summary = {
  readonly parent: ObjectDefinition;
  readonly field: FieldDefinition;
  readonly rollUp: RollUp;
  /** Canonical name of the child's lookup to the parent. */
  readonly childField: string;
};

const comparisons: Readonly<Record<string, string>> = {
  equals: 'IS',
  notEqual: 'IS NOT',
  lessThan: '<',
  lessOrEqual: '<=',
  greaterThan: '>',
  greaterOrEqual: '>=',
};

const patterns: Readonly<Record<string, (value: string) => string>> = {
  contains: (value) => `%${value}%`,
  notContain: (value) => `%${value}%`,
  startsWith: (value) => `${value}%`,
};

/** Whether the engine keeps this summary: its child field and filters are stored fields and operations it knows. */
export const isRollUpKept = (registry: SchemaRegistry, rollUp: RollUp): boolean => {
  const stored = (name: string): boolean => {
    const field = registry.field(rollUp.childObject, name.split('.').at(-1) ?? name);
    return field !== undefined && isStored(field);
  };
  return (
    stored(rollUp.childField) &&
    (rollUp.summarizedField === undefined || stored(rollUp.summarizedField)) &&
    rollUp.filters.every(
      (filter) => stored(filter.field) && (filter.operation in comparisons || filter.operation in patterns),
    )
  );
};

const bare = (name: string): string => name.split('.').at(-1) ?? name;

/** Several values of one filter are alternatives, written with commas. */
const filterSql = (field: FieldDefinition, operation: string, value: string, values: SQLInputValue[]): string => {
  const column = quote(field.name);
  const words = value === '' ? [''] : value.split(',').map((word) => word.trim());
  const pattern = patterns[operation];
  const tests = words.map((word) => {
    if (pattern !== undefined) {
      values.push(pattern(word.replace(/[\\%_]/g, '\\$&')));
      return `${column} LIKE ? ESCAPE '\\'`;
    }
    values.push(encode(word === '' && field.type !== 'boolean' ? null : coerce(field, word)));
    return `${column} ${comparisons[operation] ?? 'IS'} ?${field.type === 'boolean' ? '' : ' COLLATE NOCASE'}`;
  });
  const negative = operation === 'notContain' || operation === 'notEqual';
  const joined = `(${tests.join(operation === 'notEqual' ? ' AND ' : ' OR ')})`;
  return negative && operation === 'notContain' ? `NOT ${joined}` : joined;
};

const aggregates = { count: 'COUNT(*)', sum: 'SUM', min: 'MIN', max: 'MAX' } as const;

const compute = (context: EngineContext, summary: Summary, parentId: string): FieldValue => {
  const { rollUp, field } = summary;
  const table = context.store.tableFor(rollUp.childObject);
  const childField = bare(rollUp.childField);
  context.store.index(rollUp.childObject, childField);
  const values: SQLInputValue[] = [parentId];
  const filters = rollUp.filters.map((filter) => {
    const target = context.registry.field(rollUp.childObject, bare(filter.field));
    if (target === undefined) throw new RowProblem('UNKNOWN_EXCEPTION', `roll-up filter field ${filter.field} is gone`);
    return ` AND ${filterSql(target, filter.operation, filter.value, values)}`;
  });
  const measured = rollUp.summarizedField === undefined ? '' : `(${quote(bare(rollUp.summarizedField))})`;
  const sql = `SELECT ${aggregates[rollUp.operation]}${rollUp.operation === 'count' ? '' : measured} AS v FROM ${table.sql} WHERE ${quote(childField)} = ? AND "_deleted" = 0${filters.join('')}`;
  const value = context.store.statement(sql).get(...values)?.['v'];
  if (value === null || value === undefined) return rollUp.operation === 'sum' ? 0 : null;
  return typeof value === 'number' ? roundTo(value, field.scale) : String(value);
};

const summariesOf = (registry: SchemaRegistry): Map<string, Summary[]> => {
  const index = new Map<string, Summary[]>();
  for (const parent of registry.objects()) {
    for (const field of parent.fields) {
      if (field.rollUp === undefined || !isRollUpKept(registry, field.rollUp)) continue;
      const child = registry.object(field.rollUp.childObject)?.name ?? field.rollUp.childObject;
      const list = index.get(child) ?? [];
      const childField = registry.field(child, bare(field.rollUp.childField))?.name ?? '';
      list.push({ parent, field, rollUp: field.rollUp, childField });
      index.set(child, list);
    }
  }
  return index;
};

/** Writes the summary anew; answers the parent as it was when it changed. */
const recalculate = (context: EngineContext, summary: Summary, parentId: string): StoredRow | undefined => {
  const { parent, field } = summary;
  const before = context.store.readRow(parent.name, parentId);
  const value = compute(context, summary, parentId);
  if (before === undefined || before[field.name] === value) return undefined;
  const modified = 'SystemModstamp' in before ? { SystemModstamp: stamp(context.clock.now()) } : {};
  context.store.updateRaw(parent.name, parentId, { [field.name]: value, ...modified });
  context.journal.write({
    object: parent.name,
    id: parentId,
    change: 'update',
    cause: 'roll-up',
    fields: [field.name],
  });
  return before;
};

export type RollUps = {
  /** Whether rows of the object are summed up anywhere. */
  readonly concern: (object: string) => boolean;
  /** The row of the request that is being saved: what it does to its parents is put down to it. */
  readonly begin: (row: number) => void;
  /** Notes that this child changed; `row` is what it was or what it is (note both when it moved). */
  readonly noteChild: (object: string, row: Readonly<Record<string, FieldValue>>) => void;
  /**
   * Brings every noted parent up to date, then their parents. Call once per request, in its transaction. Answers the rows
   * whose parents `check` refuses with the new sum, with the parent's problem; the transaction must be undone then.
   */
  readonly settle: (check?: ParentCheck) => ReadonlyMap<number, RowProblem>;
  /** Drops the notes of a request that was undone. */
  readonly forget: () => void;
};

/** Judges a parent that a roll-up changed; RowProblem when its validation rules refuse it. */
export type ParentCheck = (object: ObjectDefinition, before: StoredRow, after: StoredRow) => void;

type Noted = { readonly summary: Summary; readonly parentId: string; readonly rows: Set<number> };

const none: ReadonlyMap<number, RowProblem> = new Map();

/** Roll-up summaries are stored and recalculated whenever a child is written, deleted or undeleted. */
class StoredRollUps implements RollUps {
  readonly #context: EngineContext;
  #version = -1;
  #index = new Map<string, Summary[]>();
  #noted = new Map<string, Noted>();
  #row = -1;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  #summaries(object: string): readonly Summary[] | undefined {
    const { registry } = this.#context;
    if (registry.version !== this.#version) {
      this.#version = registry.version;
      this.#index = summariesOf(registry);
    }
    return this.#index.get(object);
  }

  readonly begin = (row: number): void => {
    this.#row = row;
  };

  readonly concern = (object: string): boolean => this.#summaries(object) !== undefined;

  readonly noteChild: RollUps['noteChild'] = (object, row) => {
    this.#note(object, row, [this.#row]);
  };

  #note(object: string, row: Readonly<Record<string, FieldValue>>, rows: Iterable<number>): void {
    for (const summary of this.#summaries(object) ?? []) {
      const parentId = row[summary.childField];
      if (typeof parentId !== 'string') continue;
      const key = `${summary.parent.name}.${summary.field.name}.${parentId}`;
      const noted = this.#noted.get(key) ?? { summary, parentId, rows: new Set() };
      for (const one of rows) noted.rows.add(one);
      this.#noted.set(key, noted);
    }
  }

  readonly settle: RollUps['settle'] = (check) => {
    if (this.#noted.size === 0) return none;
    const problems = new Map<number, RowProblem>();
    const before = new Map<
      string,
      { readonly object: ObjectDefinition; readonly row: StoredRow; readonly rows: Set<number> }
    >();
    while (this.#noted.size > 0) {
      const batch = [...this.#noted.values()];
      this.#noted = new Map();
      for (const { summary, parentId, rows } of batch) {
        const parent = recalculate(this.#context, summary, parentId);
        if (parent === undefined) continue;
        this.#note(summary.parent.name, parent, rows);
        const known = before.get(parentId) ?? { object: summary.parent, row: parent, rows: new Set<number>() };
        for (const row of rows) known.rows.add(row);
        before.set(parentId, known);
      }
    }
    if (check !== undefined) for (const [id, parent] of before) this.#judge(check, id, parent, problems);
    return problems;
  };

  #judge(
    check: ParentCheck,
    id: string,
    parent: { readonly object: ObjectDefinition; readonly row: StoredRow; readonly rows: ReadonlySet<number> },
    problems: Map<number, RowProblem>,
  ): void {
    const after = this.#context.store.readRow(parent.object.name, id);
    if (after === undefined) return;
    try {
      check(parent.object, parent.row, after);
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      for (const row of parent.rows) problems.set(row, error);
    }
  }

  readonly forget = (): void => {
    this.#noted = new Map();
  };
}

/** The roll-ups of one engine. */
export const createRollUps = (context: EngineContext): RollUps => new StoredRollUps(context);
