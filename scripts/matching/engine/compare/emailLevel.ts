import { EMAIL } from '../contract.ts';
import { byteAt, intAt } from '../kernels/at.ts';
import { oneEditAway } from '../kernels/editDistance.ts';
import { bitsIn, jaroWinkler, type Texts } from '../kernels/jaroWinkler.ts';
import { foldInto, makeScratch } from '../text/fold.ts';
import type { Comparison, Data, PairBatch } from './contract.ts';

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

/** Reads the user of the address at `at` again, from the row's own bytes; dots are left out. */
const readUser = (source: Source, at: number, side: 0 | 1): void => {
  const now = held[side];
  if (now === undefined || (now.source === source && now.at === at)) return;
  now.source = source;
  now.at = at;
  let end = at;
  const limit = Math.min(source.end, at + LONGEST);
  while (end < limit && source.bytes[end] !== AT) end += 1;
  foldInto(scratch, source.bytes, at, end);
  const base = intAt(two.at, side);
  let length = 0;
  for (let i = 0; i < scratch.length && length < LONGEST; i += 1) {
    const byte = byteAt(scratch.bytes, i);
    if (byte === PLUS && i > 0) break;
    if (byte !== DOT) two.bytes[base + length++] = byte;
  }
  two.length[side] = length;
};

type EmailColumns = {
  readonly whole: Int32Array;
  readonly user: Int32Array;
  readonly at: Int32Array;
  readonly letters: Int32Array;
  readonly head: Int32Array;
};

const LETTERS = 0x7ffffff;
const LENGTH_BITS = 27;
const PREFIX_BONUS = 0.1;
const ALL_LENGTHS = 31;

/** False when the letters that occur, the lengths and the first four bytes rule out users that are alike. Lossless. */
const mayBeAlike = (one: EmailColumns, other: EmailColumns, a: number, b: number): boolean => {
  const left = one.letters[a] ?? 0;
  const right = other.letters[b] ?? 0;
  const la = left >>> LENGTH_BITS;
  const lb = right >>> LENGTH_BITS;
  if (la === ALL_LENGTHS || lb === ALL_LENGTHS) return true;
  const matches = Math.min(la - bitsIn(left & ~right & LETTERS), lb - bitsIn(right & ~left & LETTERS));
  if (matches <= 0) return false;
  const jaro = (matches / la + matches / lb + 1) / 3;
  const prefix = Math.clz32((one.head[a] ?? 0) ^ (other.head[b] ?? 0)) >>> 3;
  return jaro + prefix * PREFIX_BONUS * (1 - jaro) >= SIMILAR_USER;
};

const NONE = new Int32Array(0);

const alike = (): number => {
  if (jaroWinkler(two, 0, 1) < SIMILAR_USER) return EMAIL.different;
  return oneEditAway(two, 0, 1) ? EMAIL.close : EMAIL.similar;
};

/** Addresses: the whole, the user, then the user's letters read from the table again. */
class EmailComparison implements Comparison {
  private readonly columns: readonly EmailColumns[];
  private readonly source: (row: number) => Source;

  constructor(columns: readonly EmailColumns[], source: (row: number) => Source) {
    this.columns = columns;
    this.source = source;
  }

  of(a: number, b: number): number {
    const { columns } = this;
    let best = 0;
    for (const one of columns) for (const other of columns) best = Math.max(best, this.level(one, other, a, b));
    return best;
  }

  fill({ a, b, alive, count }: PairBatch, out: Uint8Array): void {
    for (let i = 0; i < count; i += 1) {
      const at = alive[i] ?? 0;
      out[at] = this.of(a[at] ?? 0, b[at] ?? 0);
    }
  }

  private level(one: EmailColumns, other: EmailColumns, a: number, b: number): number {
    const left = one.whole[a] ?? 0;
    const right = other.whole[b] ?? 0;
    if (left === 0 || right === 0) return EMAIL.missing;
    if (left === right) return EMAIL.exact;
    if (one.user[a] === other.user[b]) return EMAIL.user;
    if (!mayBeAlike(one, other, a, b)) return EMAIL.different;
    readUser(this.source(a), (one.at[a] ?? 0) >>> 0, 0);
    readUser(this.source(b), (other.at[b] ?? 0) >>> 0, 1);
    return alike();
  }
}

export const emailComparison = (data: Data): Comparison => {
  const columns = Array.from({ length: data.plan.width['email'] ?? 0 }, (_, i) => `email${i}`).map(
    (slot): EmailColumns => {
      const [whole, user, at, letters, head] = ['', ':user', ':at', ':letters', ':head'].map(
        (suffix) => data.columns[slot + suffix] ?? NONE,
      ) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
      return { whole, user, at, letters, head };
    },
  );
  return new EmailComparison(columns, sources(data));
};
