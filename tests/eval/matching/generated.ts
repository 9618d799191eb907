import { generateMatching, matchingColumns, TRUTH_COLUMNS } from '../../../scripts/demo/matching/file.ts';
import { labelled, type LabelledSet } from './labelledSet.ts';

/** A generated French file by its size and its mix of sources. */
export type Generated = {
  readonly name: string;
  readonly rows: number;
  /** 7 when absent. */
  readonly seed?: number;
  readonly profile?: string;
  readonly organisations?: number;
  /** Roles to keep: a file of few columns is another task. */
  readonly only?: readonly string[];
};

const column = (lines: readonly string[], name: (typeof TRUTH_COLUMNS)[number]): string[] => {
  const at = TRUTH_COLUMNS.indexOf(name);
  return lines.map((line) => line.split(',')[at] ?? '');
};

/** The file in memory with its truth: entities, and households (or organisations with their sections). */
export const generatedSet = ({ name, rows, seed = 7, profile, organisations, only }: Generated): LabelledSet => {
  const about = {
    rows,
    seed,
    ...(profile === undefined ? {} : { profile }),
    ...(organisations === undefined ? {} : { organisations }),
  };
  const chunks = [...generateMatching(about)];
  const encoded = new TextEncoder().encode(chunks.map(({ data }) => data).join(''));
  const bytes = new SharedArrayBuffer(encoded.length);
  new Uint8Array(bytes).set(encoded);
  const truth = chunks.flatMap((chunk) => chunk.truth.split('\n').filter((line) => line !== ''));
  const kept = matchingColumns(about).map((one) => ({
    name: one.name,
    role: only === undefined || only.includes(one.role) ? one.role : ('ignore' as const),
  }));
  return {
    name,
    tables: [
      {
        name: `${name}.csv`,
        side: 'a',
        bytes,
        start: 0,
        end: encoded.length,
        delimiter: 44,
        columns: kept,
        entity: organisations === undefined ? 'person' : 'mixed',
        country: 'FR',
      },
    ],
    truth: labelled(column(truth, 'entity')),
    household: labelled(column(truth, 'household')),
    side: new Uint8Array(truth.length),
  };
};
