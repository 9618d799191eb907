import { csvLine, DELIMITERS, LINE_ENDINGS } from './csv.ts';
import type { IngestJob } from './ingestJobs.ts';
import { recordsOf } from './ingestRun.ts';
import type { Outcome } from './outcomes.ts';
import { nextTurn } from './slices.ts';

export type ResultKind = 'successfulResults' | 'failedResults' | 'unprocessedrecords';

const HEADERS: Readonly<Record<ResultKind, readonly string[]>> = {
  successfulResults: ['sf__Id', 'sf__Created'],
  failedResults: ['sf__Id', 'sf__Error'],
  unprocessedrecords: [],
};

/** The cells before the input's own; undefined when the row is not of this kind. */
const leading = (kind: ResultKind, outcome: Outcome | undefined, inputId: string): readonly string[] | undefined => {
  if (outcome === undefined) return kind === 'unprocessedrecords' ? [] : undefined;
  if (outcome.kind === 'failed') return kind === 'failedResults' ? [inputId, outcome.error] : undefined;
  return kind === 'successfulResults' ? [outcome.id, String(outcome.kind === 'created')] : undefined;
};

/** A row of fewer cells than the header is filled up. */
const padded = (cells: readonly string[], width: number): readonly string[] =>
  cells.length >= width ? cells : [...cells, ...Array.from({ length: width - cells.length }, () => '')];

/** A result file in the order of the upload, read again from it: nothing but the outcomes is held besides it. */
export const resultFile = async function* (job: IngestJob, kind: ResultKind): AsyncGenerator<string> {
  const delimiter = DELIMITERS[job.columnDelimiter];
  const ending = LINE_ENDINGS[job.lineEnding];
  let header: readonly string[] | undefined;
  let idColumn = -1;
  let row = 0;
  for await (const records of recordsOf(job)) {
    let text = '';
    for (const cells of records) {
      if (header === undefined) {
        header = cells;
        idColumn = cells.findIndex((cell) => cell.toLowerCase() === 'id');
        text += csvLine([...HEADERS[kind], ...cells], delimiter, ending);
        continue;
      }
      const before = leading(kind, job.outcomes.at(row), cells[idColumn] ?? '');
      row += 1;
      if (before !== undefined) text += csvLine([...before, ...padded(cells, header.length)], delimiter, ending);
    }
    if (text !== '') yield text;
    await nextTurn();
  }
  if (header === undefined) yield csvLine(HEADERS[kind], delimiter, ending);
};
