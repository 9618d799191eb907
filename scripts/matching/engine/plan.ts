import type { ComparisonShape } from '../model/contract.ts';
import type { MatchColumn, MatchTable } from '../contract.ts';
import {
  COMPARISON_NAMES,
  COMPARISON_SHAPES,
  type ComparisonName,
  identifierShape,
  MOST_IDENTIFIERS,
} from './contract.ts';

/** How a cell is read. */
export const CELL_KINDS = [
  'country',
  'given',
  'family',
  'full',
  'organisation',
  'date',
  'place',
  'email',
  'phone',
  'number',
  'line',
  'postcode',
  'city',
  'region',
  'sex',
  'identifier',
] as const;
export type CellKind = (typeof CELL_KINDS)[number];

/** Which cell of a row goes where: `slot` names a column of integers (or several, by suffix). */
export type CellReader = {
  readonly column: number;
  readonly kind: CellKind;
  readonly slot: string;
  /** After `identifier:`. */
  readonly scheme: string;
  readonly dateOrder: MatchColumn['dateOrder'];
  readonly civility: boolean;
};

export type Plan = {
  /** One list a table, in the order cells are read. */
  readonly readers: readonly (readonly CellReader[])[];
  /** Columns of integers, one entry a row each. */
  readonly slots: readonly string[];
  /** Values a row may have of one field: given, family, organisation, birthDate, email, phone, street. */
  readonly width: Readonly<Record<string, number>>;
  readonly schemes: readonly string[];
  readonly comparisons: readonly ComparisonShape[];
  readonly caps: readonly { readonly what: string; readonly count: number }[];
};

/** More columns of one role than this are not read. */
const MOST_VALUES = 3;

const KIND_OF: Readonly<Record<string, { readonly kind: CellKind; readonly field: string }>> = {
  'given-name': { kind: 'given', field: 'given' },
  'family-name': { kind: 'family', field: 'family' },
  'birth-name': { kind: 'family', field: 'family' },
  'full-name': { kind: 'full', field: 'full' },
  'organisation-name': { kind: 'organisation', field: 'organisation' },
  'birth-date': { kind: 'date', field: 'birthDate' },
  'birth-place': { kind: 'place', field: 'birthPlace' },
  email: { kind: 'email', field: 'email' },
  phone: { kind: 'phone', field: 'phone' },
  street: { kind: 'line', field: 'street' },
  'address-line': { kind: 'line', field: 'street' },
  'house-number': { kind: 'number', field: 'number' },
  postcode: { kind: 'postcode', field: 'postcode' },
  city: { kind: 'city', field: 'city' },
  region: { kind: 'region', field: 'region' },
  country: { kind: 'country', field: 'country' },
  sex: { kind: 'sex', field: 'sex' },
  civility: { kind: 'sex', field: 'sex' },
};
/** Several columns fill one value of these: the first that is not empty. */
const SINGLE = new Set(['full', 'number', 'postcode', 'city', 'region', 'country', 'sex', 'birthPlace']);

type Draft = { readonly width: Record<string, number>; readonly schemes: string[]; left: number };

const identifierReader = (draft: Draft, column: number, scheme: string): CellReader | undefined => {
  if (!draft.schemes.includes(scheme)) {
    if (draft.schemes.length >= MOST_IDENTIFIERS) {
      draft.left += 1;
      return undefined;
    }
    draft.schemes.push(scheme);
  }
  const slot = `identifier:${scheme}`;
  return { column, kind: 'identifier', slot, scheme, dateOrder: undefined, civility: false };
};

const readersOf = (table: MatchTable, draft: Draft): readonly CellReader[] => {
  const used: Record<string, number> = {};
  const readers = table.columns.flatMap((one, column): CellReader[] => {
    if (one.role.startsWith('identifier:')) {
      const reader = identifierReader(draft, column, one.role.slice('identifier:'.length));
      return reader === undefined ? [] : [reader];
    }
    const known = KIND_OF[one.role];
    if (known === undefined) return [];
    const at = SINGLE.has(known.field) ? 0 : (used[known.field] ?? 0);
    if (at >= MOST_VALUES) {
      draft.left += 1;
      return [];
    }
    used[known.field] = at + 1;
    draft.width[known.field] = Math.max(draft.width[known.field] ?? 0, at + 1);
    const slot = SINGLE.has(known.field) ? known.field : `${known.field}${at}`;
    return [
      { column, kind: known.kind, slot, scheme: '', dateOrder: one.dateOrder, civility: one.role === 'civility' },
    ];
  });
  return readers.sort((a, b) => CELL_KINDS.indexOf(a.kind) - CELL_KINDS.indexOf(b.kind) || a.column - b.column);
};

/** What full names and address lines hold besides. */
const implied = (width: Record<string, number>, mixed: boolean): void => {
  const atLeastOne = (field: string): void => void (width[field] = Math.max(1, width[field] ?? 0));
  if ((width['full'] ?? 0) > 0) {
    atLeastOne('given');
    atLeastOne('family');
    if (mixed) atLeastOne('organisation');
  }
  if ((width['street'] ?? 0) > 0) for (const field of ['number', 'postcode', 'city']) atLeastOne(field);
};

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  email: ['', ':user', ':at', ':letters', ':head'],
  phone: ['', ':high'],
  postcode: ['', ':area'],
};

const slotsOf = (draft: Draft): readonly string[] => [
  ...Object.entries(draft.width).flatMap(([field, width]) =>
    Array.from({ length: width }, (_, at) => (SINGLE.has(field) ? field : `${field}${at}`)).flatMap((slot) =>
      (SUFFIXES[field] ?? ['']).map((suffix) => slot + suffix),
    ),
  ),
  ...draft.schemes.flatMap((scheme) => [`identifier:${scheme}`, `identifier:${scheme}:high`]),
];

const FIELDS_OF: Readonly<Record<ComparisonName, readonly string[]>> = {
  'given-name': ['given'],
  'family-name': ['family'],
  'organisation-name': ['organisation'],
  'birth-date': ['birthDate'],
  'birth-place': ['birthPlace'],
  email: ['email'],
  phone: ['phone'],
  address: ['street', 'postcode', 'city', 'region'],
  sex: ['sex'],
};

/** Which cells are read into what, and which comparisons follow. */
export const planOf = (tables: readonly MatchTable[]): Plan => {
  const draft: Draft = { width: {}, schemes: [], left: 0 };
  const readers = tables.map((table) => readersOf(table, draft));
  implied(
    draft.width,
    tables.some(({ entity }) => entity !== 'person'),
  );
  const comparisons = [
    ...COMPARISON_NAMES.filter((name) => FIELDS_OF[name].some((field) => (draft.width[field] ?? 0) > 0)).map(
      (name) => COMPARISON_SHAPES[name],
    ),
    ...draft.schemes.map(identifierShape),
  ];
  const caps =
    draft.left === 0 ? [] : [{ what: 'columns of a role beyond the first three were not read', count: draft.left }];
  return { readers, slots: slotsOf(draft), width: draft.width, schemes: draft.schemes, comparisons, caps };
};
