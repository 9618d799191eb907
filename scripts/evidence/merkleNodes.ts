import { rootOfPeaks } from './merkle.ts';

/** Leaves from `start` up to and without `end`: a subtree whose root is one hash of a proof. */
type Range = { readonly start: number; readonly end: number };

/** The largest power of two smaller than n, n ≥ 2. */
const split = (n: number): number => {
  let half = 1;
  while (half * 2 < n) half *= 2;
  return half;
};

/** PATH(m, D[n]) of RFC 6962, 2.1.1, as the ranges whose roots it consists of. */
export const inclusionRanges = (index: number, size: number, start = 0): readonly Range[] => {
  if (index < 0 || index >= size) throw new RangeError('no such leaf');
  if (size === 1) return [];
  const k = split(size);
  return index < k
    ? [...inclusionRanges(index, k, start), { start: start + k, end: start + size }]
    : [...inclusionRanges(index - k, size - k, start + k), { start, end: start + k }];
};

const subproof = (older: number, at: Range, whole: boolean): readonly Range[] => {
  const { start, end } = at;
  const size = end - start;
  if (older === size) return whole ? [] : [at];
  const middle = start + split(size);
  return older <= middle - start
    ? [...subproof(older, { start, end: middle }, whole), { start: middle, end }]
    : [...subproof(older - (middle - start), { start: middle, end }, false), { start, end: middle }];
};

/** PROOF(m, D[n]) of RFC 6962, 2.1.2, as ranges. */
export const consistencyRanges = (older: number, size: number): readonly Range[] => {
  if (older < 1 || older > size) throw new RangeError('no such tree');
  return subproof(older, { start: 0, end: size }, true);
};

type Node = { readonly level: number; readonly index: number };

/** The perfect subtrees that a range consists of, largest first; a range of a proof begins where one may begin. */
const perfectNodes = ({ start, end }: Range): readonly Node[] => {
  const nodes: Node[] = [];
  let at = start;
  while (at < end) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1;
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
};

const nameOf = ({ level, index }: Node): string => `${level}/${index}`;

/**
 * Collects while a tree grows just those nodes that the wanted proofs consist of, so that proofs over millions of leaves
 * need one pass and little memory. Hand `formed` to `growTree`.
 */
export const collectNodes = (
  wanted: Iterable<readonly Range[]>,
): {
  readonly formed: (level: number, index: number, hash: Uint8Array) => void;
  /** The proof; RangeError when its nodes were not wanted or not formed. */
  readonly proof: (ranges: readonly Range[]) => readonly Buffer[];
} => {
  const nodes = new Map<string, Uint8Array | undefined>();
  for (const ranges of wanted)
    for (const range of ranges) for (const node of perfectNodes(range)) nodes.set(nameOf(node), undefined);
  const hashOf = (node: Node): Uint8Array => {
    const hash = nodes.get(nameOf(node));
    if (hash === undefined) throw new RangeError('the tree did not grow that far');
    return hash;
  };
  return {
    formed: (level, index, hash) => {
      const name = nameOf({ level, index });
      if (nodes.has(name)) nodes.set(name, hash);
    },
    proof: (ranges) => ranges.map((range) => rootOfPeaks(perfectNodes(range).map(hashOf))),
  };
};

/** Hands the peaks of an earlier tree to `formed`: for proofs of leaves appended since, nothing else of it is needed. */
export const formPeaks = (
  { size, peaks }: { readonly size: number; readonly peaks: readonly Uint8Array[] },
  formed: (level: number, index: number, hash: Uint8Array) => void,
): void => {
  perfectNodes({ start: 0, end: size }).forEach(({ level, index }, i) => {
    const peak = peaks[i];
    if (peak !== undefined) formed(level, index, peak);
  });
};
