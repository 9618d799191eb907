import { emptyRoot, nodeHash } from './merkle.ts';

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every((hash) => hash.length === 32);
const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;

/** Climbs past the levels where a node has no sibling. */
const skipLeft = (path: number, last: number): readonly [number, number] => {
  let [fn, sn] = [path, last];
  while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
  return [fn, sn];
};

/** RFC 9162, 2.1.3.2: does the leaf stand at `index` of the tree of `size` leaves with this root? */
export const verifyInclusion = (
  leaf: { readonly index: number; readonly hash: Uint8Array },
  tree: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean => {
  if (!isSize(leaf.index) || !isSize(tree.size) || leaf.index >= tree.size) return false;
  if (!areHashes([leaf.hash, tree.root, ...proof])) return false;
  let [fn, sn] = [leaf.index, tree.size - 1];
  let hash = leaf.hash;
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      hash = nodeHash(sibling, hash);
      [fn, sn] = skipLeft(fn, sn);
    } else hash = nodeHash(hash, sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equal(hash, tree.root);
};

type Tree = { readonly size: number; readonly root: Uint8Array };

/** Rebuilds both roots from the proof's hashes; undefined when the proof is too long or too short. */
const rebuildRoots = (
  first: Tree,
  second: Tree,
  hashes: readonly Uint8Array[],
): { readonly older: Uint8Array; readonly newer: Uint8Array } | undefined => {
  const [start, ...rest] = hashes;
  if (start === undefined) return undefined;
  let [fn, sn] = [first.size - 1, second.size - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [older, newer] = [start, start];
  for (const sibling of rest) {
    if (sn === 0) return undefined;
    if (isOdd(fn) || fn === sn) {
      [older, newer] = [nodeHash(sibling, older), nodeHash(sibling, newer)];
      [fn, sn] = skipLeft(fn, sn);
    } else newer = nodeHash(newer, sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? { older, newer } : undefined;
};

const isSame = (first: Tree, second: Tree): boolean =>
  equal(first.root, second.root) && (first.size > 0 || equal(first.root, emptyRoot()));

/**
 * RFC 9162, 2.1.4.2: is the first tree the beginning of the second? An empty tree is the beginning of every tree, which
 * proves nothing: only two empty trees are consistent.
 */
export const verifyConsistency = (first: Tree, second: Tree, proof: readonly Uint8Array[]): boolean => {
  if (!isSize(first.size) || !isSize(second.size) || first.size > second.size) return false;
  if (first.size === second.size) return proof.length === 0 && isSame(first, second);
  if (first.size === 0 || proof.length === 0) return false;
  const isPowerOfTwo = Number.isInteger(Math.log2(first.size));
  const roots = rebuildRoots(first, second, isPowerOfTwo ? [first.root, ...proof] : proof);
  return roots !== undefined && equal(roots.older, first.root) && equal(roots.newer, second.root);
};
