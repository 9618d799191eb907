import { EMAIL } from '../contract.ts';
import { byteAt, intAt } from '../kernels/at.ts';
import { oneEditAway } from '../kernels/editDistance.ts';
import { bitsIn, fewestMatches, jaroWinkler, LONGEST_COMPARED, type Texts } from '../kernels/jaroWinkler.ts';
import { BLANK, foldInto, makeScratch, PLAIN_BYTES } from '../text/fold.ts';
import { type Comparison, type Data, OPEN, type PairBatch } from './contract.ts';

const SIMILAR_USER = 0.88;
const LONGEST = 128;
const AT = 64;
const PLUS = 43;
const DOT = 46;

const two: Texts = {
  bytes: new Uint8Array(2 * LONGEST),
  at: Int32Array.from([0, LONGEST]),
  length: new Uint8Array(2),
  mask: new Int32Array(2),
  head: new Int32Array(2),
};
const scratch = makeScratch();

type Source = { readonly bytes: Uint8Array; readonly end: number; readonly from: number };

const NO_SOURCE: Source = { bytes: new Uint8Array(0), end: 0, from: 0 };

const sources = (data: Data): ((row: number) => Source) => {
  const tables = data.tables.map(({ bytes, end }) => ({ bytes: new Uint8Array(bytes), end, from: 0 }));
  return (row) => {
    let table = tables.length - 1;
    while (table > 0 && row < (data.tableRows[table] ?? 0)) table -= 1;
    return tables[table] ?? NO_SOURCE;
  };
};

/** What each side of `two` holds now: sources are read again only when the row changes. */
const held: { source: Source | undefined; at: number }[] = [
  { source: undefined, at: -1 },
  { source: undefined, at: -1 },
];

/** Bytes that need more than a look at a table: blanks, control characters, and what is not ASCII. */
const isOdd = (plain: number): boolean => plain === 0 || plain === BLANK;

/** Folds the bytes `from .. end` into a side of `two`; dots, and what follows a plus, are left out. */
const foldUser = (source: Source, from: number, end: number, side: 0 | 1): void => {
  foldInto(scratch, source.bytes, from, end);
  const base = intAt(two.at, side);
  let length = 0;
  for (let i = 0; i < scratch.length && length < LONGEST; i += 1) {
    const byte = byteAt(scratch.bytes, i);
    if (byte === PLUS && i > 0) break;
    if (byte !== DOT) two.bytes[base + length++] = byte;
  }
  two.length[side] = length;
};

/** The same for plain bytes up to the at sign; false when there are others. */
const copyUser = (source: Source, from: number, side: 0 | 1): boolean => {
  const { bytes } = source;
  const limit = Math.min(source.end, from + LONGEST);
  const base = intAt(two.at, side);
  let length = 0;
  for (let i = from; i < limit; i += 1) {
    const byte = byteAt(bytes, i);
    if (byte === AT || (byte === PLUS && i > from)) break;
    const plain = byteAt(PLAIN_BYTES, byte);
    if (isOdd(plain)) return false;
    if (plain !== DOT) two.bytes[base + length++] = plain;
  }
  two.length[side] = length;
  return true;
};

/** Reads the user of the address at `at` again, from the row's own bytes; dots are left out. */
const readUser = (source: Source, at: number, side: 0 | 1): void => {
  const now = held[side];
  if (now === undefined || (now.source === source && now.at === at)) return;
  now.source = source;
  now.at = at;
  if (copyUser(source, at, side)) return;
  let end = at;
  const limit = Math.min(source.end, at + LONGEST);
  while (end < limit && source.bytes[end] !== AT) end += 1;
  foldUser(source, at, end, side);
};

/** Where one address of a row lies in its record. */
type EmailSlots = {
  readonly whole: number;
  readonly user: number;
  readonly at: number;
  readonly letters: number;
  readonly head: number;
};

const LETTERS = 0x7ffffff;
const LENGTH_BITS = 27;
const ALL_LENGTHS = 31;
const SIZES = LONGEST_COMPARED + 1;
const FEWEST = fewestMatches(SIMILAR_USER);

