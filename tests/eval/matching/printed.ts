import type { Score } from './metrics.ts';
import type { Evaluation } from './evaluate.ts';

const number = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(4));
const score = ({ f1, precision, recall }: Score): string =>
  `F1 ${number(f1)} (P ${number(precision)} R ${number(recall)})`;

const reliabilityLines = (evaluation: Evaluation): string[] =>
  evaluation.reliability
    .filter(({ pairs }) => pairs > 0)
    .map(({ from, to, pairs, announced, observed }) => {
      const interval = `${number(observed.low)}–${number(observed.high)}`;
      const flag = announced < observed.low || announced > observed.high ? ' *' : '';
      return `    ${from.toFixed(3)}–${to.toFixed(3)}  ${String(pairs).padStart(8)} pairs  announced ${number(announced)}  observed ${number(observed.value)} [${interval}]${flag}`;
    });

/** One set's evaluation as lines of text. */
export const printed = (evaluation: Evaluation): string => {
  const { own, auto, best, bestConnected, announced95, result } = evaluation;
  const work = Object.entries(result.work).map(([what, much]) => `${what} ${Number(much.toPrecision(3))}`);
  return [
    `${evaluation.set}: ${evaluation.rows} rows, ${evaluation.truePairs} true pairs`,
    `  pairs, own threshold ${number(own.threshold)}   ${score(own)}`,
    `  pairs, best threshold ${number(best.threshold)}  ${score(best)}   gap ${number(best.f1 - own.f1)}`,
    `  auto zone from ${number(auto.threshold)}         ${score(auto)}   ${auto.pairs} pairs, ${auto.wrong} wrong`,
    `  clusters (auto)               ${score(evaluation.clusters)}   B³ ${number(evaluation.b3.f1)}`,
    `  groups (own threshold)        ${score(evaluation.groups)}   B³ ${number(evaluation.groupsB3.f1)}`,
    `  connected from own threshold  ${score(evaluation.connected)}`,
    `  connected, best (${bestConnected.threshold})        ${score(bestConnected)}   B³ ${number(bestConnected.b3)}`,
    `  true pairs compared and kept  ${number(evaluation.reached)}; households merged ${evaluation.householdMerges}`,
    `  announced ≥ 0.95: observed ${number(announced95.value)} [${number(announced95.low)}–${number(announced95.high)}] of ${announced95.pairs}`,
    `  estimated precision ${number(result.precision.value)}, recall ${number(result.recall.value)} [${number(result.recall.low)}–${number(result.recall.high)}]`,
    `  calibration error ${number(evaluation.calibrationError)}`,
    ...reliabilityLines(evaluation),
    `  rules: ${result.blocking.map(({ name, candidates, recall }) => `${name} ${candidates} (${recall.toFixed(2)})`).join('; ')}`,
    `  work: ${work.join(', ')}`,
    '',
  ].join('\n');
};
