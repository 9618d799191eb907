/** A stretch of a table's bytes. */
export type ByteRange = { readonly table: number; readonly from: number; readonly to: number };

/** What a stretch holds, told for both cases: that it begins outside a quoted cell (0) and inside one (1). */
export type RangeSurvey = {
  readonly quotes: number;
  /** Line ends outside quotes. */
  readonly lines: readonly [number, number];
  /** Where the first row that starts in the stretch starts; -1 when none does. */
  readonly first: readonly [number, number];
};

const LINE_FEED = 10;
const QUOTE = 34;

const surveyPlain = (bytes: Uint8Array, range: ByteRange): RangeSurvey => {
  let lines = 0;
  let first = -1;
  for (let i = range.from; i < range.to; i += 1) {
    if (bytes[i] !== LINE_FEED) continue;
    if (lines === 0) first = i + 1;
    lines += 1;
  }
  return { quotes: 0, lines: [lines, 0], first: [first, -1] };
};

/** Counts the rows that start behind line ends in [from, to). */
export const surveyRange = (bytes: Uint8Array, range: ByteRange): RangeSurvey => {
  const stretch = Buffer.from(bytes.buffer as SharedArrayBuffer, bytes.byteOffset + range.from, range.to - range.from);
  if (!stretch.includes(QUOTE)) return surveyPlain(bytes, range);
  const lines: [number, number] = [0, 0];
  const first: [number, number] = [-1, -1];
  let quotes = 0;
  for (let i = range.from; i < range.to; i += 1) {
    const byte = bytes[i];
    if (byte === QUOTE) quotes += 1;
    else if (byte === LINE_FEED) {
      const side = (quotes & 1) as 0 | 1;
      if (lines[side] === 0) first[side] = i + 1;
      lines[side] += 1;
    }
  }
  return { quotes, lines, first };
};

/** A stretch of whole rows. */
export type RowRange = {
  readonly table: number;
  /** Where its first row starts. */
  readonly from: number;
  /** Where the next stretch's first row starts. */
  readonly to: number;
  readonly firstRow: number;
  readonly rows: number;
};

const STRETCH = 2 ** 20;

/** The stretches to survey: a line end that closes the table starts no row and is not part of any. */
export const rangesOf = (tables: readonly { readonly start: number; readonly end: number }[]): readonly ByteRange[] =>
  tables.flatMap(({ start, end }, table) => {
    const ranges: ByteRange[] = [];
    for (let from = start; from < end; from += STRETCH)
      ranges.push({ table, from, to: Math.min(end - 1, from + STRETCH) });
    return ranges;
  });

/** Puts the surveys together: which rows start in which stretch. */
export const rowRangesOf = (
  tables: readonly { readonly start: number; readonly end: number }[],
  ranges: readonly ByteRange[],
  surveys: readonly RangeSurvey[],
): readonly RowRange[] => {
  const found: { table: number; from: number; to: number; firstRow: number; rows: number }[] = [];
  let row = 0;
  let inside = 0;
  let table = -1;
  ranges.forEach((range, i) => {
    const survey = surveys[i];
    if (survey === undefined) return;
    const isFirst = range.table !== table;
    if (isFirst) inside = 0;
    table = range.table;
    const side = inside as 0 | 1;
    const start = isFirst ? range.from : survey.first[side];
    const rows = survey.lines[side] + (isFirst ? 1 : 0);
    inside = (inside + survey.quotes) & 1;
    if (rows === 0) return;
    const before = found.at(-1);
    if (before?.table === range.table) before.to = start;
    found.push({ table: range.table, from: start, to: tables[range.table]?.end ?? 0, firstRow: row, rows });
    row += rows;
  });
  return found;
};
