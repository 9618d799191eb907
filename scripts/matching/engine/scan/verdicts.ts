import type { FittedModel } from '../../model/contract.ts';
import { type Comparison, OPEN } from '../compare/contract.ts';
import type { Rarity } from '../compare/rarity.ts';
import type { FactField } from './facts.ts';
import { KeyMemory } from './keyMemory.ts';
import { GLIMPSE_BITS, narrowed } from './glimpse/glimpses.ts';
import { bestOf, type Facts, isText, onlyLevel, type Reach, reachOf } from './reach.ts';
import { type Limits, limitsOf, type Step, stepsOf, worthIt } from './steps.ts';

/** How far the rarity of a comparison's values counts: not at all, only in favour, as it is. */
export const RARITY = { none: 0, favour: 1, known: 2 } as const;

/** What levels weigh: unrelated and related over match, unrelated over related. */
export const WEIGHTS = 3;
export const NOT_WORTH = -1;
/** More combinations of facts than this are not told apart: they are of the case, and the hope, of which nothing is known. */
const MOST_CASES = 2 ** 14;
const UNKNOWN = 0;
const ANY: Reach = -1;
const LEAST_ROOM = 256;

/** The same numbers with room for one more row of so many. */
const withRoom = <T extends Float64Array | Uint8Array>(held: T, rows: number, width: number): T => {
  if ((rows + 1) * width <= held.length) return held;
  const more = (
    held instanceof Float64Array ? new Float64Array(held.length * 2) : new Uint8Array(held.length * 2)
  ) as T;
  more.set(held);
  return more;
};

/**
 * Whether pairs with certain facts, and then with a certain glimpse, can be worth a closer look, and what is known of them:
 * worked out once for each combination that occurs. Facts make a case, facts with a glimpse a hope.
 */
export class Verdicts {
  /** Of case `n`, RARITY of step `s` at `n × steps + s`. */
  rarities: Uint8Array;
  /** Of hope `n`, what all its levels and the odds weigh at best: WEIGHTS numbers from `n × WEIGHTS` on. */
  totals: Float64Array;
  /** Of hope `n`, the level of step `s` at `n × steps + s`; OPEN where it is not known. */
  levels: Uint8Array;
  /** Of hope `n` and step `s`, what its level weighs at best: WEIGHTS numbers from `(n × steps + s) × WEIGHTS` on. */
  bests: Float64Array;
  /** 1 + number of the case or of the hope, or NOT_WORTH. */
  private readonly byFacts = new KeyMemory();
  private readonly byGlimpse = new KeyMemory();
  private cases = 0;
  private hopes = 0;
  private readonly model: FittedModel;
  private readonly steps: readonly Step[];
  private readonly fields: readonly FactField[];
  private readonly limits: Limits;

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
    const width = this.steps.length;
    this.rarities = new Uint8Array(LEAST_ROOM * width);
    this.totals = new Float64Array(LEAST_ROOM * WEIGHTS);
    this.levels = new Uint8Array(LEAST_ROOM * width);
    this.bests = new Float64Array(LEAST_ROOM * width * WEIGHTS);
    this.addCase(this.steps.map(() => RARITY.favour));
    this.addHope(this.steps.map(() => ANY));
  }

  /** Number of the case of pairs with this key (FactReader); NOT_WORTH when they cannot be worth it. */
  caseOf(key: number): number {
    const answer = this.byFacts.get(key);
    return answer > 0 ? answer - 1 : answer === 0 ? this.learnCase(key) : NOT_WORTH;
  }

  /** Number of the hope of pairs of this case and key with this glimpse; NOT_WORTH when there is none. */
  hopeOf(ofCase: number, key: number, glimpse: number): number {
    if (ofCase === UNKNOWN) return UNKNOWN;
    const both = (ofCase << GLIMPSE_BITS) | glimpse;
    const answer = this.byGlimpse.get(both);
    return answer > 0 ? answer - 1 : answer === 0 ? this.learnHope(both, key, glimpse) : NOT_WORTH;
  }

  private learnCase(key: number): number {
    const reaches = this.steps.map((step) => this.reach(step, key));
    let answer: number = NOT_WORTH;
    if (this.isWorth(reaches, key)) {
      const rarities = this.steps.map((step) => this.rarity(step, key));
      answer = this.cases < MOST_CASES ? this.addCase(rarities) : UNKNOWN;
    }
    this.byFacts.put(key, answer === NOT_WORTH ? NOT_WORTH : answer + 1);
    return answer;
  }

  private learnHope(both: number, key: number, glimpse: number): number {
    const reaches = this.steps.map((step) => narrowed(this.nameOf(step), this.reach(step, key), glimpse));
    const answer = this.isWorth(reaches, key) ? this.addHope(reaches) : NOT_WORTH;
    this.byGlimpse.put(both, answer === NOT_WORTH ? NOT_WORTH : answer + 1);
    return answer;
  }

  private addCase(rarities: readonly number[]): number {
    this.rarities = withRoom(this.rarities, this.cases, rarities.length);
    this.rarities.set(rarities, this.cases * rarities.length);
    this.cases += 1;
    return this.cases - 1;
  }

  private addHope(reaches: readonly Reach[]): number {
    const { steps, model, hopes } = this;
    this.totals = withRoom(this.totals, hopes, WEIGHTS);
    this.levels = withRoom(this.levels, hopes, steps.length);
    this.bests = withRoom(this.bests, hopes, steps.length * WEIGHTS);
    const { unrelated, household } = model.odds;
    const sums = [unrelated, household, unrelated - household];
    steps.forEach((step, s) => {
      const reach = reaches[s] ?? ANY;
      const at = hopes * steps.length + s;
      this.levels[at] = onlyLevel(reach) ?? OPEN;
      [step.unrelated, step.related, step.apart].forEach((weights, i) => {
        const best = bestOf(weights, reach);
        this.bests[at * WEIGHTS + i] = best;
        sums[i] = (sums[i] ?? 0) + best;
      });
    });
    this.totals.set(sums, hopes * WEIGHTS);
    this.hopes += 1;
    return hopes;
  }

  private nameOf(step: Step): string {
    return this.model.shapes[step.comparison]?.name ?? '';
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
    if (step.rareLevel < 0) return RARITY.none;
    const { equal, namesakes } = this.facts(step, key);
    if (equal) return RARITY.known;
    return isText(this.nameOf(step)) && namesakes ? RARITY.favour : RARITY.none;
  }

  private reach(step: Step, key: number): Reach {
    return reachOf(this.nameOf(step), this.model.shapes[step.comparison]?.levels.length ?? 0, this.facts(step, key));
  }

  private isWorth(reaches: readonly Reach[], key: number): boolean {
    const { odds } = this.model;
    const best = { unrelated: odds.unrelated, related: odds.household, apart: 0, rarity: 0 };
    best.apart = best.unrelated - best.related;
    this.steps.forEach((step, s) => {
      const reach = reaches[s] ?? ANY;
      best.unrelated += bestOf(step.unrelated, reach);
      best.related += bestOf(step.related, reach);
      best.apart += bestOf(step.apart, reach);
      if (this.rarity(step, key) !== RARITY.none) best.rarity += step.rarest;
    });
    return worthIt(this.limits, best);
  }
}
