import { runMatch } from '../../../scripts/matching/engine/match.ts';
import { readMatchKnowledge } from '../../../scripts/app/matchKnowledge.ts';
import type { MatchModel } from '../../../scripts/matching/contract.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import { AbsentSet } from './files.ts';
import { printed } from './printed.ts';
import { SETS, type EvalSet } from './sets.ts';

export type EvalRequest = {
  readonly folder: string;
  /** Names of sets; none: all. */
  readonly wanted: readonly string[];
  readonly threads: number;
  readonly json: boolean;
  readonly weights: boolean;
  readonly write: (text: string) => void;
};

/** Low enough that the best threshold is among the pairs told. */
const TELL_FROM = 0.02;

const evaluateSet = async (one: EvalSet, { folder, threads }: EvalRequest): Promise<Evaluation> => {
  const set = await one.load(folder);
  const result = await runMatch({
    knowledge: await readMatchKnowledge(),
    tables: set.tables,
    decisions: [],
    excluded: new Set(),
    targetError: 0.001,
    pairsPerRecord: undefined,
    threads,
    tellFrom: TELL_FROM,
  });
  return evaluate(set, result);
};

const weightsOf = (model: MatchModel): string =>
  model.comparisons
    .map(({ name, levels }) => {
      const each = levels.slice(1).map((level) => {
        const chances = [level.match, level.household, level.unrelated].map((chance) => chance.toExponential(1));
        return `      ${level.name.padEnd(10)} ${level.weight.toFixed(1).padStart(6)}   ${chances.join('  ')}`;
      });
      return [`    ${name}`, ...each].join('\n');
    })
    .join('\n');

const numbers = ({ result, ...evaluation }: Evaluation): string =>
  `${JSON.stringify({ ...evaluation, work: result.work })}\n`;

/** Runs the sets that are wanted and there; the others are said by name. Gives the number of absent sets. */
export const runMatchingEval = async (request: EvalRequest): Promise<number> => {
  const { wanted, write } = request;
  let absent = 0;
  for (const name of wanted) {
    if (SETS.some((set) => set.name === name)) continue;
    write(`${name}: no such set; there are ${SETS.map((set) => set.name).join(', ')}\n`);
    absent += 1;
  }
  for (const one of SETS) {
    if (wanted.length > 0 && !wanted.includes(one.name)) continue;
    try {
      const evaluation = await evaluateSet(one, request);
      write(request.json ? numbers(evaluation) : printed(evaluation));
      if (request.weights) write(`${weightsOf(evaluation.result.model)}\n\n`);
    } catch (error) {
      if (!(error instanceof AbsentSet)) throw error;
      write(`${one.name}: absent, ${error.message}\n`);
      absent += 1;
    }
  }
  return absent;
};
