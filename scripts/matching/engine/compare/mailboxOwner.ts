import { intAt } from '../kernels/at.ts';
import { OWNER } from '../values/fillOwners.ts';
import type { Data } from './contract.ts';

const INITIAL = 0xff;

/** Knows whose a mailbox is by the names of its rows, from the columns that say so of every row. */
export class MailboxOwners {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly whole: Int32Array;
  private readonly owner: Int32Array;

  constructor({ records, layout }: Data) {
    this.records = records;
    this.stride = layout.stride;
    this.whole = layout.slots('email');
    this.owner = layout.slots('email', ':owner');
  }

  /** Whether the mailbox that two rows have in common names the person they may both be. */
  isOwn(a: number, b: number): boolean {
    const one = this.ownerOf(a, b);
    const other = this.ownerOf(b, a);
    const left = (one & OWNER.named) !== 0;
    const right = (other & OWNER.named) !== 0;
    if (left === right) return left;
    const initial = (one >>> OWNER.initialAt) & INITIAL;
    const second = (other >>> OWNER.initialAt) & INITIAL;
    return initial === second || initial === 0 || second === 0;
  }

  /** Whether all that the two rows' mailboxes have in common may come from the names in them. */
  namesAlone(a: number, b: number): boolean {
    if (this.owner.length !== 1) return false;
    const left = this.value(a, intAt(this.owner, 0));
    const right = this.value(b, intAt(this.owner, 0));
    if ((left & right & OWNER.madeOfNames) === 0) return false;
    return left >>> OWNER.digitsAt !== right >>> OWNER.digitsAt || left >>> OWNER.digitsAt === 0;
  }

  /** What is known of the mailbox of the first row that the second one has too. */
  private ownerOf(row: number, other: number): number {
    const { whole, owner } = this;
    for (let i = 0; i < whole.length; i += 1) {
      const own = this.value(row, intAt(whole, i));
      if (own === 0) continue;
      for (const second of whole) if (this.value(other, second) === own) return this.value(row, intAt(owner, i));
    }
    return 0;
  }

  private value(row: number, slot: number): number {
    return intAt(this.records, row * this.stride + slot);
  }
}

/** `undefined` where the columns hold no names or no mailboxes. */
export const mailboxOwners = (data: Data): MailboxOwners | undefined => {
  const { width } = data.plan;
  return (width['email'] ?? 0) === 0 || (width['given'] ?? 0) === 0 ? undefined : new MailboxOwners(data);
};
