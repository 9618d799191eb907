/** Walks the rows of a stretch and tells where the cells of the row read last lie. */
export type RowCursor = {
  readonly bytes: Uint8Array;
  readonly delimiter: number;
  readonly end: number;
  /** Per cell: where its content begins and ends; -1 - begin when it is quoted and holds doubled marks. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly doubled: Uint8Array;
  cells: number;
  at: number;
};

const LINE_FEED = 10;
const RETURN = 13;
const QUOTE = 34;

export const makeRowCursor = (
  bytes: Uint8Array,
  table: { readonly delimiter: number; readonly end: number },
  columns: number,
): RowCursor => ({
  bytes,
  delimiter: table.delimiter,
  end: table.end,
  from: new Float64Array(columns + 1),
  to: new Float64Array(columns + 1),
  doubled: new Uint8Array(columns + 1),
  cells: 0,
  at: 0,
});

const closingQuote = (cursor: RowCursor, open: number): number => {
  const { bytes, end } = cursor;
  let doubled = 0;
  let i = open + 1;
  for (; i < end; i += 1) {
    if (bytes[i] !== QUOTE) continue;
    if (bytes[i + 1] !== QUOTE) break;
    doubled = 1;
    i += 1;
  }
  cursor.doubled[cursor.cells] = doubled;
  return i;
};

/** Where the cell that lies at `at` ends: at a separator or line end outside quotes. */
const cellEnd = ({ bytes, delimiter, end }: RowCursor, at: number): number => {
  let i = at;
  while (i < end && bytes[i] !== delimiter && bytes[i] !== LINE_FEED) i += 1;
  return i;
};

/** Notes where the content of the cell at `at` lies; answers where the cell ends. */
const takeCell = (cursor: RowCursor, cell: number, at: number): number => {
  const { bytes, end, from, to, doubled } = cursor;
  cursor.cells = cell;
  doubled[cell] = 0;
  if (at < end && bytes[at] === QUOTE) {
    from[cell] = at + 1;
    const close = closingQuote(cursor, at);
    to[cell] = close;
    return cellEnd(cursor, close);
  }
  const stop = cellEnd(cursor, at);
  const returned = stop > at && bytes[stop - 1] === RETURN && (stop === end || bytes[stop] === LINE_FEED);
  from[cell] = at;
  to[cell] = returned ? stop - 1 : stop;
  return stop;
};

/** Reads the row at `cursor.at` and moves to the next one; cells beyond the known columns are passed over. */
export const nextRow = (cursor: RowCursor): void => {
  const { bytes, delimiter, end } = cursor;
  const most = cursor.from.length - 1;
  let stop = cursor.at - 1;
  let cell = 0;
  do {
    stop = takeCell(cursor, Math.min(cell, most), stop + 1);
    cell += 1;
  } while (stop < end && bytes[stop] === delimiter);
  cursor.cells = Math.min(cell, most + 1);
  cursor.at = stop + 1;
};

const decoder = new TextDecoder();

/** The content of a cell as text; '' for one that the row has not. */
export const cellTextOf = (cursor: RowCursor, cell: number): string => {
  if (cell >= cursor.cells) return '';
  const text = decoder.decode(cursor.bytes.slice(cursor.from[cell], cursor.to[cell]));
  return cursor.doubled[cell] === 1 ? text.replaceAll('""', '"') : text;
};
