/** One row that counts in statistics: a gift. */
export type CountedRow = {
  readonly id: string;
  /** The person who is anonymised. */
  readonly person: string;
  /** In the order of the dimensions. */
  readonly cell: readonly (string | null)[];
  /** What is summed; null counts as a row without an amount. */
  readonly amount: number | null;
};

export type StatisticsTerms = {
  /** Names of the dimensions: year, department, fund. */
  readonly dimensions: readonly string[];
  /** How many of the first dimensions a rest cell keeps: totals by them stay equal (the year). */
  readonly firm: number;
  /** People that a cell has at least; 11 for small areas. */
  readonly k: number;
};

export type Cell = {
  /** Of a rest cell the dimensions it does not keep are null. */
  readonly values: readonly (string | null)[];
  readonly isRest: boolean;
  readonly rows: number;
  readonly people: number;
  /** In hundredths: sums of amounts are exact. */
  readonly sum: bigint;
};

export type Totals = {
  /** As they are, and as they are to be, by their values. */
  readonly before: readonly Cell[];
  readonly after: readonly Cell[];
  /** Cells of too few people, which are in a rest cell afterwards. */
  readonly suppressed: readonly Cell[];
  /** Rest cells that have too few people all the same: everybody of these firm values is in them. */
  readonly small: readonly Cell[];
  /** The cell that a row belongs to afterwards: its place in `after`. */
  readonly placeOf: (cell: CountedRow['cell']) => number;
};

type Gathered = {
  readonly values: readonly (string | null)[];
  rows: number;
  people: Set<string>;
  sum: bigint;
};

const keyOf = (values: readonly (string | null)[]): string => JSON.stringify(values);

/** Amounts as hundredths: what a currency field holds has at most two decimals here, more are rounded. */
export const hundredths = (amount: number | null): bigint => BigInt(Math.round((amount ?? 0) * 100));

const gather = (cells: Map<string, Gathered>, { cell, person, amount }: CountedRow): void => {
  const key = keyOf(cell);
  const known = cells.get(key) ?? { values: cell, rows: 0, people: new Set<string>(), sum: 0n };
  known.rows += 1;
  known.people.add(person);
  known.sum += hundredths(amount);
  cells.set(key, known);
};

const byValues = (a: { readonly values: readonly (string | null)[] }, b: typeof a): number => {
  const [left, right] = [keyOf(a.values), keyOf(b.values)];
  return left < right ? -1 : left > right ? 1 : 0;
};

const cellOf = ({ values, rows, people, sum }: Gathered, isRest: boolean): Cell => ({
  ...{ values, isRest, rows, people: people.size, sum },
});

const united = (cells: readonly Gathered[], values: readonly (string | null)[]): Gathered => ({
  values,
  rows: cells.reduce((sum, cell) => sum + cell.rows, 0),
  people: new Set(cells.flatMap((cell) => [...cell.people])),
  sum: cells.reduce((sum, cell) => sum + cell.sum, 0n),
});

/**
 * Which cells of one firm value go into its rest: those of too few people, and then the next smallest until the rest has
 * enough itself, since one suppressed cell beside a known total is no secret (complementary suppression).
 */
const restOf = (cells: readonly Gathered[], k: number): readonly Gathered[] => {
  const inOrder = cells.toSorted((a, b) => a.people.size - b.people.size || byValues(a, b));
  const rest = inOrder.filter((cell) => cell.people.size < k);
  if (rest.length === 0) return [];
  const people = new Set(rest.flatMap((cell) => [...cell.people]));
  for (const next of inOrder.slice(rest.length)) {
    if (people.size >= k) break;
    rest.push(next);
    for (const person of next.people) people.add(person);
  }
  return rest;
};

/** Totals of rows that come one by one. Memory grows with the number of different people per cell. */
export const createTotals = (
  terms: StatisticsTerms,
): { readonly add: (row: CountedRow) => void; readonly totals: () => Totals } => {
  const cells = new Map<string, Gathered>();
  return {
    add: (row) => {
      gather(cells, row);
    },
    totals: () => totalsOf([...cells.values()].sort(byValues), terms),
  };
};

/** The totals of all these rows: `createTotals` with everything at once. */
export const planTotals = (rows: Iterable<CountedRow>, terms: StatisticsTerms): Totals => {
  const { add, totals } = createTotals(terms);
  for (const row of rows) add(row);
  return totals();
};

/**
 * What statistics look like before and after: cells of at least k people stay, smaller ones become part of one rest cell
 * of their firm values, named as such. Sums over the firm dimensions, of rows and of amounts, are the same to the
 * cent; so is every cell that stays.
 */
const totalsOf = (cells: readonly Gathered[], terms: StatisticsTerms): Totals => {
  const firm = new Map<string, Gathered[]>();
  for (const cell of cells) {
    const key = keyOf(cell.values.slice(0, terms.firm));
    firm.set(key, [...(firm.get(key) ?? []), cell]);
  }
  const restKeys = new Map<string, string>();
  const after: Cell[] = [];
  const suppressed: Cell[] = [];
  for (const own of firm.values()) {
    const rest = restOf(own, terms.k);
    const moved = new Set(rest);
    after.push(...own.filter((cell) => !moved.has(cell)).map((cell) => cellOf(cell, false)));
    const [first] = rest;
    if (first === undefined) continue;
    const values = first.values.map((value, at) => (at < terms.firm ? value : null));
    after.push(cellOf(united(rest, values), true));
    suppressed.push(...rest.map((cell) => cellOf(cell, false)));
    for (const cell of rest) restKeys.set(keyOf(cell.values), keyOf(values));
  }
  after.sort((a, b) => byValues(a, b) || Number(a.isRest) - Number(b.isRest));
  const places = new Map(after.map((cell, at) => [`${cell.isRest ? 'rest' : 'cell'} ${keyOf(cell.values)}`, at]));
  const placeOf = (cell: CountedRow['cell']): number => {
    const rest = restKeys.get(keyOf(cell));
    const place = places.get(rest === undefined ? `cell ${keyOf(cell)}` : `rest ${rest}`);
    if (place === undefined) throw new RangeError('the row was not among those that were counted');
    return place;
  };
  return {
    before: cells.map((cell) => cellOf(cell, false)),
    after,
    suppressed: suppressed.toSorted(byValues),
    small: after.filter((cell) => cell.isRest && cell.people < terms.k),
    placeOf,
  };
};
