import type { OpenedTable } from './contract.ts';
import { createRowScan, isBlankRow, scanRow, type RowScan } from './csvRows.ts';
import { createRowCollector, type FoundRows } from './foundRows.ts';
import { LONGEST_LINE } from './sharedFile.ts';

/** Asked anew after each row: reading it may have changed it. */
const brokenBy = (scan: RowScan): RowScan['broken'] => scan.broken;

/** Finds the rows of any CSV, byte by byte. */
export const scanQuotedRows = (table: OpenedTable): FoundRows => {
  const columns = table.header.length;
  const scan = createRowScan(new Uint8Array(table.bytes), table.end, table.delimiter, columns + 1);
  const collect = createRowCollector(table);
  let line = table.firstLine + 1;
  for (let at = table.start; at < table.end;) {
    const next = scanRow(scan, at);
    const broken = brokenBy(scan);
    if (broken !== undefined) {
      collect.broken(broken, line);
      break;
    }
    if (next - at > LONGEST_LINE) collect.broken('LineTooLong', line);
    else if (next - at <= 2 * columns + 1 && isBlankRow(scan)) collect.blank();
    else {
      if (scan.count !== columns) collect.ragged(line);
      collect.row(at, next);
    }
    line += 1 + scan.inner;
    at = next;
  }
  return collect.done(!scan.irregular);
};
