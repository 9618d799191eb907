import { levelColumns, PAIRS_TOGETHER, PairList } from '../compare/pairList.ts';
import { byteAt, intAt, numberAt } from '../kernels/at.ts';
import type { Rarity } from '../compare/rarity.ts';
import { type Answer, asRelated, type JudgeInputs, type Score, scorer } from './judge.ts';
import { HOUSEHOLD, type Limits, limitsOf, type Step, stepsOf } from './steps.ts';
import { BOUND_WIDTH, type Verdicts } from './verdicts.ts';

/** What is told of a pair that is worth it. */
export type Tell = { add(a: number, b: number, answer: Answer): void };

/**
 * Judges many pairs side by side: comparison after comparison, cheapest first, and a pair is left as soon as no values of the
 * rest could make it worth telling. Lossless, since what is left can add at most what its strongest levels and rarest values
 * would.
 */
export class Sift {
  private considered = 0;
  private readonly pairs = new PairList();
  /** Which of the bounds every pair has. */
  private readonly bound = new Int32Array(PAIRS_TOGETHER);
  private readonly inputs: JudgeInputs;
  private readonly rarity: Rarity;
  private readonly steps: readonly Step[];
  private readonly limits: Limits;
  private readonly columns: readonly Uint8Array[];
  private readonly levels: Uint8Array;
  private readonly answer: Answer = { match: 0, household: 0, guards: 0 };
  private readonly score: Score;
  private readonly unrelated = new Float64Array(PAIRS_TOGETHER);
  private readonly related = new Float64Array(PAIRS_TOGETHER);
  private readonly bits = new Float64Array(PAIRS_TOGETHER);
  private readonly codes = new Float64Array(PAIRS_TOGETHER);
  private readonly verdicts: Verdicts;
  private tell: Tell = { add: () => undefined };

  constructor(inputs: JudgeInputs, verdicts: Verdicts) {
    this.inputs = inputs;
    this.rarity = inputs.rarity;
    this.verdicts = verdicts;
    this.steps = stepsOf(inputs.model, inputs.comparisons, inputs.rarity);
    this.limits = limitsOf(inputs.model);
    this.columns = levelColumns(inputs.model.shapes.length);
    this.levels = new Uint8Array(inputs.model.shapes.length);
    this.score = scorer(inputs, this.levels, this.answer);
  }

  begin(tell: Tell): void {
    this.tell = tell;
    this.considered = 0;
  }

  /** Judges what is left and answers how many pairs there were. */
  end(): number {
    this.workOff();
    return this.considered;
  }

  /** `bound`: see Verdicts. */
  add(a: number, b: number, bound: number): void {
    this.bound[this.pairs.count] = bound;
    if (this.pairs.add(a, b)) this.workOff();
  }

  /** Judges what was added and tells what is worth it, in the order it came. */
  private workOff(): void {
    const { pairs } = this;
    const { odds } = this.inputs.model;
    this.considered += pairs.count;
    this.unrelated.fill(odds.unrelated, 0, pairs.count);
    this.related.fill(odds.household, 0, pairs.count);
    this.bits.fill(0, 0, pairs.count);
    this.codes.fill(0, 0, pairs.count);
    this.steps.forEach((step, i) => {
      const out = this.columns[step.comparison] ?? this.levels;
      step.compare.fill(pairs, out);
      this.take(step, out);
      this.leave(i);
    });
    for (let i = 0; i < pairs.count; i += 1) this.judge(pairs.alive[i] ?? 0);
    pairs.count = 0;
  }

  /** Adds what the levels of one comparison weigh. */
  private take(step: Step, out: Uint8Array): void {
    const { pairs, unrelated, related, bits, codes } = this;
    const { alive, count } = pairs;
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      const level = byteAt(out, at);
      codes[at] = numberAt(codes, at) + level * step.stride;
      unrelated[at] = numberAt(unrelated, at) + numberAt(step.unrelated, level);
      related[at] = numberAt(related, at) + numberAt(step.related, level);
      if (step.rarest !== 0 && level === step.rareLevel)
        bits[at] = numberAt(bits, at) + this.rarity.bits(step.comparison, intAt(pairs.a, at), intAt(pairs.b, at));
    }
  }

  /** Leaves the pairs that whatever comes after this step cannot make worth telling. */
  private leave(step: number): void {
    const { pairs, unrelated, related, bits, bound } = this;
    const { bounds } = this.verdicts;
    const { alive, count } = pairs;
    const width = this.steps.length * BOUND_WIDTH;
    const { unrelated: most, related: mostRelated, apart: mostApart, rarity: limit } = this.limits;
    let kept = 0;
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      const best = intAt(bound, at) * width + step * BOUND_WIDTH;
      const against = numberAt(unrelated, at);
      const household = numberAt(related, at);
      const rarity = Math.max(-limit, Math.min(limit, numberAt(bits, at) + numberAt(bounds, best + 3)));
      const together = against - household + numberAt(bounds, best + 2) - rarity <= mostApart;
      const one =
        against + numberAt(bounds, best) - rarity <= most && household + numberAt(bounds, best + 1) <= mostRelated;
      if (together || one) alive[kept++] = at;
    }
    pairs.count = kept;
  }

  private judge(at: number): void {
    const { answer, levels, columns } = this;
    const a = this.pairs.a[at] ?? 0;
    const b = this.pairs.b[at] ?? 0;
    for (let comparison = 0; comparison < levels.length; comparison += 1)
      levels[comparison] = columns[comparison]?.[at] ?? 0;
    this.score(a, b, this.codes[at] ?? 0);
    if (answer.match < this.inputs.model.emit && answer.household < HOUSEHOLD) return;
    answer.guards = this.inputs.guards(a, b, levels);
    asRelated(answer);
    this.tell.add(a, b, answer);
  }
}
