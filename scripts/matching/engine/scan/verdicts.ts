import type { FittedModel } from '../../model/contract.ts';
import { ADDRESS } from '../contract.ts';
import type { Comparison } from '../compare/contract.ts';
import type { Rarity } from '../compare/rarity.ts';
import type { FactField } from './facts.ts';
import { least, limitsOf, type Step, stepsOf, worthIt } from './steps.ts';

const ROOM = 2 ** 12;
const UNKNOWN = -1;

/** Levels a comparison can still have: lowest and, exclusive, highest; `orMissing` when it may turn out to say nothing. */
type Reach = { readonly from: number; readonly to: number; readonly orMissing: boolean };

/** Which levels facts leave open. Values that are no texts are exactly equal only when their numbers are. */
const NUMBERS = new Set(['birth-date', 'email', 'phone']);

const reachOf = (name: string, levels: number, facts: { readonly equal: boolean; readonly absent: boolean }): Reach => {
  if (facts.absent) return { from: 0, to: 1, orMissing: true };
  if (name === 'address') return { from: 0, to: ADDRESS.exact + 1, orMissing: true };
  const exact = facts.equal || !(NUMBERS.has(name) || name.startsWith('identifier:'));
  if (name === 'sex') return facts.equal ? { from: 2, to: 3, orMissing: false } : { from: 1, to: 2, orMissing: false };
  return { from: 1, to: exact ? levels : levels - 1, orMissing: name === 'given-name' };
};

const bestOf = (values: Float64Array, { from, to, orMissing }: Reach): number => {
  const best = least(values, from, to);
  return orMissing ? Math.min(0, best) : best;
};

/** Whether pairs with these facts can be worth a closer look: worked out once for each combination that occurs. */
export class Verdicts {
  private readonly keys = new Int32Array(ROOM).fill(UNKNOWN);
  private readonly answers = new Uint8Array(ROOM);
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
  }

  /** 1 when a pair with this key (FactRoom) is to be compared. */
  of(key: number): number {
    const slot = (key ^ (key >>> 12) ^ (key >>> 21)) & (ROOM - 1);
    if (this.keys[slot] === key) return this.answers[slot] ?? 0;
    const answer = this.decide(key) ? 1 : 0;
    this.keys[slot] = key;
    this.answers[slot] = answer;
    return answer;
  }

  private decide(key: number): boolean {
    const best = { unrelated: this.model.odds.unrelated, related: this.model.odds.household, apart: 0, rarity: 0 };
    best.apart = best.unrelated - best.related;
    for (const step of this.steps) {
      const { name, levels } = this.model.shapes[step.comparison] ?? { name: '', levels: [] };
      const field = this.fields.find((one) => one.comparison === step.comparison);
      const equal = field !== undefined && ((key >>> field.bit) & 1) === 1;
      const absent = field?.alone === true && ((key >>> (field.bit + this.fields.length)) & 1) === 1;
      const reach = reachOf(name, levels.length, { equal, absent });
      best.unrelated += bestOf(step.unrelated, reach);
      best.related += bestOf(step.related, reach);
      best.apart += bestOf(step.apart, reach);
      if (reach.to === levels.length) best.rarity += step.rarest;
    }
    return worthIt(this.limits, best);
  }
}
