import type { SQLInputValue } from 'node:sqlite';
import type { FieldValue } from '../contract.ts';
import { quote, type Column } from './tableLayout.ts';
import { columnNamed, type Table } from './tables.ts';

export const encode = (value: FieldValue): SQLInputValue => (typeof value === 'boolean' ? Number(value) : value);

/** As kept beside the field it follows: nothing while both are the same, 0 for an empty value of its own. */
export const ownValue = (value: SQLInputValue, followed: SQLInputValue): SQLInputValue =>
  value === followed ? null : (value ?? 0);

/** What follows a field that changes keeps what it showed, unless it changes as well. */
const held = (table: Table, names: ReadonlySet<string>): readonly string[] =>
  table.ordered.flatMap(({ field, follows }) =>
    follows === undefined || !names.has(follows.name) || names.has(field.name)
      ? []
      : [`${follows.own} = coalesce(${follows.own}, ${quote(follows.name)}, 0)`],
  );

/** The parts of `UPDATE … SET` for these fields, in any case: one placeholder each, in order, first. */
export const assignments = (table: Table, names: readonly string[]): readonly string[] => {
  const columns = names.map((name) => columnNamed(table, name));
  const sets = columns.map(({ sql, follows }) => `${follows?.own ?? sql} = ?`);
  return [...sets, ...held(table, new Set(columns.map(({ field }) => field.name)))];
};

/** The values for the placeholders of `assignments`. */
export const assigned = (table: Table, changes: Readonly<Record<string, FieldValue>>): SQLInputValue[] =>
  Object.entries(changes).map(([name, value]) => {
    const given = encode(value);
    return columnNamed(table, name).follows === undefined ? given : (given ?? 0);
  });

/** Nothing a row without room for the field would not show. */
const isShown = ({ boolean }: Column, value: FieldValue): boolean => encode(value) === (boolean ? 0 : null);

/** Of the named fields, those that rows have no room for although they get a value. */
export const inNeedOfRoom = (table: Table, changes: Readonly<Record<string, FieldValue>>): readonly string[] =>
  Object.keys(changes).filter((name) => {
    const column = columnNamed(table, name);
    return !column.stored && !isShown(column, changes[name] ?? null);
  });

/** The changes that rows have room for. */
export const withRoom = (
  table: Table,
  changes: Readonly<Record<string, FieldValue>>,
): Readonly<Record<string, FieldValue>> =>
  Object.keys(changes).every((name) => columnNamed(table, name).stored)
    ? changes
    : Object.fromEntries(Object.entries(changes).filter(([name]) => columnNamed(table, name).stored));