/** False when the letters that occur, the lengths and the first four bytes rule out users that are alike. Lossless. */
const mayBeAlike = (left: number, right: number, prefix: number): boolean => {
  const la = left >>> LENGTH_BITS;
  const lb = right >>> LENGTH_BITS;
  if (la === ALL_LENGTHS || lb === ALL_LENGTHS) return true;
  const matches = Math.min(la - bitsIn(left & ~right & LETTERS), lb - bitsIn(right & ~left & LETTERS));
  return matches > 0 && matches >= byteAt(FEWEST, (prefix * SIZES + la) * SIZES + lb);
};

const alike = (): number => {
  if (jaroWinkler(two, 0, 1) < SIMILAR_USER) return EMAIL.different;
  return oneEditAway(two, 0, 1) ? EMAIL.close : EMAIL.similar;
};

/** What addresses tell before letters are looked at: the whole, then the user. */
export class MailboxGlance {
  private readonly records: Int32Array;
  private readonly stride: number;
  readonly slots: readonly EmailSlots[];

  constructor({ records, layout, plan }: Pick<Data, 'records' | 'layout' | 'plan'>) {
    this.records = records;
    this.stride = layout.stride;
    this.slots = Array.from({ length: plan.width['email'] ?? 0 }, (_, i): EmailSlots => {
      const slot = (suffix: string): number => layout.slot(`email${i}${suffix}`);
      return { whole: slot(''), user: slot(':user'), at: slot(':at'), letters: slot(':letters'), head: slot(':head') };
    });
  }

  /** The best level of two rows; OPEN where users may be alike. */
  seen(a: number, b: number): number {
    const { slots } = this;
    let best = 0;
    for (const one of slots) {
      for (const other of slots) {
        const level = this.levelSeen(one, other, a, b);
        if (level === EMAIL.exact) return level;
        best = Math.max(best, level);
      }
    }
    return best;
  }

  /** The level of one address of each. */
  levelSeen(one: EmailSlots, other: EmailSlots, a: number, b: number): number {
    const { records, stride } = this;
    const first = a * stride;
    const second = b * stride;
    const left = intAt(records, first + one.whole);
    const right = intAt(records, second + other.whole);
    if (left === 0 || right === 0) return EMAIL.missing;
    if (left === right) return EMAIL.exact;
    if (records[first + one.user] === records[second + other.user]) return EMAIL.user;
    const prefix = Math.clz32(intAt(records, first + one.head) ^ intAt(records, second + other.head)) >>> 3;
    const letters = intAt(records, first + one.letters);
    return mayBeAlike(letters, intAt(records, second + other.letters), prefix) ? OPEN : EMAIL.different;
  }
}

/** Addresses: what a glance tells, then the user's letters read from the table again. */
class EmailComparison implements Comparison {
  private readonly records: Int32Array;
  private readonly stride: number;
  private readonly mailboxes: MailboxGlance;
  private readonly source: (row: number) => Source;

  constructor(data: Data) {
    this.records = data.records;
    this.stride = data.layout.stride;
    this.mailboxes = new MailboxGlance(data);
    this.source = sources(data);
  }

  of(a: number, b: number): number {
    const { slots } = this.mailboxes;
    let best = 0;
    for (const one of slots) for (const other of slots) best = Math.max(best, this.level(one, other, a, b));
    return best;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = intAt(alive, i);
      out[at] = this.of(intAt(a, at), intAt(b, at));
    }
  }

  private level(one: EmailSlots, other: EmailSlots, a: number, b: number): number {
    const seen = this.mailboxes.levelSeen(one, other, a, b);
    if (seen !== OPEN) return seen;
    const { records, stride } = this;
    readUser(this.source(a), intAt(records, a * stride + one.at) >>> 0, 0);
    readUser(this.source(b), intAt(records, b * stride + other.at) >>> 0, 1);
    return alike();
  }
}

export const emailComparison = (data: Data): Comparison => new EmailComparison(data);
