import { hash } from 'node:crypto';

/** Merkle trees of RFC 6962, section 2.1 (https://www.rfc-editor.org/rfc/rfc6962#section-2.1); hashes are 32 bytes. */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

const sha256 = (parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');

export const leafHash = (entry: string | Uint8Array): Buffer =>
  sha256([LEAF, typeof entry === 'string' ? Buffer.from(entry) : entry]);

export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256([NODE, left, right]);

/** The root of a tree without leaves. */
export const emptyRoot = (): Buffer => sha256([]);

/** A tree that only grows and keeps one hash per set bit of its size: a million leaves need twenty. */
export type GrowingTree = {
  readonly size: () => number;
  append(hash: Uint8Array): void;
  root(): Buffer;
  /** Roots of the perfect subtrees, largest first; with the size they restore the tree. */
  peaks(): readonly Uint8Array[];
};

const peakCount = (size: number): number => size.toString(2).replaceAll('0', '').length;

/** The root over the perfect subtrees, largest first. */
export const rootOfPeaks = (peaks: readonly Uint8Array[]): Buffer =>
  peaks.length === 0
    ? emptyRoot()
    : Buffer.from(peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), peaks.at(-1) ?? emptyRoot()));

/** A tree to append to, empty or restored from the peaks of a checkpoint. */
export const growTree = (from?: { readonly size: number; readonly peaks: readonly Uint8Array[] }): GrowingTree => {
  let size = from?.size ?? 0;
  const peaks: Uint8Array[] = [...(from?.peaks ?? [])];
  if (peaks.length !== peakCount(size)) throw new RangeError('these peaks do not belong to a tree of this size');
  return {
    size: () => size,
    append: (hash) => {
      let node = hash;
      for (let level = size; level % 2 === 1; level = Math.floor(level / 2)) {
        node = nodeHash(peaks.pop() ?? emptyRoot(), node);
      }
      peaks.push(node);
      size += 1;
    },
    root: () => rootOfPeaks(peaks),
    peaks: () => [...peaks],
  };
};

/** The largest power of two smaller than n, n ≥ 2. */
const split = (n: number): number => 2 ** (Math.ceil(Math.log2(n)) - 1);

export const rootOf = (hashes: readonly Uint8Array[]): Buffer => {
  const tree = growTree();
  for (const hash of hashes) tree.append(hash);
  return tree.root();
};

/** PATH(m, D[n]): from the leaf's sibling up to the root's child. */
export const inclusionProof = (hashes: readonly Uint8Array[], index: number): readonly Uint8Array[] => {
  if (index < 0 || index >= hashes.length) throw new RangeError('no such leaf');
  if (hashes.length === 1) return [];
  const k = split(hashes.length);
  return index < k
    ? [...inclusionProof(hashes.slice(0, k), index), rootOf(hashes.slice(k))]
    : [...inclusionProof(hashes.slice(k), index - k), rootOf(hashes.slice(0, k))];
};

const subproof = (hashes: readonly Uint8Array[], size: number, whole: boolean): readonly Uint8Array[] => {
  if (size === hashes.length) return whole ? [] : [rootOf(hashes)];
  const k = split(hashes.length);
  return size <= k
    ? [...subproof(hashes.slice(0, k), size, whole), rootOf(hashes.slice(k))]
    : [...subproof(hashes.slice(k), size - k, false), rootOf(hashes.slice(0, k))];
};

/** PROOF(m, D[n]): that the tree of the first `size` leaves is the beginning of this one. */
export const consistencyProof = (hashes: readonly Uint8Array[], size: number): readonly Uint8Array[] => {
  if (size < 0 || size > hashes.length) throw new RangeError('no such tree');
  return size === 0 ? [] : subproof(hashes, size, true);
};
