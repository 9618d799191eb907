import { parse } from 'node:path';
import type { MatchColumn, MatchTable } from '../../../scripts/matching/contract.ts';
import type { ColumnRole } from '../../../scripts/model/columnMap.ts';

/** Records with the truth beside them: rows of one entity have one label; -1: the set does not say. */
export type LabelledSet = {
  readonly name: string;
  readonly tables: readonly MatchTable[];
  /** Row (across all tables) → entity. */
  readonly truth: Int32Array;
  /** Row → side: pairs across sides only are asked for when there are two. */
  readonly side: Uint8Array;
  /** Row → household or family, when the set knows: two entities of one must never be merged. */
  readonly household?: Int32Array;
};

export type Row = Readonly<Record<string, string>>;
export type Roles = Readonly<Record<string, ColumnRole>>;

const cell = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** Rows as the engine reads them: UTF-8 lines of RFC 4180 in shared memory. */
export const tableOf = (
  file: string,
  rows: readonly Row[],
  roles: Roles,
  about: { readonly side?: 'a' | 'b'; readonly entity?: MatchTable['entity']; readonly country?: string } = {},
): MatchTable => {
  const columns: MatchColumn[] = Object.entries(roles).map(([name, role]) => ({ name, role }));
  const lines = rows.map((row) => columns.map(({ name }) => cell(row[name] ?? '')).join(','));
  const encoded = new TextEncoder().encode(lines.join('\n') + '\n');
  const bytes = new SharedArrayBuffer(encoded.length);
  new Uint8Array(bytes).set(encoded);
  return {
    name: parse(file).base,
    side: about.side ?? 'a',
    bytes,
    start: 0,
    end: encoded.length,
    delimiter: 44,
    columns,
    entity: about.entity ?? 'person',
    ...(about.country === undefined ? {} : { country: about.country }),
  };
};

/** Entities by name → labels from 0, in the order they appear; an empty name is no label. */
export const labelled = (entities: readonly string[]): Int32Array => {
  const known = new Map<string, number>();
  return Int32Array.from(entities, (entity) => {
    if (entity === '') return -1;
    const label = known.get(entity) ?? known.size;
    known.set(entity, label);
    return label;
  });
};
