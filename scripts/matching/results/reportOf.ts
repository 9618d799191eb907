import type { MatchReport } from '../../model/matchReport.ts';
import type { MatchResult } from '../contract.ts';
import type { MatchInput } from '../read/readInput.ts';
import type { MatchSummary } from './summary.ts';

export type ReportSubject = {
  readonly subject: string;
  /** ISO instant. */
  readonly at: string;
  readonly targetError: number;
  /** Pairs that somebody had decided about. */
  readonly decided: number;
  readonly tables: MatchReport['tables'];
};

export const reportedTables = (inputs: readonly MatchInput[]): MatchReport['tables'] =>
  inputs.map(({ table, rows, columns }) => ({
    ...{ name: table.name, rows },
    columns: columns.map(({ name, role, by, confidence }) => ({ name, role, by, confidence })),
  }));

type Found = Pick<MatchResult, 'histogram' | 'blocking' | 'model'>;

/** What the report of a run shows. */
export const reportOf = (summary: MatchSummary, result: Found, about: ReportSubject): MatchReport => ({
  ...about,
  ...summary,
  histogram: [...result.histogram],
  blocking: result.blocking,
  comparisons: result.model.comparisons.map(({ name, levels }) => ({
    name,
    levels: levels.map((level) => ({ name: level.name, weight: level.weight })),
  })),
});
