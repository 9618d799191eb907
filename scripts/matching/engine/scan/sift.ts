import { OPEN } from '../compare/contract.ts';
import { levelColumns, PAIRS_TOGETHER, PairList } from '../compare/pairList.ts';
import type { Rarity } from '../compare/rarity.ts';
import { byteAt, intAt, numberAt } from '../kernels/at.ts';
import { stridesOf } from '../learn/codes.ts';
import { type Answer, asRelated, type JudgeInputs, type Score, scorer } from './judge.ts';
import { HOUSEHOLD, type Limits, limitsOf, type Step, stepsOf } from './steps.ts';
import { BOUND_WIDTH, RARITY, type Verdicts } from './verdicts.ts';

/** What is told of a pair that is worth it. */
export type Tell = { add(a: number, b: number, answer: Answer): void };

/**
 * Judges many pairs side by side, comparison after comparison: first at a glance, then, for the pairs that are left, what was
 * open. A pair is left as soon as no values of the rest could make it worth telling. Lossless, since what is left can add at
 * most what its strongest levels and rarest values would.
 */
export class Sift {
  private considered = 0;
  private readonly pairs = new PairList();
  /** The pairs of which one comparison must be looked at closer. */
  private readonly open = new Int32Array(PAIRS_TOGETHER);
  /** Which of the bounds every pair has. */
  private readonly bound = new Int32Array(PAIRS_TOGETHER);
  private readonly inputs: JudgeInputs;
  private readonly rarity: Rarity;
  private readonly steps: readonly Step[];
  private readonly limits: Limits;
  private readonly columns: readonly Uint8Array[];
  private readonly strides: Float64Array;
  private readonly levels: Uint8Array;
  private readonly answer: Answer = { match: 0, household: 0, guards: 0 };
  private readonly score: Score;
  /** What the levels seen so far weigh, at best where they are open. */
  private readonly unrelated = new Float64Array(PAIRS_TOGETHER);
  private readonly related = new Float64Array(PAIRS_TOGETHER);
  private readonly apart = new Float64Array(PAIRS_TOGETHER);
  private readonly bits = new Float64Array(PAIRS_TOGETHER);
  private readonly verdicts: Verdicts;
  private tell: Tell = { add: () => undefined };

  constructor(inputs: JudgeInputs, verdicts: Verdicts) {
    this.inputs = inputs;
    this.rarity = inputs.rarity;
    this.verdicts = verdicts;
    this.steps = stepsOf(inputs.model, inputs.comparisons, inputs.rarity);
    this.limits = limitsOf(inputs.model);
    this.columns = levelColumns(inputs.model.shapes.length);
    this.strides = stridesOf(inputs.model.shapes);
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

  /** Takes a pair in; `bound`: see Verdicts. */
  add(a: number, b: number, bound: number): void {
    const at = this.pairs.count;
    this.bound[at] = bound;
    this.bits[at] = this.rarityOf(a, b, bound);
    if (this.pairs.add(a, b)) this.workOff();
  }

  /** Bits of the values that two rows certainly agree on; of those they may agree on when that speaks for them. */
  private rarityOf(a: number, b: number, bound: number): number {
    const { rarities } = this.verdicts;
    const { steps, rarity } = this;
    const { rarity: limit } = this.limits;
    let bits = 0;
    for (let step = 0; step < steps.length; step += 1) {
      const how = byteAt(rarities, bound * steps.length + step);
      if (how === RARITY.none) continue;
      const own = rarity.bits(steps[step]?.comparison ?? 0, a, b);
      if (how === RARITY.known || own > 0) bits += own;
    }
    return Math.max(-limit, Math.min(limit, bits));
  }

  /** Judges what was added and tells what is worth it, in the order it came. */
  private workOff(): void {
    const { pairs, steps } = this;
    const { odds } = this.inputs.model;
    this.considered += pairs.count;
    this.unrelated.fill(odds.unrelated, 0, pairs.count);
    this.related.fill(odds.household, 0, pairs.count);
    this.apart.fill(odds.unrelated - odds.household, 0, pairs.count);
    steps.forEach((step, i) => {
      const out = this.columns[step.comparison] ?? this.levels;
      step.compare.glance(pairs, out);
      this.take(step, out);
      if (step.tells || i + 1 === steps.length) this.leave(i + 1);
    });
    for (const step of steps) this.closer(step);
    for (let i = 0; i < pairs.count; i += 1) this.judge(intAt(pairs.alive, i));
    pairs.count = 0;
  }

  /** Adds what the levels of one comparison weigh. */
  private take(step: Step, out: Uint8Array): void {
    const { pairs, unrelated, related, apart } = this;
    const { alive, count } = pairs;
    const { open } = step;
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      const level = byteAt(out, at);
      const isOpen = level === OPEN;
      unrelated[at] = numberAt(unrelated, at) + (isOpen ? open.unrelated : numberAt(step.unrelated, level));
      related[at] = numberAt(related, at) + (isOpen ? open.related : numberAt(step.related, level));
      apart[at] = numberAt(apart, at) + (isOpen ? open.apart : numberAt(step.apart, level));
    }
  }

  /** Looks closer at one comparison of the pairs where it is open. */
  private closer(step: Step): void {
    const { pairs, open, unrelated, related, apart } = this;
    const out = this.columns[step.comparison] ?? this.levels;
    let count = 0;
    for (let i = 0; i < pairs.count; i += 1) {
      const at = intAt(pairs.alive, i);
      if (byteAt(out, at) === OPEN) open[count++] = at;
    }
    if (count === 0) return;
    step.compare.fill({ a: pairs.a, b: pairs.b, alive: open, count }, out);
    for (let i = 0; i < count; i += 1) {
      const at = intAt(open, i);
      const level = byteAt(out, at);
      unrelated[at] = numberAt(unrelated, at) - step.open.unrelated + numberAt(step.unrelated, level);
      related[at] = numberAt(related, at) - step.open.related + numberAt(step.related, level);
      apart[at] = numberAt(apart, at) - step.open.apart + numberAt(step.apart, level);
    }
    this.leave(this.steps.length);
  }

  /** Leaves the pairs that whatever comes from this step on cannot make worth telling. */
  private leave(step: number): void {
    const { pairs, bound, bits } = this;
    const { bounds } = this.verdicts;
    const { alive, count } = pairs;
    const { unrelated: most, related: mostRelated, apart: mostApart } = this.limits;
    const width = (this.steps.length + 1) * BOUND_WIDTH;
    let kept = 0;
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      const best = intAt(bound, at) * width + step * BOUND_WIDTH;
      const rare = numberAt(bits, at);
      const together = numberAt(this.apart, at) + numberAt(bounds, best + 2) - rare <= mostApart;
      const one =
        numberAt(this.unrelated, at) + numberAt(bounds, best) - rare <= most &&
        numberAt(this.related, at) + numberAt(bounds, best + 1) <= mostRelated;
      if (together || one) alive[kept++] = at;
    }
    pairs.count = kept;
  }

  private judge(at: number): void {
    const { answer, levels, columns, strides } = this;
    const a = intAt(this.pairs.a, at);
    const b = intAt(this.pairs.b, at);
    let code = 0;
    for (let comparison = 0; comparison < levels.length; comparison += 1) {
      const level = columns[comparison]?.[at] ?? 0;
      levels[comparison] = level;
      code += level * numberAt(strides, comparison);
    }
    this.score(a, b, code);
    if (answer.match < this.inputs.model.emit && answer.household < HOUSEHOLD) return;
    answer.guards = this.inputs.guards(a, b, levels);
    asRelated(answer);
    this.tell.add(a, b, answer);
  }
}
