import { EMAIL, PHONE } from '../contract.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';
import { mailboxOwners } from './mailboxOwner.ts';
import { LINE_KINDS, lineKinds } from './phoneKinds.ts';

type Refine = (a: number, b: number, level: number) => number;

/** A comparison whose levels are looked at once more: what is equal is told apart by whose it is. */
class RefinedComparison implements Comparison {
  private readonly plain: Comparison;
  private readonly refine: Refine;

  constructor(plain: Comparison, refine: Refine) {
    this.plain = plain;
    this.refine = refine;
  }

  of(a: number, b: number): number {
    const level = this.plain.of(a, b);
    return level === 0 ? 0 : this.refine(a, b, level);
  }

  fill(pairs: PairBatch, out: Uint8Array): void {
    this.plain.fill(pairs, out);
    for (let i = 0; i < pairs.count; i += 1) {
      const at = pairs.alive[i] ?? 0;
      const level = out[at] ?? 0;
      if (level !== 0) out[at] = this.refine(pairs.a[at] ?? 0, pairs.b[at] ?? 0, level);
    }
  }
}

/**
 * Mailboxes that repeat the names say what the names said already: alike only by them, they are two mailboxes like any others.
 * An equal one counts as a person's own when it names the person, else as one that a home may share.
 */
export const ownMailboxes = (plain: Comparison, data: Data): Comparison => {
  const owners = mailboxOwners(data);
  return new RefinedComparison(plain, (a, b, level) => {
    if (level === EMAIL.exact) return owners?.isOwn(a, b) === true ? EMAIL.exact : EMAIL.shared;
    if (level <= EMAIL.different || owners?.namesAlone(a, b) !== true) return level;
    return level === EMAIL.user ? EMAIL.similar : EMAIL.different;
  });
};

/**
 * A mobile number belongs to a person, a fixed line to a home, as one may whose kind is not known; one of each says nothing
 * against.
 */
export const ownNumbers = (plain: Comparison, data: Data): Comparison => {
  const kinds = lineKinds(data);
  return new RefinedComparison(plain, (a, b, level) => {
    if (level === PHONE.exact) return kinds?.ofEqual(a, b) === LINE_KINDS.mobile ? PHONE.exact : PHONE.line;
    return level === PHONE.different && kinds?.differ(a, b) === true ? PHONE.apart : level;
  });
};
