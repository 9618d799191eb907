import type { FittedModel } from '../../model/contract.ts';
import { ADDRESS, EMAIL, PHONE } from '../contract.ts';
import type { Comparison } from '../compare/contract.ts';
import type { Rarity } from '../compare/rarity.ts';
import type { FactField } from './facts.ts';
import { least, limitsOf, type Step, stepsOf, worthIt } from './steps.ts';

/** Levels a comparison can still have: lowest and, exclusive, highest; `orMissing` when it may turn out to say nothing. */
type Reach = { readonly from: number; readonly to: number; readonly orMissing: boolean };
type Facts = { readonly equal: boolean; readonly absent: boolean };

const NUMBERS = new Set(['birth-date', 'email', 'phone']);
/** Texts that are equal as values have the strongest level, whatever else is known of them. */
const TEXTS = new Set(['given-name', 'family-name', 'organisation-name', 'birth-place']);

/** The lowest level of equal values, where that is not the strongest one. */
const EQUAL_FROM: Readonly<Record<string, number>> = { email: EMAIL.shared, phone: PHONE.line };

/** Which levels facts leave open. Values that are no texts are exactly equal only when their numbers are. */
const reachOf = (name: string, levels: number, facts: Facts): Reach => {
  if (facts.absent) return { from: 0, to: 1, orMissing: true };
  if (name === 'address') return { from: 0, to: ADDRESS.exact + 1, orMissing: true };
  if (name === 'sex') return facts.equal ? { from: 2, to: 3, orMissing: false } : { from: 1, to: 2, orMissing: false };
  if (TEXTS.has(name) && facts.equal) return { from: levels - 1, to: levels, orMissing: false };
  const exact = facts.equal || !(NUMBERS.has(name) || name.startsWith('identifier:'));
  const to = exact ? levels : (EQUAL_FROM[name] ?? levels - 1);
  return { from: 1, to, orMissing: name === 'given-name' };
};

const bestOf = (values: Float64Array, { from, to, orMissing }: Reach): number => {
  const best = least(values, from, to);
  return orMissing ? Math.min(0, best) : best;
};

/** What a comparison can at best bring, as Step tells it of any pair: least unrelated, related and apart, most rarity. */
type Best = readonly [unrelated: number, related: number, apart: number, rarity: number];

/** Numbers of a bound: what the comparisons after each step can at best bring. */
export const BOUND_WIDTH = 4;
const NOT_WORTH = -1;
const LEAST_ROOM = 1024;
/** More combinations of facts than this are not told apart. */
const MOST_BOUNDS = 2 ** 14;

const slotOf = (key: number, mask: number): number => (Math.imul(key, 0x9e3779b1) >>> 11) & mask;

/**
 * Whether pairs with certain facts can be worth a closer look, and what the comparisons still to come can bring them at
 * best: worked out once for each combination of facts that occurs.
 */
export class Verdicts {
  /** Bound `n` after step `s`: BOUND_WIDTH numbers from `(n × steps + s) × BOUND_WIDTH` on. */
  bounds: Float64Array;
  private keys = new Int32Array(LEAST_ROOM);
  /** 0: free; else 1 + number of the bound, or NOT_WORTH. */
  private answers = new Int32Array(LEAST_ROOM);
  private held = 0;
  private count = 0;
  private readonly model: FittedModel;
  private readonly steps: readonly Step[];
  private readonly fields: readonly FactField[];
  private readonly limits: ReturnType<typeof limitsOf>;

  constructor(
    {
      model,
      comparisons,
      rarity,
    }: { readonly model: FittedModel; readonly comparisons: readonly Comparison[]; readonly rarity: Rarity },
    fields: readonly FactField[],
  ) {
    this.model = model;
    this.steps = stepsOf(model, comparisons, rarity);
    this.fields = fields;
    this.limits = limitsOf(model);
    this.bounds = new Float64Array(16 * this.steps.length * BOUND_WIDTH);
    this.addBound(
      this.steps.map((step) => [least(step.unrelated), least(step.related), least(step.apart), step.rarest]),
    );
  }

  /** Number of the bound for pairs with this key (FactRoom); below 0 when they cannot be worth it. */
  of(key: number): number {
    const mask = this.keys.length - 1;
    let slot = slotOf(key, mask);
    for (;;) {
      const answer = this.answers[slot] ?? 0;
      if (answer === 0) return this.learn(key);
      if (this.keys[slot] === key) return answer === NOT_WORTH ? NOT_WORTH : answer - 1;
      slot = (slot + 1) & mask;
    }
  }

  private learn(key: number): number {
    const bests = this.steps.map((step) => this.best(step, key));
    const answer = this.decide(bests) ? this.addBound(bests) : NOT_WORTH;
    if (this.held * 2 >= this.keys.length) this.grow();
    this.put(key, answer === NOT_WORTH ? NOT_WORTH : answer + 1);
    return answer;
  }

  private put(key: number, answer: number): void {
    const mask = this.keys.length - 1;
    let slot = slotOf(key, mask);
    while (this.answers[slot] !== 0) slot = (slot + 1) & mask;
    this.keys[slot] = key;
    this.answers[slot] = answer;
    this.held += 1;
  }

  private grow(): void {
    const { keys, answers } = this;
    this.keys = new Int32Array(keys.length * 2);
    this.answers = new Int32Array(keys.length * 2);
    this.held = 0;
    answers.forEach((answer, slot) => {
      if (answer !== 0) this.put(keys[slot] ?? 0, answer);
    });
  }

  private addBound(bests: readonly Best[]): number {
    if (this.count >= MOST_BOUNDS) return 0;
    const width = bests.length * BOUND_WIDTH;
    const from = this.count * width;
    if (from + width > this.bounds.length) {
      const larger = new Float64Array(this.bounds.length * 2);
      larger.set(this.bounds);
      this.bounds = larger;
    }
    for (let step = bests.length - 2; step >= 0; step -= 1) {
      for (let i = 0; i < BOUND_WIDTH; i += 1) {
        const at = from + step * BOUND_WIDTH + i;
        this.bounds[at] = (this.bounds[at + BOUND_WIDTH] ?? 0) + (bests[step + 1]?.[i] ?? 0);
      }
    }
    this.count += 1;
    return this.count - 1;
  }

  private best(step: Step, key: number): Best {
    const { name, levels } = this.model.shapes[step.comparison] ?? { name: '', levels: [] };
    const { fields } = this;
    const field = fields.find((one) => one.comparison === step.comparison);
    const equal = field !== undefined && ((key >>> field.bit) & 1) === 1;
    const absent = field?.alone === true && ((key >>> (field.bit + fields.length)) & 1) === 1;
    const reach = reachOf(name, levels.length, { equal, absent });
    const namesakes = ((key >>> (2 * fields.length)) & 1) === 1;
    const rare = reach.to === levels.length && (equal || namesakes || !TEXTS.has(name));
    return [
      bestOf(step.unrelated, reach),
      bestOf(step.related, reach),
      bestOf(step.apart, reach),
      rare ? step.rarest : 0,
    ];
  }

  private decide(bests: readonly Best[]): boolean {
    const { odds } = this.model;
    const best = { unrelated: odds.unrelated, related: odds.household, apart: 0, rarity: 0 };
    best.apart = best.unrelated - best.related;
    for (const [unrelated, related, apart, rarity] of bests) {
      best.unrelated += unrelated;
      best.related += related;
      best.apart += apart;
      best.rarity += rarity;
    }
    return worthIt(this.limits, best);
  }
}
