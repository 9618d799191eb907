import { OPEN } from '../compare/contract.ts';
import { levelColumns, PAIRS_TOGETHER, PairList } from '../compare/pairList.ts';
import type { Rarity } from '../compare/rarity.ts';
import { byteAt, intAt, numberAt } from '../kernels/at.ts';
import { stridesOf } from '../learn/codes.ts';
import { type Answer, asRelated, type JudgeInputs, type Score, scorer } from './judge.ts';
import { HOUSEHOLD, type Limits, limitsOf, type Step, stepsOf } from './steps.ts';
import { RARITY, type Verdicts, WEIGHTS } from './verdicts.ts';

/** What is told of a pair that is worth it. */
export type Tell = { add(a: number, b: number, answer: Answer): void };

/**
 * Judges many pairs side by side, comparison after comparison, each for the pairs where it is open. A pair is left as soon as
 * no values of the rest could make it worth telling. Lossless, since what is left can add at most what its strongest levels
 * and rarest values would.
 */
export class Sift {
  private considered = 0;
  private readonly pairs = new PairList();
  /** The pairs of which one comparison must be looked at. */
  private readonly open = new Int32Array(PAIRS_TOGETHER);
  /** Which of the verdicts' hopes every pair has. */
  private readonly hopes = new Int32Array(PAIRS_TOGETHER);
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

  /** Takes a pair in, unless its rarity leaves it no hope; `ofCase`, `hope`: see Verdicts. */
  add(a: number, b: number, ofCase: number, hope: number): void {
    const { totals } = this.verdicts;
    const { pairs } = this;
    const at = pairs.count;
    this.unrelated[at] = numberAt(totals, hope * WEIGHTS);
    this.related[at] = numberAt(totals, hope * WEIGHTS + 1);
    this.apart[at] = numberAt(totals, hope * WEIGHTS + 2);
    this.bits[at] = this.rarityOf(a, b, ofCase);
    if (!this.isWorth(at)) return;
    this.hopes[at] = hope;
    if (pairs.add(a, b)) this.workOff();
  }

  /** Bits of the values that two rows certainly agree on; of those they may agree on when that speaks for them. */
  private rarityOf(a: number, b: number, ofCase: number): number {
    const { rarities } = this.verdicts;
    const { steps, rarity } = this;
    const { rarity: limit } = this.limits;
    let bits = 0;
    for (let step = 0; step < steps.length; step += 1) {
      const how = byteAt(rarities, ofCase * steps.length + step);
      if (how === RARITY.none) continue;
      const own = rarity.bits(steps[step]?.comparison ?? 0, a, b);
      if (how === RARITY.known || own > 0) bits += own;
    }
    return Math.max(-limit, Math.min(limit, bits));
  }

  /** Whether what is known of a pair, at best where it is open, makes it worth telling. */
  private isWorth(at: number): boolean {
    const { unrelated, related, apart } = this.limits;
    const rare = numberAt(this.bits, at);
    if (numberAt(this.apart, at) - rare <= apart) return true;
    return numberAt(this.unrelated, at) - rare <= unrelated && numberAt(this.related, at) <= related;
  }

  /** Judges what was added and tells what is worth it, in the order it came. */
  private workOff(): void {
    const { pairs, steps } = this;
    this.considered += pairs.count;
    steps.forEach((step, s) => {
      const out = this.columns[step.comparison] ?? this.levels;
      const count = this.take(s, out);
      if (count > 0) this.look(step, s, count);
    });
    for (let i = 0; i < pairs.count; i += 1) this.judge(intAt(pairs.alive, i));
    pairs.count = 0;
  }

  /** Writes the levels of one step that are known and answers of how many pairs it is open. */
  private take(s: number, out: Uint8Array): number {
    const { pairs, open, hopes } = this;
    const { alive, count } = pairs;
    const { levels } = this.verdicts;
    const width = this.steps.length;
    let opened = 0;
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      const level = byteAt(levels, intAt(hopes, at) * width + s);
      if (level === OPEN) open[opened++] = at;
      else out[at] = level;
    }
    return opened;
  }

  /** Looks at one comparison of the pairs where it is open, and leaves those that have no hope now. */
  private look(step: Step, s: number, count: number): void {
    const { pairs, open, hopes, unrelated, related, apart } = this;
    const { bests } = this.verdicts;
    const out = this.columns[step.comparison] ?? this.levels;
    step.compare.fill({ a: pairs.a, b: pairs.b, alive: open, count }, out);
    for (let i = 0; i < count; i += 1) {
      const at = intAt(open, i);
      const level = byteAt(out, at);
      const best = (intAt(hopes, at) * this.steps.length + s) * WEIGHTS;
      unrelated[at] = numberAt(unrelated, at) - numberAt(bests, best) + numberAt(step.unrelated, level);
      related[at] = numberAt(related, at) - numberAt(bests, best + 1) + numberAt(step.related, level);
      apart[at] = numberAt(apart, at) - numberAt(bests, best + 2) + numberAt(step.apart, level);
    }
    this.leave();
  }

  private leave(): void {
    const { alive, count } = this.pairs;
    let kept = 0;
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      if (this.isWorth(at)) alive[kept++] = at;
    }
    this.pairs.count = kept;
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
