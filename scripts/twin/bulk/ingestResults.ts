import { TwinError } from '../contract.ts';
import { csvLine, DELIMITERS, LINE_ENDINGS } from './csv.ts';
import type { IngestJob } from './ingestJobs.ts';
import { recordsOf } from './ingestRun.ts';
import { nextTurn } from './slices.ts';

export type ResultKind = 'successfulResults' | 'failedResults' | 'unprocessedrecords';

const HEADERS: Readonly<Record<ResultKind, readonly string[]>> = {
  successfulResults: ['sf__Id', 'sf__Created'],
  failedResults: ['sf__Id', 'sf__Error'],
  unprocessedrecords: [],
};

/** The cells before the input's own; undefined when the row is not of this kind. */
const leading = (kind: ResultKind, outcome: string | undefined, inputId: string): readonly string[] | undefined => {
  if (outcome === undefined) return kind === 'unprocessedrecords' ? [] : undefined;
  const failed = outcome.startsWith('E');
  if (kind === 'failedResults' && failed) return [inputId, outcome.slice(1)];
  if (kind !== 'successfulResults' || failed) return undefined;
  return [outcome.slice(1), String(outcome.startsWith('C'))];
};

/** A result file, read again from the upload: nothing but the outcomes is held besides it. */
export const resultFile = async function* (job: IngestJob, kind: ResultKind): AsyncGenerator<string> {
  if (job.upload === undefined) {
    throw new TwinError('NOT_FOUND', 'The results of this job made room for newer ones.', { status: 404 });
  }
  const delimiter = DELIMITERS[job.columnDelimiter];
  const ending = LINE_ENDINGS[job.lineEnding];
  let idColumn: number | undefined;
  let row = 0;
  for (const records of recordsOf(job)) {
    let text = '';
    for (const cells of records) {
      if (idColumn === undefined) {
        idColumn = cells.findIndex((cell) => cell.toLowerCase() === 'id');
        text += csvLine([...HEADERS[kind], ...cells], delimiter, ending);
        continue;
      }
      const before = leading(kind, job.outcomes[row], cells[idColumn] ?? '');
      row += 1;
      if (before !== undefined) text += csvLine([...before, ...cells], delimiter, ending);
    }
    if (text !== '') yield text;
    await nextTurn();
  }
  if (idColumn === undefined) yield csvLine(HEADERS[kind], delimiter, ending);
};
