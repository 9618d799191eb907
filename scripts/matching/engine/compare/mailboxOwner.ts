import { OWNER } from '../values/fillOwners.ts';
import type { Data } from './contract.ts';

const NONE = new Int32Array(0);
const INITIAL = 0xff;

type Slot = { readonly whole: Int32Array; readonly owner: Int32Array };

/** Knows whose a mailbox is by the names of its rows, from the columns that say so of every row. */
export class MailboxOwners {
  private readonly slots: readonly Slot[];

  constructor(slots: readonly Slot[]) {
    this.slots = slots;
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
    const [only] = this.slots;
    if (only === undefined || this.slots.length > 1) return false;
    const left = only.owner[a] ?? 0;
    const right = only.owner[b] ?? 0;
    if ((left & right & OWNER.madeOfNames) === 0) return false;
    return left >>> OWNER.digitsAt !== right >>> OWNER.digitsAt || left >>> OWNER.digitsAt === 0;
  }

  /** What is known of the mailbox of the first row that the second one has too. */
  private ownerOf(row: number, other: number): number {
    for (const { whole, owner } of this.slots) {
      const own = whole[row] ?? 0;
      if (own === 0) continue;
      for (const second of this.slots) if (second.whole[other] === own) return owner[row] ?? 0;
    }
    return 0;
  }
}

/** `undefined` where the columns hold no names or no mailboxes. */
export const mailboxOwners = ({ columns, plan }: Data): MailboxOwners | undefined => {
  const slots = Array.from({ length: plan.width['email'] ?? 0 }, (_, i) => ({
    whole: columns[`email${i}`] ?? NONE,
    owner: columns[`email${i}:owner`] ?? NONE,
  }));
  return slots.length === 0 || (plan.width['given'] ?? 0) === 0 ? undefined : new MailboxOwners(slots);
};
