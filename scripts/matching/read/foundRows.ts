import type { OpenedTable } from './contract.ts';
import { createRowSample, type RowSample } from './rowSample.ts';

export const SAMPLED = 2_000;
/** Lines named in a problem at most. */
export const TOLD_LINES = 10;

/** Where each row begins; the last entry is where the last one ends. */
export type RowStarts = Uint32Array | Float64Array;

/** What one reading of a table's lines found. */
export type FoundRows = {
  readonly rows: number;
  readonly starts: RowStarts;
  /** Beginnings of a sample of rows. */
  readonly sample: readonly number[];
  /** After the last row that holds something. */
  readonly end: number;
  /** False when the lines must be written anew for the engine. */
  readonly isRegular: boolean;
  readonly blankLines: number;
  /** First lines with more or fewer cells than the header, and how many there are. */
  readonly ragged: readonly number[];
  readonly raggedCount: number;
  readonly broken: readonly {
    readonly code: 'QuoteNotClosed' | 'QuoteBroken' | 'LineTooLong';
    readonly line: number;
  }[];
};

/** Takes rows as they are found. */
export type RowCollector = {
  readonly row: (from: number, to: number) => void;
  readonly blank: () => void;
  readonly ragged: (line: number) => void;
  readonly broken: (code: FoundRows['broken'][number]['code'], line: number) => void;
  readonly done: (isRegular: boolean) => FoundRows;
};

export const createRowCollector = (table: OpenedTable): RowCollector => {
  const size = Math.max(1024, Math.ceil((table.end - table.start) / 64));
  const grown = (length: number): RowStarts =>
    table.end < 0xff_ff_ff_ff ? new Uint32Array(length) : new Float64Array(length);
  let starts = grown(size);
  let rows = 0;
  let end = table.start;
  let blankLines = 0;
  let blanksInside = 0;
  const ragged: number[] = [];
  let raggedCount = 0;
  const broken: FoundRows['broken'][number][] = [];
  const sample: RowSample = createRowSample(new Uint8Array(table.bytes), SAMPLED);
  return {
    row: (from, to) => {
      if (rows + 1 >= starts.length) {
        const larger = grown(starts.length * 2);
        larger.set(starts);
        starts = larger;
      }
      starts[rows] = from;
      rows += 1;
      sample.offer(from, to);
      end = to;
      blanksInside = blankLines;
    },
    blank: () => {
      blankLines += 1;
    },
    ragged: (line) => {
      raggedCount += 1;
      if (ragged.length < TOLD_LINES) ragged.push(line);
    },
    broken: (code, line) => {
      broken.push({ code, line });
    },
    done: (isRegular) => {
      starts[rows] = end;
      return {
        ...{ rows, starts: starts.subarray(0, rows + 1), sample: sample.starts(), end },
        ...{ isRegular: isRegular && blanksInside === 0, blankLines, ragged, raggedCount, broken },
      };
    },
  };
};
