import type { FittedModel } from '../../model/contract.ts';
import type { Comparison } from '../compare/contract.ts';
import type { Rarity } from '../compare/rarity.ts';
import type { FactField } from './facts.ts';
import { bestOf, type Facts, isText, least, reachOf } from './reach.ts';
import { limitsOf, type Step, stepsOf, worthIt } from './steps.ts';

/** What a comparison can at best bring, as Step tells it of any pair: least unrelated, related and apart, most rarity. */
type Best = readonly [unrelated: number, related: number, apart: number, rarity: number];

/** How far the rarity of a comparison's values counts: not at all, only in favour, as it is. */
export const RARITY = { none: 0, favour: 1, known: 2 } as const;

/** Numbers of a bound: what the comparisons after each step can at best bring. */
export const BOUND_WIDTH = 3;
const NOT_WORTH = -1;
const LEAST_ROOM = 1024;
/** More combinations of facts than this are not told apart. */
const MOST_BOUNDS = 2 ** 14;

const larger = <T extends Float64Array | Uint8Array>(array: T, make: (size: number) => T): T => {
  const more = make(array.length * 2);
  more.set(array);
  return more;
};

const slotOf = (key: number, mask: number): number => (Math.imul(key, 0x9e3779b1) >>> 11) & mask;

/**
 * Whether pairs with certain facts can be worth a closer look, and what the comparisons still to come can bring them at
 * best: worked out once for each combination of facts that occurs.
 */
export class Verdicts {
  /** Bound `n` before step `s` (the number of steps: after the last): BOUND_WIDTH numbers from `(n × (steps + 1) + s) × BOUND_WIDTH` on. */
  bounds: Float64Array;
  /** Of bound `n`, RARITY of step `s` at `n × steps + s`. */
  rarities: Uint8Array;
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
    this.bounds = new Float64Array(16 * (this.steps.length + 1) * BOUND_WIDTH);
    this.rarities = new Uint8Array(16 * this.steps.length);
    this.addBound(
      this.steps.map((step) => [least(step.unrelated), least(step.related), least(step.apart), step.rarest]),
      this.steps.map(() => RARITY.favour),
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
    const rarities = this.steps.map((step) => this.rarity(step, key));
    const answer = this.decide(bests) ? this.addBound(bests, rarities) : NOT_WORTH;
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

  private addBound(bests: readonly Best[], rarities: readonly number[]): number {
    if (this.count >= MOST_BOUNDS) return 0;
    const width = (bests.length + 1) * BOUND_WIDTH;
    const from = this.count * width;
    if (from + width > this.bounds.length) {
      this.bounds = larger(this.bounds, (size) => new Float64Array(size));
      this.rarities = larger(this.rarities, (size) => new Uint8Array(size));
    }
    for (let step = bests.length - 1; step >= 0; step -= 1) {
      for (let i = 0; i < BOUND_WIDTH; i += 1) {
        const at = from + step * BOUND_WIDTH + i;
        this.bounds[at] = (this.bounds[at + BOUND_WIDTH] ?? 0) + (bests[step]?.[i] ?? 0);
      }
    }
    this.rarities.set(rarities, this.count * bests.length);
    this.count += 1;
    return this.count - 1;
  }

  private facts(step: Step, key: number): Facts & { readonly namesakes: boolean } {
    const { fields } = this;
    const field = fields.find((one) => one.comparison === step.comparison);
    return {
      equal: field !== undefined && ((key >>> field.bit) & 1) === 1,
      absent: field?.alone === true && ((key >>> (field.bit + fields.length)) & 1) === 1,
      namesakes: ((key >>> (2 * fields.length)) & 1) === 1,
    };
  }

  /** Values that are equal have the level at which rarity counts; other values of one spelling may have it. */
  private rarity(step: Step, key: number): number {
    const { name } = this.model.shapes[step.comparison] ?? { name: '' };
    if (step.rareLevel < 0) return RARITY.none;
    const { equal, namesakes } = this.facts(step, key);
    if (equal) return RARITY.known;
    return isText(name) && namesakes ? RARITY.favour : RARITY.none;
  }

  private best(step: Step, key: number): Best {
    const { name, levels } = this.model.shapes[step.comparison] ?? { name: '', levels: [] };
    const reach = reachOf(name, levels.length, this.facts(step, key));
    const rare = this.rarity(step, key) !== RARITY.none;
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
