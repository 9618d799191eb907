import { coarseningOf } from '../../disposal/anonymity/coarsen.ts';
import { placesOf } from '../../disposal/anonymity/places.ts';
import type { CountedRow } from '../../disposal/anonymity/totals.ts';
import type { Hierarchies } from '../../model/treatments.ts';
import type { OrgRow, OrgValue } from '../../org/port.ts';
import { readPath } from '../../org/rowPaths.ts';
import type { Dimension, StatisticInForce, Way } from './statisticInForce.ts';

/** What a plan makes of records: values of fields, and who is gone. */
export type Changes = {
  /** Undefined: the field keeps its value. */
  readonly valueOf: (id: string, field: string) => OrgValue | undefined;
  readonly isGone: (id: string) => boolean;
};
export const NO_CHANGES: Changes = { valueOf: () => undefined, isGone: () => false };

/** The value at the end of a way as it is once the changes are made. */
const valueAt = (row: OrgRow, { lookups, path, field }: Way, changes: Changes): OrgValue => {
  let id = readPath(row, 'Id');
  for (const lookup of lookups) {
    const now = readPath(row, lookup.path);
    const next = typeof id === 'string' ? (changes.valueOf(id, lookup.field) ?? now) : now;
    const isEmptied = typeof id === 'string' && changes.valueOf(id, lookup.field) === null;
    // what lies behind a lookup that moved was not read
    if (isEmptied || next !== now || typeof next !== 'string' || changes.isGone(next)) return null;
    id = next;
  }
  const changed = typeof id === 'string' ? changes.valueOf(id, field) : undefined;
  return changed === undefined ? readPath(row, path) : changed;
};

/** Places that are told already: what an earlier step wrote, an area or a region, has no form of a postcode. */
const toldPlaces = ({ places }: Pick<Hierarchies, 'places'>, country: string) => {
  const regions = Object.entries(places[country]?.regions ?? {});
  const regionOf = new Map(regions.flatMap(([region, areas]) => areas.map((area) => [area, region] as const)));
  const names = new Set(regions.map(([region]) => region));
  return (value: OrgValue, from: string): string | null => {
    if (typeof value !== 'string') return null;
    if (from === 'area') return regionOf.has(value) ? value : null;
    return from === 'region' ? (regionOf.get(value) ?? (names.has(value) ? value : null)) : null;
  };
};

const YEARS = new Set(['year', 'five-years']);

const labeller = ({ hierarchy, from }: Dimension, knowledge: Hierarchies, country: string) => {
  const kind = knowledge.hierarchies[hierarchy]?.kind;
  const type = kind === 'date' && YEARS.has(from) ? 'int' : 'string';
  const { at } = coarseningOf(knowledge, placesOf(knowledge.places), { hierarchy, from, type });
  const told = toldPlaces(knowledge, country);
  return (value: OrgValue): string | null => {
    const label = at(value, from, country) ?? (kind === 'postcode' ? told(value, from) : null);
    return label === null ? null : String(label);
  };
};

export type Counting = {
  readonly of: StatisticInForce;
  readonly hierarchies: Hierarchies;
  /** ISO 3166-1: how postcodes are read. */
  readonly country: string;
};

/** Rows as they count, once the changes are made; `personOf` is asked with the row as it was read. */
export const countedRows = (
  { of, hierarchies, country }: Counting,
  personOf: (row: OrgRow) => string | undefined,
  changes: Changes,
): ((rows: Iterable<OrgRow>) => Iterable<CountedRow>) => {
  const labels = of.dimensions.map((dimension) => labeller(dimension, hierarchies, country));
  const { sum } = of.statistic;
  return function* (rows) {
    for (const row of rows) {
      const id = String(readPath(row, 'Id'));
      const person = personOf(row);
      if (person === undefined || changes.isGone(id)) continue;
      const amount = sum === undefined ? null : (changes.valueOf(id, sum) ?? readPath(row, sum));
      const cell = of.dimensions.map((way, at) => labels[at]?.(valueAt(row, way, changes)) ?? null);
      yield { id, person, cell, amount: typeof amount === 'number' ? amount : null };
    }
  };
};
