import type { SQLOutputValue } from 'node:sqlite';
import type { FieldValue, QueryPage, QueryRow } from '../contract.ts';
import type { FieldDefinition } from '../schema/definitions.ts';

/** One SQL result row, by column position. */
export type Raw = readonly SQLOutputValue[];

/** The selected SQL expressions; the same expression is selected once. */
export class Columns {
  readonly #sql: string[] = [];

  add(sql: string): number {
    const known = this.#sql.indexOf(sql);
    if (known !== -1) return known;
    this.#sql.push(sql);
    return this.#sql.length - 1;
  }

  list(): string {
    return this.#sql.join(', ');
  }

  /** The expression at a position that `add` answered. */
  sql(index: number): string {
    return this.#sql[index] ?? 'NULL';
  }
}

/** How a result row becomes the record a client gets. */
export type Entry =
  | {
      readonly kind: 'value';
      readonly name: string;
      readonly index: number;
      readonly read: Reader;
      /** Absent where the value is not a field's own. */
      readonly field?: FieldDefinition;
    }
  | { readonly kind: 'compound'; readonly name: string; readonly parts: readonly CompoundPart[] }
  | { readonly kind: 'bytes'; readonly name: string }
  | { readonly kind: 'parent'; readonly name: string; readonly shape: RowShape }
  | {
      readonly kind: 'typeof';
      readonly name: string;
      readonly typeIndex: number;
      readonly shapes: ReadonlyMap<string, RowShape>;
      readonly otherwise: RowShape;
    }
  | { readonly kind: 'children'; readonly name: string; readonly position: number };

export type CompoundPart = { readonly key: string; readonly index: number; readonly read: Reader };

export type Reader = (value: SQLOutputValue | undefined) => FieldValue;

export type RowShape = {
  readonly idIndex: number;
  /** The object's name, or the column that says which it is. */
  readonly type: string | { readonly index: number };
  readonly entries: Entry[];
};

/** Child records of one parent, by position of the sub-query. */
export type ChildPages = (position: number, parentId: string) => QueryPage | null;

const plain: Reader = (value) => (value === undefined ? null : (value as FieldValue));
const checkbox: Reader = (value) => value === 1;

/** Reads a stored value as the contract's FieldValue. */
export const readerOf = (field: FieldDefinition): Reader => (field.type === 'boolean' ? checkbox : plain);

/** Whether a value is answered as it is stored. */
export const isPlainReader = (reader: Reader): boolean => reader === plain || reader === checkbox;

/** Reads a picklist value as its label. */
export const labelReader = (field: FieldDefinition): Reader => {
  const labels = new Map(field.picklistValues.map((entry) => [entry.value, entry.label]));
  const one = (value: string): string => labels.get(value) ?? value;
  return (value) => {
    if (typeof value !== 'string') return readerOf(field)(value);
    return field.type === 'multipicklist' ? value.split(';').map(one).join(';') : one(value);
  };
};

type Shaping = { readonly raw: Raw; readonly version: string; readonly children: ChildPages };

const typeOf = (shape: RowShape, raw: Raw): string =>
  typeof shape.type === 'string' ? shape.type : String(raw[shape.type.index] ?? 'Name');

const compound = (parts: readonly CompoundPart[], raw: Raw): Record<string, FieldValue> | null => {
  const values = parts.map((part) => [part.key, part.read(raw[part.index])] as const);
  return values.every(([, value]) => value === null) ? null : Object.fromEntries(values);
};

const entryValue = (entry: Entry, shaping: Shaping, url: string, id: string): unknown => {
  const { raw } = shaping;
  switch (entry.kind) {
    case 'value':
      return entry.read(raw[entry.index]);
    case 'compound':
      return compound(entry.parts, raw);
    case 'bytes':
      return `${url}/${entry.name}`;
    case 'parent':
      return shapeRow(entry.shape, shaping);
    case 'typeof':
      return shapeRow(entry.shapes.get(String(raw[entry.typeIndex])) ?? entry.otherwise, shaping);
    case 'children':
      return shaping.children(entry.position, id);
  }
};

/** The record; null when its id is null (a lookup that is empty). */
export const shapeRow = (shape: RowShape, shaping: Shaping): QueryRow | null => {
  const id = shaping.raw[shape.idIndex];
  if (id === null || id === undefined) return null;
  const type = typeOf(shape, shaping.raw);
  const url = `/services/data/v${shaping.version}/sobjects/${type}/${String(id)}`;
  const row: Record<string, unknown> = { attributes: { type, url } };
  for (const entry of shape.entries) row[entry.name] = entryValue(entry, shaping, url, String(id));
  return row as QueryRow;
};
