const QUOTE = '"';
const SPECIAL = /[",\r\n]/g;

/** What is read so far of the current row. `closed`: the cell's quotes were closed by the last character. */
type Reading = { cell: string; row: string[]; quoted: boolean; closed: boolean; started: boolean };

const endCell = (reading: Reading): void => {
  reading.row.push(reading.cell);
  reading.cell = '';
  reading.closed = false;
  reading.started = true;
};

const endRow = (reading: Reading): readonly string[] => {
  endCell(reading);
  const row = reading.row;
  reading.row = [];
  reading.started = false;
  return row;
};

const openQuotes = (reading: Reading): void => {
  // a second quote right after a closing one is an escaped quote
  if (reading.closed) reading.cell += QUOTE;
  reading.quoted = true;
  reading.closed = false;
  reading.started = true;
};

/** Takes quoted text from `start`; returns where to go on. */
const takeQuoted = (reading: Reading, text: string, start: number): number => {
  const end = text.indexOf(QUOTE, start);
  reading.cell += text.slice(start, end === -1 ? undefined : end);
  if (end === -1) return text.length;
  reading.quoted = false;
  reading.closed = true;
  return end + 1;
};

/** Takes plain text up to the next special character, which it returns. */
const takePlain = (reading: Reading, text: string, start: number): { readonly next: number; readonly mark: string } => {
  SPECIAL.lastIndex = start;
  const index = SPECIAL.exec(text)?.index ?? text.length;
  if (index > start) {
    reading.cell += text.slice(start, index);
    reading.started = true;
  }
  return { next: index + 1, mark: text.charAt(index) };
};

const parseChunk = function* (reading: Reading, text: string): Generator<readonly string[]> {
  let position = 0;
  while (position < text.length) {
    if (reading.quoted) {
      position = takeQuoted(reading, text, position);
      continue;
    }
    const { next, mark } = takePlain(reading, text, position);
    position = next;
    if (mark === QUOTE) openQuotes(reading);
    else if (mark === ',') endCell(reading);
    else if (mark === '\n' && reading.started) yield endRow(reading);
  }
};

/**
 * Rows of CSV text (RFC 4180, comma, LF or CRLF, no BOM) as it streams in; holds one row at a time. Blank lines are
 * left out. Throws a RangeError when the text ends inside quotes: a cut answer must not pass for a whole one.
 */
export const parseCsv = async function* (chunks: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  const reading: Reading = { cell: '', row: [], quoted: false, closed: false, started: false };
  for await (const chunk of chunks) yield* parseChunk(reading, chunk);
  if (reading.quoted) throw new RangeError('CSV ends inside quotes');
  if (reading.started) yield endRow(reading);
};

/** Bytes to text, chunk by chunk, with characters that straddle chunks kept whole. */
export const decodeUtf8 = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
};

/** One CSV line, every cell quoted, LF. */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => `${QUOTE}${cell.replaceAll(QUOTE, QUOTE + QUOTE)}${QUOTE}`).join(',')}\n`;

/** Rows as records by the header line. */
export const csvRecords = async function* (
  rows: AsyncIterable<readonly string[]>,
): AsyncGenerator<Readonly<Record<string, string>>> {
  let header: readonly string[] | undefined;
  for await (const row of rows) {
    if (header === undefined) header = row;
    else if (row.length !== header.length) throw new RangeError('a CSV row has not as many cells as its header');
    else yield Object.fromEntries(header.map((name, i) => [name, row[i] ?? '']));
  }
};
