import { GardeError, type Problem } from '../kernel/result.ts';
import type { MatchExplanation } from '../model/matchReport.ts';
import type { ExplainPair, MatchRequest, MatchResult, RowNumber } from './contract.ts';
import type { RowSpace } from './rowSpace.ts';

export type Explaining = {
  readonly request: Pick<MatchRequest, 'tables' | 'knowledge' | 'decisions' | 'excluded'>;
  readonly result: Pick<MatchResult, 'model'>;
  readonly space: RowSpace;
};

const notFound = (which: 'first' | 'second'): Problem => ({
  code: 'RecordNotFound',
  subject: `${which} id`,
  message: 'None of the records that were compared has this id.',
  actions: ['Give the id as it stands in the file, or the record id of the org (18 characters).'],
});

const sameTwice: Problem = {
  code: 'RecordTwice',
  message: 'Both ids are those of one record.',
  actions: ['Give the ids of two records.'],
};

/** The two rows that ids name; with two sides the first id is looked for on side a first, the second on side b. */
const rowsNamed = (
  { space, request }: Explaining,
  first: string,
  second: string,
): { readonly a: RowNumber; readonly b: RowNumber } => {
  const sideOf = (row: RowNumber): 'a' | 'b' => request.tables[space.tableOf(row)]?.side ?? 'a';
  const preferring = (id: string, side: 'a' | 'b'): RowNumber | undefined => {
    const rows = space.find(id);
    return rows.find((row) => sideOf(row) === side) ?? rows[0];
  };
  const isCross = request.tables.some(({ side }) => side === 'b');
  const a = preferring(first, 'a');
  const b = preferring(second, isCross ? 'b' : 'a');
  const problems = [...(a === undefined ? [notFound('first')] : []), ...(b === undefined ? [notFound('second')] : [])];
  if (a === undefined || b === undefined) throw new GardeError(problems);
  if (a === b) throw new GardeError([sameTwice]);
  return { a: Math.min(a, b), b: Math.max(a, b) };
};

/**
 * Why two records are one, or not, under the model of a run: evidence strongest first. Holds the values compared. GardeErrors
 * `RecordNotFound`, `RecordTwice`.
 */
export const explainRecords = (
  explaining: Explaining,
  ids: readonly [string, string],
  explainPair: ExplainPair,
): MatchExplanation => {
  const { request, result, space } = explaining;
  const pair = rowsNamed(explaining, ...ids);
  const { probability, link, zone, prior, evidence } = explainPair(request, result, pair);
  const decision = request.decisions.find(({ a, b }) => a === pair.a && b === pair.b)?.decision;
  const strength = (one: (typeof evidence)[number]): number => Math.abs(one.weight + one.frequency);
  return {
    ...{ a: space.idOf(pair.a), b: space.idOf(pair.b), probability, link, zone, prior },
    evidence: [...evidence].sort((x, y) => strength(y) - strength(x)),
    ...(decision === undefined ? {} : { decision }),
    excluded: request.excluded.has(pair.a) || request.excluded.has(pair.b),
  };
};
