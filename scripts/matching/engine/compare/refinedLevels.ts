import { EMAIL, PHONE } from '../contract.ts';
import { byteAt, intAt } from '../kernels/at.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';
import { type MailboxOwners, mailboxOwners } from './mailboxOwner.ts';
import { kindsByHead, LINE_KINDS, LineKinds } from './phoneKinds.ts';

/**
 * Mailboxes that repeat the names say what the names said already: alike only by them, they are two mailboxes like any others.
 * An equal one counts as a person's own when it names the person, else as one that a home may share.
 */
class OwnMailboxes implements Comparison {
  private readonly plain: Comparison;
  private readonly owners: MailboxOwners | undefined;

  constructor(plain: Comparison, owners: MailboxOwners | undefined) {
    this.plain = plain;
    this.owners = owners;
  }

  of(a: number, b: number): number {
    return this.refined(a, b, this.plain.of(a, b));
  }

  fill(pairs: PairBatch, out: Uint8Array): void {
    this.plain.fill(pairs, out);
    for (let i = 0; i < pairs.count; i += 1) {
      const at = intAt(pairs.alive, i);
      const level = byteAt(out, at);
      if (level > EMAIL.different) out[at] = this.refined(intAt(pairs.a, at), intAt(pairs.b, at), level);
    }
  }

  private refined(a: number, b: number, level: number): number {
    const { owners } = this;
    if (level === EMAIL.exact) return owners?.isOwn(a, b) === true ? EMAIL.exact : EMAIL.shared;
    if (level <= EMAIL.different || owners?.namesAlone(a, b) !== true) return level;
    return level === EMAIL.user ? EMAIL.similar : EMAIL.different;
  }
}

/**
 * A mobile number belongs to a person, a fixed line to a home, as one may whose kind is not known; one of each says nothing
 * against.
 */
class OwnNumbers implements Comparison {
  private readonly plain: Comparison;
  private readonly kinds: LineKinds | undefined;

  constructor(plain: Comparison, kinds: LineKinds | undefined) {
    this.plain = plain;
    this.kinds = kinds;
  }

  of(a: number, b: number): number {
    return this.refined(a, b, this.plain.of(a, b));
  }

  fill(pairs: PairBatch, out: Uint8Array): void {
    this.plain.fill(pairs, out);
    for (let i = 0; i < pairs.count; i += 1) {
      const at = intAt(pairs.alive, i);
      const level = byteAt(out, at);
      if (level !== PHONE.missing) out[at] = this.refined(intAt(pairs.a, at), intAt(pairs.b, at), level);
    }
  }

  private refined(a: number, b: number, level: number): number {
    const { kinds } = this;
    if (level === PHONE.exact) return kinds?.ofEqual(a, b) === LINE_KINDS.mobile ? PHONE.exact : PHONE.line;
    return level === PHONE.different && kinds?.differ(a, b) === true ? PHONE.apart : level;
  }
}

export const ownMailboxes = (plain: Comparison, data: Data): Comparison => new OwnMailboxes(plain, mailboxOwners(data));

export const ownNumbers = (plain: Comparison, data: Data): Comparison => {
  const kindOf = kindsByHead(data);
  return new OwnNumbers(plain, kindOf === undefined ? undefined : new LineKinds(data, kindOf));
};
